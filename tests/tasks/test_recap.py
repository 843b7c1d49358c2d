from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.inference.api import ChatRequest
from bot.tasks.models import Models, News, Part
from bot.tasks.recap import MOST_THREADS, SILENCE, Heard, recap, threads
from tests.conftest import Script

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


async def test_each_point_names_the_message_that_it_comes_from(script: Script) -> None:
    question = replace(heard(8, 1, text="¿Y la calefacción, funciona allí la calefacción?"), name="Ana")
    told = await recap(Models(script, "qwen2.5-coder-1.5b"), [heard(7, text=LONG), question], "es")
    [points] = told.threads
    assert [(point.message, point.name) for point in points] == [(7, ""), (8, "")]
    assert points[0].text.startswith("Lucía ha reservado")
    assert f"Lucía: {LONG}" in script.requests[0].turns[-1].text


async def test_short_threads_are_quoted_and_no_model_is_asked(script: Script) -> None:
    told = await recap(Models(script, "qwen2.5-coder-1.5b"), [heard(7, text="x" * 30 + " yyyyyyy" * 20)], "es")
    [[point]] = told.threads
    assert (point.name, point.message) == ("Lucía", 7)
    assert 150 < len(point.text) <= 161
    assert point.text.endswith(" yyyyyyy…")
    short = await recap(Models(script, "qwen2.5-coder-1.5b"), [heard(7, text="¿Hay\nclase?")], "es")
    assert short.threads[0][0].text == "¿Hay clase?"


async def test_only_the_longest_threads_are_told_in_their_order(script: Script) -> None:
    news: list[News] = []
    messages = [heard(n, 60 * n, text="hola " * (n if n != 3 else 1)) for n in range(1, MOST_THREADS + 4)]
    told = await recap(Models(script, "qwen2.5-coder-1.5b", tell=news.append), messages, "es")
    assert told.left_out == 3
    assert [points[0].message for points in told.threads] == [*range(4, MOST_THREADS + 4)]
    assert news == [Part(number, MOST_THREADS) for number in range(1, MOST_THREADS + 1)]


async def test_nothing_said_is_nothing_told(script: Script) -> None:
    assert (await recap(Models(script, "qwen2.5-coder-1.5b"), [], "es")).threads == ()
