"""Answers come from the passages, with the sentence that says so; all else is refused."""

from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadInput
from bot.inference.api import ChatRequest, ModelState, Reading, ReadRequest, Waiting
from bot.tasks.answer import Answer, Passage, answer
from bot.tasks.followup import may_follow, standalone
from bot.tasks.models import Models
from bot.tasks.reading.evidence import about, closest, roots, sentences
from tests.conftest import Script

TEXT = "El faro se construyó en 1901. Lo encendió Berta Soler. Su luz llega a veinte millas."


def model(*drafts: str, verdict: str = "sí") -> Script:
    """Answer with the drafts in turns, and to each check with the verdict."""
    left = list(drafts)

    def say(request: ChatRequest) -> Sequence[str | Waiting | Exception]:
        return [verdict if request.max_new_tokens < 10 else left.pop(0) if left else "NO LO DICE"]

    return Script(say)


async def asked(script: Script, question: str, *texts: str, language: str = "es") -> Answer:
    passages = [Passage(text) for text in texts or (TEXT,)]
    return await answer(Models(script, "qwen2.5-coder-1.5b"), question, passages, language)


async def test_an_answer_brings_the_sentence_that_says_so() -> None:
    done = await asked(model("Berta Soler."), "¿Quién encendió el faro?", "Hola.", TEXT)
    assert (done.text, done.found) == ("Berta Soler.", True)
    [quote] = done.quotes
    assert (quote.passage, quote.text) == (1, "Lo encendió Berta Soler.")
    assert TEXT[quote.start : quote.end] == quote.text


@pytest.mark.parametrize(
    ("question", "script"),
    [
        ("¿Quién lo pintó?", model("NO LO DICE")),
        ("¿Quién lo pintó?", model("No lo dice.")),
        ("¿Cuándo se construyó?", model("En 1902.")),  # no such number
        ("¿Quién lo encendió?", model("Clara Ruiz.")),  # no such name
        ("¿Quién lo pintó?", model("Berta Soler.", verdict="no")),  # the sentence says something else
        ("¿Qué hizo Clara Ruiz?", model("Encendió el faro.")),  # the text knows nobody of that name
        ("¿Qué pasó en 1950?", model("Lo encendió Berta Soler.")),
        ("   ", model("Berta Soler.")),
    ],
)
async def test_what_the_passages_do_not_say_is_refused(question: str, script: Script) -> None:
    assert await asked(script, question) == Answer("El texto no lo dice.", found=False)


async def test_what_the_question_names_is_looked_for_where_it_is_named() -> None:
    seen = model("Encendió el faro.")
    pages = [
        Passage("El faro lo encendió Berta Soler. Tiene tres pasos.", "Costa", 3),
        Passage("Hay tres pasos.", "Costa", 5),
    ]
    more = Passage("El faro es alto.", "Costa", 3)
    done = await answer(
        Models(seen, "qwen2.5-coder-1.5b"), "¿Qué hizo Berta Soler?", [pages[1], *pages[:1], more], "es"
    )
    shown = seen.requests[0].turns[-1].text
    assert ("Hay tres pasos" in shown, "Tiene tres pasos" in shown, "El faro es alto" in shown) == (False, True, True)
    assert [quote.passage for quote in done.quotes] == [1]


async def test_no_passages_no_model_is_asked() -> None:
    script = model("Berta Soler.")
    assert not (await asked(script, "¿Quién?", "", "  \n")).found
    assert script.requests == []


async def test_second_thoughts_must_be_confirmed_each_time() -> None:
    assert (await asked(model("NO LO DICE", "Berta Soler."), "¿Quién lo encendió?")).text == "Berta Soler."
    script = model("NO LO DICE", "Berta Soler.")
    say = script.answer
    script.answer = lambda request: ["no"] if (request.max_new_tokens, request.seed) == (3, 3) else say(request)
    assert not (await asked(script, "¿Quién lo encendió?")).found


@pytest.mark.parametrize(
    ("again", "found"), [("Lo encendió Berta Soler.", True), ("Una luz.", False), ("NO LO DICE", False)]
)
async def test_what_is_confirmed_only_at_times_must_be_found_again(again: str, found: bool) -> None:
    script = model("Berta Soler.", again)
    say = script.answer
    script.answer = lambda request: ["no"] if (request.max_new_tokens, request.seed) == (3, 3) else say(request)
    assert (await asked(script, "¿Quién lo encendió?")).found is found
    # The sentence and its neighbours.
    assert script.requests[-1].turns[-1].text.startswith(TEXT)


async def test_another_form_of_a_name_is_no_stranger() -> None:
    done = await asked(model("La 218."), "¿Qué versión arregla Android?", "La 218 arregla los Androids viejos.")
    assert done.found


async def test_numbers_may_be_written_either_way() -> None:
    assert (await asked(model("20 millas."), "¿Hasta dónde llega su luz?")).found


async def test_the_reader_is_asked_where_there_is_one() -> None:
    class Reader(Script):
        readings: tuple[Reading, ...] = (Reading("", 0, 0, 0.9), Reading("Berta Soler", 42, 53, 0.8))

        def states(self) -> list[ModelState]:
            return [*super().states(), ModelState("xlm-r", "installed", "reader", tasks=("answer",), languages=("es",))]

        async def read(self, request: ReadRequest) -> list[Reading]:
            return list(self.readings)

    script = Reader()
    done = await asked(script, "¿Quién?", "Hola.", TEXT)
    assert (done.text, done.quotes[0].passage, script.requests) == ("Berta Soler", 1, [])
    script.readings = (Reading("", 0, 0, 0.9), Reading("Berta Soler", 42, 53, 0.01))
    assert not (await asked(script, "¿Quién?", "Hola.", TEXT)).found


async def test_overlong_questions_are_refused() -> None:
    with pytest.raises(BadInput, match="answer-question-too-long"):
        await asked(model(), "¿Quién? " * 500)


async def test_of_long_passages_what_the_question_is_about_is_read() -> None:
    script = model("Berta Soler.")
    filler = [f"El campo número {number} está en barbecho desde hace tiempo." for number in range(400)]
    done = await asked(script, "¿Quién encendió el faro?", "\n".join([*filler, TEXT, *filler]))
    assert done.quotes[0].text == "Lo encendió Berta Soler."
    assert len(script.requests[0].turns[-1].text) < 7000


@given(st.lists(st.text(max_size=200), max_size=5))
def test_sentences_stand_where_they_say_and_nothing_is_lost(passages: list[str]) -> None:
    found = sentences(passages)
    for sentence in found:
        assert passages[sentence.passage][sentence.start : sentence.end] == sentence.text
        assert sentence.text.strip()
    for number, passage in enumerate(passages):
        kept = "".join(sentence.text for sentence in found if sentence.passage == number)
        letters: Callable[[str], str] = lambda text: "".join(filter(str.isalnum, text))  # noqa: E731
        assert letters(kept) == letters(passage)


@given(st.lists(st.text(max_size=300), min_size=1, max_size=5), st.text(max_size=50), st.integers(0, 500))
def test_what_is_about_a_question_is_in_order(passages: list[str], question: str, most: int) -> None:
    kept = about(passages, question, most)
    assert kept == sorted(kept, key=lambda sentence: (sentence.passage, sentence.start))
    assert bool(kept) == any(passage.strip() for passage in passages)


def test_the_answers_words_count_more_than_the_questions() -> None:
    found = sentences(["El tesorero habla del tesorero. Julián se muda a Cáceres ya. Nada más que decir."])
    assert closest(found, "¿por qué se va el tesorero?", "Se muda a Cáceres").text.startswith("Julián")


def test_roots() -> None:
    assert roots("Canción") == roots("canciones")
    assert roots("veinte") == roots("20")


async def test_a_follow_up_is_asked_in_full() -> None:
    script = Script(lambda _: ["How deep is the lake?"])
    models = Models(script, "qwen2.5-coder-1.5b")
    assert await standalone(models, "¿y en inglés?", ("¿Cómo es de hondo?", "38\nmetros."), "es") == (
        "How deep is the lake?"
    )
    assert "38 metros." in script.requests[0].turns[-1].text
    script.answer = lambda _: ["Una\ncosa"]
    assert await standalone(models, "¿y?", ("a", "b"), "es") == "¿y?"


@pytest.mark.parametrize(("question", "may"), [("¿y en inglés?", True), ("una " * 9, False)])
def test_long_questions_stand_for_themselves(question: str, may: bool) -> None:
    assert may_follow(question) is may
