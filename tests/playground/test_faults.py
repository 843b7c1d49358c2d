"""Faults that were asked for, as a real client meets them over a socket."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from telegram import Bot, InputMediaPhoto
from telegram.error import Conflict, NetworkError, RetryAfter, TelegramError, TimedOut
from telegram.request import HTTPXRequest

from bot.playground.server import running
from bot.playground.world import CHANNEL_ID, PLAYGROUND_TOKEN, World

from .asked import until
from .conftest import say
from .pictures import PNG


@pytest.fixture
async def people(address: str) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=address) as people:
        await say(people, 1001, 1001, "hola")
        yield people


@pytest.fixture
async def bot(address: str, people: httpx.AsyncClient) -> AsyncIterator[Bot]:
    requests = [HTTPXRequest(read_timeout=1) for _ in range(2)]
    async with Bot(
        PLAYGROUND_TOKEN, base_url=f"{address}/bot", request=requests[0], get_updates_request=requests[1]
    ) as bot:
        yield bot


async def ask_for(people: httpx.AsyncClient, **fault: object) -> None:
    answer = await people.post("/api/faults", json=fault)
    assert answer.status_code == 201, answer.text


def said(world: World) -> list[str]:
    return [message["text"] for message in world.chats[1001].messages.values()]


async def test_flood_control(bot: Bot, people: httpx.AsyncClient, world: World) -> None:
    await ask_for(people, method="sendMessage", fault=429, times=1, retry_after=7)
    with pytest.raises(RetryAfter) as caught:
        await bot.send_message(1001, "uno")
    assert caught.value._retry_after.total_seconds() == 7
    await bot.send_message(1001, "dos")
    assert said(world) == ["hola", "dos"]


async def test_server_errors(bot: Bot, people: httpx.AsyncClient, world: World) -> None:
    await ask_for(people, method="SENDMESSAGE", fault="500", times=2)
    for _ in range(2):
        with pytest.raises(NetworkError, match="Internal Server Error"):
            await bot.send_message(1001, "uno")
    await bot.send_message(1001, "dos")
    assert said(world) == ["hola", "dos"]


async def test_another_poller(bot: Bot, people: httpx.AsyncClient) -> None:
    await ask_for(people, method="getUpdates", fault=409, times=1)
    with pytest.raises(Conflict, match="terminated by other getUpdates request; make sure that only one bot instance"):
        await bot.get_updates()
    assert len(await bot.get_updates()) == 1


async def test_an_answer_that_never_comes(bot: Bot, people: httpx.AsyncClient, world: World) -> None:
    await ask_for(people, method="sendMessage", fault="timeout_after_delivery", times=1)
    with pytest.raises(TimedOut):
        await bot.send_message(1001, "uno")
    assert said(world) == ["hola", "uno"]
    await bot.send_message(1001, "dos")
    assert said(world) == ["hola", "uno", "dos"]


async def test_a_line_that_is_cut(bot: Bot, people: httpx.AsyncClient, world: World) -> None:
    await ask_for(people, method="sendMessage", fault="drop", times=1)
    with pytest.raises(NetworkError, match=r"RemoteProtocolError|ReadError") as caught:
        await bot.send_message(1001, "uno")
    assert not isinstance(caught.value, TimedOut)
    assert said(world) == ["hola"]
    await bot.send_message(1001, "dos")
    assert said(world) == ["hola", "dos"]


async def test_a_cut_line_carries_no_byte(address: str, people: httpx.AsyncClient) -> None:
    await ask_for(people, method="*", fault="drop", times=1)
    host, port = address.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    body = b"x" * 300_000
    head = f"POST /bot{PLAYGROUND_TOKEN}/sendDocument HTTP/1.1\r\nHost: {host}\r\nContent-Length: {len(body)}\r\n\r\n"
    writer.write(head.encode() + body)
    received = b""
    with contextlib.suppress(ConnectionResetError):  # either way the line has ended
        received = await reader.read()
    assert received == b""
    writer.close()


async def test_a_held_answer_does_not_hold_the_end(world: World) -> None:
    async with httpx.AsyncClient(timeout=60) as client:
        async with running(world) as address:
            await ask_for_at(client, address, method="getMe", fault="timeout_after_delivery")
            held = asyncio.create_task(client.get(f"{address}/bot{PLAYGROUND_TOKEN}/getMe"))
            await until(lambda: not world.faults.pending)
        with pytest.raises(httpx.TransportError):
            await held


async def ask_for_at(client: httpx.AsyncClient, address: str, **fault: object) -> None:
    assert (await client.post(f"{address}/api/faults", json=fault)).status_code == 201


async def test_every_method_and_the_oldest_first(bot: Bot, people: httpx.AsyncClient) -> None:
    await ask_for(people, method="*", fault=500, times=2)
    await ask_for(people, method="getMe", fault=429, times=1)
    assert (await people.get("/api/faults")).json() == [
        {"method": "*", "fault": 500, "times": 2},
        {"method": "getMe", "fault": 429, "times": 1, "retry_after": 1},
    ]
    errors: list[type[TelegramError]] = []
    for _ in range(3):
        try:
            await bot.get_me()
        except TelegramError as error:
            errors.append(type(error))
    assert errors == [NetworkError, NetworkError, RetryAfter]
    assert (await bot.get_me()).id == 7000
    assert (await people.get("/api/faults")).json() == []


async def test_faults_can_be_taken_back(bot: Bot, people: httpx.AsyncClient) -> None:
    await ask_for(people, method="*", fault="drop", times=1000)
    assert (await people.delete("/api/faults")).json() == {}
    assert (await bot.get_me()).id == 7000


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"method": "sendNothing", "fault": 500}, "method"),
        ({"method": ["*"], "fault": 500}, "method"),
        ({"fault": 404}, "fault must be one of 429, 500, 409"),
        ({"fault": True}, "fault"),
        ({}, "fault"),
        ({"fault": 500, "times": 0}, "times"),
        ({"fault": 500, "times": 1001}, "times"),
        ({"fault": 500, "times": True}, "times"),
        ({"fault": 500, "times": "2"}, "times"),
        ({"fault": 429, "retry_after": -1}, "retry_after"),
        ({"fault": 429, "retry_after": 1.5}, "retry_after"),
    ],
)
async def test_wrong_faults_are_refused(people: httpx.AsyncClient, fault: dict[str, Any], words: str) -> None:
    answer = await people.post("/api/faults", json=fault)
    assert answer.status_code == 400
    assert words in answer.json()["error"]


async def test_faults_are_bounded(people: httpx.AsyncClient) -> None:
    for _ in range(100):
        await ask_for(people, fault=500)
    assert (await people.post("/api/faults", json={"fault": 500})).status_code == 409


async def test_settings_show_and_change(people: httpx.AsyncClient, world: World) -> None:
    shown = (await people.get("/api/settings")).json()
    assert shown == {
        "privacy_mode": True,
        "flood_limits": False,
        "id": 7000,
        "first_name": "Tertulia",
        "username": "tertulia_bot",
    }
    changed = (await people.patch("/api/settings", json={"privacy_mode": False, "flood_limits": True})).json()
    assert changed == {**shown, "privacy_mode": False, "flood_limits": True}
    assert (world.privacy_mode, world.floods.on) == (False, True)
    assert (await people.patch("/api/settings", json={"flood_limits": "no"})).status_code == 400


async def test_flood_limits_as_a_client_meets_them(bot: Bot, people: httpx.AsyncClient, world: World) -> None:
    world.floods.switch(on=True)
    world.floods.clock = lambda: 1000.0
    for number in range(5):
        await bot.send_message(1001, str(number))
    with pytest.raises(RetryAfter) as caught:
        await bot.send_message(1001, "too fast")
    assert caught.value._retry_after.total_seconds() == 5
    assert said(world)[-1] == "4"
    with pytest.raises(RetryAfter):
        await bot.edit_message_text("too fast", 1001, max(world.chats[1001].messages))
    await bot.send_chat_action(1001, "typing")
    await bot.send_message_draft(1001, 1, "drafts go on")
    raw = await people.post(f"/bot{PLAYGROUND_TOKEN}/sendMessage", json={"chat_id": 1001, "text": "x"})
    assert raw.status_code == 429
    seconds = raw.json()["parameters"]["retry_after"]
    assert raw.json()["description"] == f"Too Many Requests: retry after {seconds}"


async def test_albums_and_copies_count_each_message(bot: Bot, world: World) -> None:
    first = await bot.send_message(1001, "uno")
    second = await bot.send_message(1001, "dos")
    world.floods.switch(on=True)
    world.floods.clock = lambda: 1000.0
    await bot.send_media_group(1001, [InputMediaPhoto(PNG), InputMediaPhoto(PNG), InputMediaPhoto(PNG)])
    with pytest.raises(RetryAfter):
        await bot.send_media_group(1001, [InputMediaPhoto(PNG)] * 3)
    ids = [first.message_id, second.message_id]
    assert len(await bot.copy_messages(1001, 1001, ids)) == 2
    with pytest.raises(RetryAfter):
        await bot.forward_message(1001, 1001, first.message_id)
    assert len(world.chats[1001].messages) == 3 + 3 + 2


async def test_a_chat_is_the_same_by_its_name(bot: Bot, world: World) -> None:
    world.floods.switch(on=True)
    world.floods.clock = lambda: 1000.0
    for _ in range(2):
        await bot.send_message("@tertulia_novedades", "hola")
        await bot.send_message(CHANNEL_ID, "hola")
    await bot.send_message(CHANNEL_ID, "hola")
    with pytest.raises(RetryAfter):
        await bot.send_message("@Tertulia_Novedades", "hola")


async def test_refused_and_wrong_calls_do_not_count(bot: Bot, people: httpx.AsyncClient, world: World) -> None:
    world.floods.switch(on=True)
    world.floods.clock = lambda: 1000.0
    for _ in range(9):
        with pytest.raises(TelegramError, match="empty"):
            await bot.send_message(1001, "")
    for number in range(5):
        await bot.send_message(1001, str(number))
