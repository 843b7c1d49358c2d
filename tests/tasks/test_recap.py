from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.inference.api import ChatRequest
from bot.tasks.models import Models, News, Part
from bot.tasks.recap import MOST_THREADS, decisive, recap
from bot.tasks.threads import SILENCE, Heard, threads
from tests.conftest import Script

CHAT = "qwen2.5-coder-1.5b"
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
LONG = (
    "He reservado el aula 12 para el jueves a las siete porque la de siempre la están pintando y huele muchísimo, "
    "así que traed abrigo, que allí no funciona la calefacción, y avisad a Ben, que no lee los mensajes del grupo."
)


def heard(number: int, minutes: float = 0, reply_to: int | None = None, topic: int = 0, text: str = "hola") -> Heard:
    return Heard(number, topic, "Lucía", text, reply_to, NOON + timedelta(minutes=minutes))


def ids(messages: list[Heard]) -> list[list[int]]:
    return [[message.id for message in thread] for thread in threads(messages)]


def test_what_follows_without_silence_is_one_thread() -> None:
    late = SILENCE / timedelta(minutes=1) + 4
    assert ids([heard(1), heard(2, 5), heard(3, 5 + late)]) == [[1, 2], [3]]


def test_a_reply_belongs_to_its_thread_however_late() -> None:
    assert ids([heard(1), heard(2, 100), heard(3, 200, reply_to=1), heard(4, 201)]) == [[1, 3, 4], [2]]


def test_a_reply_to_what_is_unknown_goes_by_time() -> None:
    assert ids([heard(1), heard(2, 1, reply_to=77)]) == [[1, 2]]


def test_topics_do_not_mix() -> None:
    assert ids([heard(1, topic=5), heard(2, 1, topic=6), heard(3, 2, topic=5)]) == [[1, 3], [2]]


CLUB = (
    ("Lucía", "¿Nos vemos el viernes para el club?"),
    ("Ben", "Por mí bien, ¿a qué hora?"),
    ("Lucía", "A las 6 me va bien"),
    ("Inés", "¿Y dónde? El bar de siempre cierra"),
    ("Ben", "Podríamos ir al café Olmo, hay sitio"),
    ("Lucía", "Vale, quedamos el viernes a las 6 en el café Olmo"),
    ("Inés", "Yo llevo los libros"),
    ("Ben", "{}mañana hay mantenimiento del servidor entre las 8 y las 10"),
    ("Inés", "¿Se podrá entrar a la wiki?"),
    ("Ben", "No, la wiki estará caída mientras dure el mantenimiento"),
    ("Inés", "Ok, aviso a Kofi"),
    ("Lucía", "Genial, hasta el viernes"),
)


def club(opener: str) -> list[Heard]:
    lines = enumerate(CLUB, 1)
    return [replace(heard(n, n, text=text.format(opener)), name=name) for n, (name, text) in lines]


@pytest.mark.parametrize("opener", ["Otra cosa: ", "Por cierto, ", ""])
def test_a_new_subject_is_a_thread_of_its_own_and_who_goes_on_with_the_old_one_is_in_that(opener: str) -> None:
    assert ids(club(opener)) == [[1, 2, 3, 4, 5, 6, 7, 12], [8, 9, 10, 11]]


@pytest.mark.parametrize(
    "text", ["By the way, lunch?", "btw lunch?", "Changing topic: lunch", "Cambiando de tema, ¿comemos?"]
)
def test_who_says_that_the_subject_changes_is_believed(text: str) -> None:
    assert ids([heard(1, text="The bridge will close on Monday"), heard(2, 1, text=text)]) == [[1], [2]]
    assert ids([heard(1), heard(2, 1, reply_to=1, text=text)]) == [[1, 2]]


async def test_a_conversation_is_told_by_its_messages_that_decide(script: Script) -> None:
    told = await recap(Models(script, CHAT), club("Otra cosa: "), "es")
    assert [[(point.name, point.message) for point in points] for points in told.threads] == [
        [("Lucía", 1), ("Lucía", 3), ("Lucía", 6)],
        [("Ben", 8), ("Ben", 10)],
    ]
    assert script.requests == []
    said = {text.format("Otra cosa: ") for _, text in CLUB}
    assert {point.text for points in told.threads for point in points} <= said


def test_of_one_message_there_is_one() -> None:
    assert decisive([heard(1)]) == [heard(1)]


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 12), st.integers(0, 2)), max_size=25))
def test_each_message_is_in_one_thread_in_order(made: list[tuple[int, int, int]]) -> None:
    moments = sorted(minutes * 3 for minutes, _, _ in made)
    messages = [heard(n, m, r, t) for n, (m, (_, r, t)) in enumerate(zip(moments, made, strict=True), 1)]
    found = threads(messages)
    assert sorted(message.id for thread in found for message in thread) == [message.id for message in messages]
    assert all(thread == sorted(thread, key=lambda message: message.id) for thread in found)


@pytest.fixture
def script() -> Script:
    def answer(request: ChatRequest) -> list[str]:
        # The aula is Lucía's message, the calefacción Ana's.
        return ["Lucía ha reservado el aula 12 para el jueves a las siete. Ana pregunta por la calefacción del aula."]

    return Script(answer)


def long_thread(start: int = 1, minutes: float = 0) -> list[Heard]:
    return [heard(start + n, minutes + n, text=LONG) for n in range(8)]


async def test_each_point_of_a_long_thread_names_the_message_that_it_comes_from(script: Script) -> None:
    question = replace(
        heard(20, 9, text="¿Y la calefacción, funciona allí la calefacción? Pregunta del aula."), name="Ana"
    )
    told = await recap(Models(script, CHAT), [*long_thread(), question], "es")
    [points] = told.threads
    assert [(point.message, point.name) for point in points] == [(1, ""), (20, "")]
    assert points[0].text.startswith("Lucía ha reservado")
    assert f"Lucía: {LONG}" in script.requests[0].turns[-1].text


async def test_a_sentence_with_words_that_nobody_said_gives_way_to_the_message() -> None:
    script = Script(lambda _: ["Lucía ha reservado el aula 12 para el jueves y conducirá hasta el teatro municipal."])
    told = await recap(Models(script, CHAT), long_thread(), "es")
    [[point]] = told.threads
    assert (point.name, point.message) == ("Lucía", 1)
    assert point.text.startswith(LONG[:100])


async def test_parts_are_told_only_where_there_are_several(script: Script) -> None:
    news: list[News] = []
    models = Models(script, CHAT, tell=news.append)
    await recap(models, [*long_thread(), heard(50, 600)], "es")
    assert news == []
    await recap(models, [*long_thread(), *long_thread(20, 600), *long_thread(40, 1200)], "es")
    assert news == [Part(number, 3) for number in (1, 2, 3)]


async def test_short_threads_are_quoted_and_no_model_is_asked(script: Script) -> None:
    told = await recap(Models(script, CHAT), [heard(7, text="x" * 30 + " yyyyyyy" * 20)], "es")
    [[point]] = told.threads
    assert (point.name, point.message) == ("Lucía", 7)
    assert 150 < len(point.text) <= 161
    assert point.text.endswith(" yyyyyyy…")
    short = await recap(Models(script, CHAT), [heard(7, text="¿Hay\nclase?")], "es")
    assert short.threads[0][0].text == "¿Hay clase?"


async def test_only_the_longest_threads_are_told_in_their_order(script: Script) -> None:
    messages = [heard(n, 60 * n, text="hola " * (n if n != 3 else 1)) for n in range(1, MOST_THREADS + 4)]
    told = await recap(Models(script, CHAT), messages, "es")
    assert told.left_out == 3
    assert [points[0].message for points in told.threads] == [*range(4, MOST_THREADS + 4)]


async def test_nothing_said_is_nothing_told(script: Script) -> None:
    assert (await recap(Models(script, CHAT), [], "es")).threads == ()
