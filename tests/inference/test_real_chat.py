"""The starter chat model on its real weights, through the manager."""

import asyncio
import itertools
from contextlib import aclosing

import pytest

from bot.inference.api import ChatRequest, Done, Event, Piece, Turn, Waiting
from bot.inference.manager import Manager
from tests.inference.conftest import REAL_CHAT

pytestmark = [pytest.mark.weights, pytest.mark.asyncio(loop_scope="session")]


def ask(text: str, tokens: int = 32) -> ChatRequest:
    return ChatRequest(REAL_CHAT, (Turn("user", text),), max_new_tokens=tokens, temperature=0)


async def listen(manager: Manager, request: ChatRequest) -> list[Event]:
    async with aclosing(manager.stream(request)) as events:
        return [event async for event in events]


def text_of(events: list[Event]) -> str:
    return "".join(event.text for event in events if isinstance(event, Piece))


async def test_a_spanish_question_gets_a_spanish_answer(real_manager: Manager) -> None:
    events = await listen(real_manager, ask("¿Cuál es la capital de Francia? Responde con una frase."))
    answer = events[-1]
    assert isinstance(answer, Done)
    assert "París" in answer.text
    assert "capital de Francia" in answer.text
    assert (answer.finish, answer.text) == ("stop", text_of(events))


async def test_characters_of_several_tokens_arrive_whole(real_manager: Manager) -> None:
    events = await listen(real_manager, ask("Repite exactamente este texto: El ñandú pequeño 🦤 comió 👩‍🔬 piñas."))
    assert isinstance(events[-1], Done)
    assert events[-1].text == text_of(events)
    assert "ñandú" in events[-1].text
    assert "🦤" in events[-1].text
    assert not any("�" in event.text for event in events if isinstance(event, Piece))


async def test_eight_people_are_answered_together(real_manager: Manager) -> None:
    heard: list[tuple[int, Event]] = []

    async def person(number: int) -> None:
        request = ask(f"Cuenta una historia larga sobre {number} gatos en Lima.", 24)
        async with aclosing(real_manager.stream(request)) as events:
            async for event in events:
                heard.append((number, event))  # noqa: PERF401 - in the order in which all of them hear

    await asyncio.gather(*(person(number) for number in range(2, 10)))
    ends = [place for place, (_, event) in enumerate(heard) if isinstance(event, Done)]
    assert len(ends) == 8
    began = {number for number, event in heard[: ends[0]] if isinstance(event, Piece)}
    assert began == set(range(2, 10))
    speakers = [number for number, event in heard if isinstance(event, Piece)]
    turns = sum(a != b for a, b in itertools.pairwise(speakers))
    assert turns > len(speakers) / 2


async def test_cancelling_lets_the_next_one_in(real_manager: Manager) -> None:
    async def first_piece(number: int) -> None:
        async with aclosing(real_manager.stream(ask(f"Cuenta hasta mil desde {number}.", 2000))) as events:
            async for event in events:
                if isinstance(event, Piece):
                    begun.release()

    begun = asyncio.Semaphore(0)
    running = [asyncio.create_task(first_piece(number)) for number in range(8)]
    for _ in running:
        await begun.acquire()
    async with aclosing(real_manager.stream(ask("¿Qué hora es?", 4))) as events:
        assert await anext(events) == Waiting("queued", 0)
        running[0].cancel()
        rest = [event async for event in events]
    for task in running:
        task.cancel()
    await asyncio.wait(running)
    assert isinstance(rest[-1], Done)
    assert rest[-1].text == text_of(rest)
