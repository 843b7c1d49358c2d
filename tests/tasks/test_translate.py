import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import BadInput
from bot.inference.api import ModelState, RewriteRequest
from bot.tasks.models import Models, News, Part
from bot.tasks.translate import MOST, languages, source_of, translate
from bot.tasks.translating import layout, terms
from tests.conftest import PATIENCE, Script
from tests.tasks.test_layout import TEXTS

GLOSSARY = [("attention head", "cabeza de atención"), ("layer", "capa")]
CHAT = "qwen2.5-coder-1.5b"


def saying(answer: Callable[[str], str]) -> Script:
    """A model that answers to the text alone."""
    return Script(lambda request: [answer(request.turns[-1].text)])


async def done(script: Script, text: str, target: str = "en", **more: object) -> str:
    return (await translate(Models(script, CHAT), text, target, **more)).text  # type: ignore[arg-type]


async def test_lines_lists_and_blocks_keep_their_place() -> None:
    text = "Hola:\n\n- uno 🙂\n  - dos\n```\nhola\n```\n> tres"
    assert await done(saying(str.upper), text) == "HOLA:\n\n- UNO 🙂\n  - DOS\n```\nhola\n```\n> TRES"


async def test_source_and_target_are_told() -> None:
    found = await translate(Models(saying(str.upper), CHAT), "Esto está en español", "en")
    assert (found.source, found.target) == ("es", "en")


async def test_a_text_in_the_language_already_stays() -> None:
    script = saying(str.upper)
    assert await done(script, "hello", source="en") == "hello"
    assert script.requests == []


async def test_an_answer_without_the_link_is_not_taken() -> None:
    def careless(text: str) -> str:
        return text.upper().replace("HTTPS://A.EXAMPLE/X", "here")

    assert await done(saying(careless), "mira https://a.example/x, ana") == "MIRA https://a.example/x, ANA"


async def test_an_answer_that_invents_a_name_is_not_taken() -> None:
    assert "@" not in await done(saying(lambda text: f"@ben {text}"), "hola a todos")


async def test_an_answer_that_does_not_end_is_not_taken() -> None:
    script = saying(lambda text: "jajaja")
    script.finish = "length"
    assert await done(script, "qué risa") == "qué risa"


async def test_code_that_telegram_marked_stays() -> None:
    assert await done(saying(str.upper), "Escribe print(x) aquí", code=["print(x)"]) == "ESCRIBE print(x) AQUÍ"


async def test_of_several_answers_the_one_with_the_right_numbers_is_taken() -> None:
    script = Script(lambda request: ["room 7" if request.temperature == 0.6 else "room 8"])
    assert await done(script, "sala 7") == "room 7"


async def test_of_several_good_answers_the_odd_one_is_left_out() -> None:
    answers = iter(["nothing like it", "the big room", "a big room"])
    script = Script(lambda _: [next(answers)])
    assert await done(script, "la sala grande") in ("the big room", "a big room")


async def test_a_term_that_the_model_leaves_out_is_put_in() -> None:
    script = saying(lambda text: text.replace("attention head", "cabezal"))
    written = await done(script, "Each attention head looks.", "es", glossary=GLOSSARY)
    assert written == "Each cabeza de atención looks."


async def test_terms_are_told_to_the_model_only_where_they_occur() -> None:
    script = saying(str.upper)
    await done(script, "Cada capa mira", glossary=GLOSSARY)
    told = [request.turns[0].text for request in script.requests]
    assert all("layer" in text and "attention head" not in text for text in told)


async def test_a_term_in_code_is_no_term() -> None:
    assert await done(saying(lambda text: text), "mira `layer` ya", glossary=GLOSSARY) == "mira `layer` ya"


async def test_the_glossary_is_between_spanish_and_english() -> None:
    class Polyglot(Script):
        def states(self) -> list[ModelState]:
            return [replace(state, languages=("es", "en", "fr")) for state in super().states()]

    script = Polyglot(lambda request: ["bonjour"])
    assert await done(script, "layer", "fr", source="en", glossary=GLOSSARY) == "bonjour"


async def test_parts_of_a_long_text_are_told() -> None:
    told: list[News] = []
    models = Models(saying(str.upper), CHAT, tell=told.append)
    text = "\n".join(f"línea {number}" for number in range(10))
    assert (await translate(models, text, "en")).text == text.upper()
    assert [news for news in told if isinstance(news, Part)] == [Part(1, 3), Part(2, 3), Part(3, 3)]


async def test_a_long_text_is_not_gone_about_in_every_manner() -> None:
    script = saying(str.upper)
    await done(script, "\n".join(["hola a todos"] * 200))
    assert len(script.requests) == 200


async def test_no_more_than_eight_requests_at_once() -> None:
    script = saying(str.upper)
    script.hold_after = 0
    task = asyncio.create_task(done(script, "\n".join(f"hola {number}" for number in range(30))))
    async with asyncio.timeout(PATIENCE):
        while script.running < 8:
            await asyncio.sleep(0)
    script.gate.set()
    await task
    assert script.most == 8


@pytest.mark.parametrize(("text", "target", "key"), [("a" * (MOST + 1), "en", "long"), ("hola", "qu", "such")])
async def test_what_cannot_be_translated_is_said(text: str, target: str, key: str) -> None:
    with pytest.raises(BadInput, match=key):
        await done(saying(str.upper), text, target)


class Headed(Script):
    """With models that were made for translation."""

    def states(self) -> list[ModelState]:
        nllb = ModelState("nllb", "installed", "seq2seq", tasks=("translate",), languages=("es", "en", "fr"))
        opus = ModelState("opus", "installed", "seq2seq", tasks=("translate:es-en",), languages=("es", "en"))
        gone = ModelState("gone", "missing", "seq2seq", tasks=("translate",), languages=("es", "qu"))
        return [*super().states(), gone, nllb, opus]

    async def rewrite(self, request: RewriteRequest) -> list[str]:
        return [f"{request.model}: {text}" for text in request.texts]


@pytest.mark.parametrize(("target", "model"), [("en", "opus"), ("fr", "nllb")])
async def test_a_model_made_for_it_is_used(target: str, model: str) -> None:
    script = Headed()
    models = Models(script, CHAT)
    assert (await translate(models, "- hola\n", target, source="es")).text == f"- {model}: hola\n"
    assert (script.requests, models.used.models) == ([], {model})


def test_the_languages_of_what_is_installed_are_offered() -> None:
    assert languages(Models(Headed(), CHAT)) == ("es", "en", "fr")


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("hola, ¿qué tal?", "es"),
        ("see you tomorrow", "en"),
        ("Bonjour à tous, je voudrais savoir si la réunion de demain aura bien lieu à la bibliothèque.", "fr"),
    ],
)
def test_the_source_is_found_out(text: str, source: str) -> None:
    assert source_of(text, ("es", "en", "fr")) == source
    assert source_of(text, ("es", "en", "fr"), but=source) != source


@dataclass
class Babbler:
    """Words of a model that obeys nobody."""

    words: list[str]
    said: int = 0

    def __call__(self, _: str) -> str:
        self.said += 1
        return self.words[self.said % len(self.words)]


BABBLE = st.lists(TEXTS, min_size=1, max_size=6).map(Babbler)


@given(TEXTS, BABBLE)
@settings(deadline=None)
async def test_whatever_the_model_says_marks_and_line_breaks_stay(text: str, babbler: Babbler) -> None:
    written = await done(saying(babbler), text, source="es")
    assert layout.kept(written) == layout.kept(text)
    assert [char for char in written if char in "\r\n"] == [char for char in text if char in "\r\n"]


@given(st.lists(st.sampled_from(["Attention heads", "layer", "a", "see `layer`", "@ana", "x. "]), max_size=8), BABBLE)
@settings(deadline=None)
async def test_whatever_the_model_says_the_glossary_is_obeyed(words: list[str], babbler: Babbler) -> None:
    text = " ".join(words)
    written = await done(saying(babbler), text, "es", source="en", glossary=GLOSSARY)
    plain = layout.hidden(text, layout.marks())
    assert terms.obeyed(written, terms.find(plain, GLOSSARY, "en", "es"))
