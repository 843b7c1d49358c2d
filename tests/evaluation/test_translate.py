from bot.evaluation import translate
from bot.tasks.models import Models
from tests.conftest import Script

CASE = {
    "id": "1",
    "lang": "en",
    "split": "dev",
    "text": "Each attention head looks at @ana.\nBye 🙂",
    "target": "es",
    "glossary": [["attention head", "cabeza de atención"]],
    "translation": "Cada cabeza de atención mira a @ana.\nAdiós 🙂",
}


def test_a_perfect_translation_has_all_the_points() -> None:
    found = translate.score([CASE], [{"translation": CASE["translation"]}])
    assert found == {"chrF en→es": 1.0, "glossary obeyed en→es": 1.0, "layout kept en→es": 1.0}


def test_what_is_lost_costs_points() -> None:
    found = translate.score([CASE, CASE], [{"translation": "Cada cabezal mira a Ana. Adiós"}, {"error": "x"}])
    assert 0 < found["chrF en→es"] < 0.6
    assert (found["glossary obeyed en→es"], found["layout kept en→es"]) == (0, 0)


async def test_the_bare_model_gets_the_glossary_and_nothing_else() -> None:
    script = Script(lambda _: [" Hola \n"])
    models = Models(script, "qwen2.5-coder-1.5b")
    assert await translate.bare(models, CASE) == {"translation": "Hola"}
    [request] = script.requests
    [turn] = request.turns
    assert turn.text == (
        "Translate into Spanish. Use this glossary:\nattention head = cabeza de atención\n\n" + str(CASE["text"])
    )


async def test_the_task_keeps_what_the_model_loses() -> None:
    models = Models(Script(lambda _: ["Hola"]), "qwen2.5-coder-1.5b")
    found = translate.score([CASE], [await translate.ours(models, CASE)])
    assert (found["glossary obeyed en→es"], found["layout kept en→es"]) == (1, 1)
