"""The whole bot where Telegram limits how fast it may send: previews are dropped, answers arrive whole and once."""

import asyncio
import time

import pytest

from bot.playground.world import World
from tests.conftest import GROUP, LUCIA, Script, Visitor


class Later:
    """A clock that can be set ahead."""

    ahead = 0.0

    def __call__(self) -> float:
        return time.monotonic() + self.ahead


@pytest.fixture
def clock() -> Later:
    return Later()


@pytest.fixture
async def world(clock: Later) -> World:
    world = World(flood_limits=True)
    world.floods.clock = clock
    return world


async def test_answer_in_a_group_that_had_enough_waits_and_is_whole(
    people: Visitor, script: Script, world: World, clock: Later
) -> None:
    world.floods.count(GROUP, group=True, messages=19)
    clock.ahead = 58
    script.answer = lambda _: ["Una ", "respuesta ", "entera."]
    script.hold_after = 2
    await people.say("/generate algo", LUCIA, GROUP)
    first = await people.hear("Una respuesta", GROUP)
    script.gate.set()
    final = await people.hear("Una respuesta entera.", GROUP, kind="edit")
    assert final["message_id"] == first["message_id"]
    own = [message for message in await people.messages(GROUP) if message["from"]["is_bot"]]
    assert [message["text"] for message in own] == ["Una respuesta entera."]
    assert "stop:" not in str(own[0].get("reply_markup"))


async def test_long_answer_arrives_part_by_part(people: Visitor, script: Script) -> None:
    paragraphs = [f"Parte {number}. " + "palabra " * 450 for number in range(7)]
    script.answer = lambda _: ["\n\n".join(paragraphs)]
    await people.say("cuéntamelo todo")
    texts = [(await people.hear())["text"] for _ in range(7)]
    assert [text[:8] for text in texts] == [f"Parte {number}." for number in range(7)]
    assert sum(text.count("palabra") for text in texts) == 7 * 450


async def test_eight_people_at_once_are_all_answered(people: Visitor, script: Script) -> None:
    answers = [await people.http.post("/api/people", json={"first_name": f"P{number}"}) for number in range(8)]
    chats = [int(answer.raise_for_status().json()["id"]) for answer in answers]
    await asyncio.gather(*(people.say(f"soy {chat}", chat) for chat in chats))
    for chat in chats:
        await people.hear("Una respuesta.", chat)
        assert len([message for message in await people.messages(chat) if message["from"]["is_bot"]]) == 1


async def test_two_answers_in_one_group_both_arrive(people: Visitor, script: Script, world: World) -> None:
    script.answer = lambda _: ["palabra "] * 20
    await asyncio.gather(*(people.say("/generate algo", who, GROUP) for who in (1001, 1002)))

    async def own() -> list[str]:
        return [message["text"] for message in await people.messages(GROUP) if message["from"]["is_bot"]]

    await people.until_true(own, lambda texts: [text.count("palabra") for text in texts] == [20, 20])
