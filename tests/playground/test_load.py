"""Many updates at once: each arrives once and in its chat's order, by both ways and over a bad line."""

import asyncio
from collections import defaultdict
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.asgi import serving
from bot.playground.updates import MAX_PENDING, UpdateQueue
from bot.playground.world import PLAYGROUND_TOKEN, World

PEOPLE = (1001, 1002, 1003)
EACH = 200
BOT = f"/bot{PLAYGROUND_TOKEN}"
Numbers = dict[int, list[int]]


async def everybody_writes(address: str) -> None:
    """Let each person write numbers to the bot, all at the same time."""

    async def write(person: int) -> None:
        async with httpx.AsyncClient(base_url=address, timeout=60) as http:
            for number in range(EACH):
                body = {"from": person, "text": str(number)}
                (await http.post(f"/api/chats/{person}/messages", json=body)).raise_for_status()

    await asyncio.gather(*map(write, PEOPLE))


def note(update: dict[str, Any], numbers: Numbers) -> None:
    message = update["message"]
    numbers[message["chat"]["id"]].append(int(message["text"]))


async def fetch_all(address: str) -> Numbers:
    """Fetch updates until all are there, confirming them; what a cut line swallowed is asked for again."""
    numbers: Numbers = defaultdict(list)
    offset = 0
    async with httpx.AsyncClient(base_url=address, timeout=30) as http:
        while sum(map(len, numbers.values())) < EACH * len(PEOPLE):
            try:
                answer = await http.post(f"{BOT}/getUpdates", json={"offset": offset, "timeout": 20, "limit": 17})
            except httpx.TransportError:
                continue
            if answer.is_error:
                continue
            for update in answer.json()["result"]:
                note(update, numbers)
                offset = update["update_id"] + 1
        assert (await http.post(f"{BOT}/getUpdates", json={"offset": offset})).json()["result"] == []
    return numbers


EXPECTED = {person: list(range(EACH)) for person in PEOPLE}


async def test_polling_loses_and_doubles_nothing(address: str) -> None:
    numbers, _ = await asyncio.gather(fetch_all(address), everybody_writes(address))
    assert numbers == EXPECTED


async def test_polling_over_a_bad_line_loses_and_doubles_nothing(address: str, world: World) -> None:
    async with httpx.AsyncClient(base_url=address) as http:
        for fault in ("drop", 500, 429, 409):
            body = {"method": "getUpdates", "fault": fault, "times": 5}
            assert (await http.post("/api/faults", json=body)).status_code == 201
    numbers, _ = await asyncio.gather(fetch_all(address), everybody_writes(address))
    assert numbers == EXPECTED
    assert world.faults.pending == []


@pytest.mark.parametrize("every", [0, 7], ids=["a good line", "each seventh refused"])
async def test_the_webhook_loses_and_doubles_nothing(address: str, world: World, every: int) -> None:
    numbers: Numbers = defaultdict(list)
    calls = 0

    async def take(request: Request) -> Response:
        nonlocal calls
        calls += 1
        if every and calls % every == 0 and calls < 30 * every:  # 30 refusals: each costs its chat a pause
            return Response(status_code=503)
        note(await request.json(), numbers)
        return Response()

    app = Starlette(routes=[Route("/hook", take, methods=["POST"])])
    async with serving(app, "127.0.0.1", 0) as own, httpx.AsyncClient(base_url=address) as http:
        assert (await http.post(f"{BOT}/setWebhook", json={"url": f"{own}/hook"})).is_success
        await everybody_writes(address)
        async with asyncio.timeout(60):
            await until_gone(world)
        assert numbers == EXPECTED
        info = (await http.get(f"{BOT}/getWebhookInfo")).json()["result"]
        assert info["pending_update_count"] == 0
        assert ("last_error_message" in info) is bool(every)


async def until_gone(world: World) -> None:
    while world.updates.pending:
        await asyncio.sleep(0.005)


def test_what_nobody_fetches_is_bounded(caplog: pytest.LogCaptureFixture) -> None:
    queue = UpdateQueue(next_id=1)
    for number in range(MAX_PENDING + 5):
        queue.put("message", {"text": str(number)})
    assert (len(queue.pending), queue.dropped) == (MAX_PENDING, 5)
    assert [record.getMessage() for record in caplog.records] == [
        "The bot does not fetch its updates: the oldest are dropped"
    ]
    assert [queue.has(update_id) for update_id in (5, 6, MAX_PENDING + 5, MAX_PENDING + 6)] == [
        *(False, True, True, False)
    ]


def test_one_update_can_be_taken_from_the_middle() -> None:
    queue = UpdateQueue(next_id=1)
    for number in range(5):
        queue.put("message", {"text": str(number)})
    queue.remove(3)
    queue.remove(3)
    queue.remove(99)
    assert [update["update_id"] for update in queue.pending] == [1, 2, 4, 5]
    assert [update["update_id"] for update in queue.after(2)] == [4, 5]
    assert queue.after(5) == []


async def test_a_world_that_much_happens_in_stays_small(address: str, world: World) -> None:
    async with httpx.AsyncClient(base_url=address) as http:
        for number in range(2100):
            body = {"from": 1001, "text": str(number)}
            assert (await http.post("/api/chats/1001/messages", json=body)).status_code == 201
    chat = world.chats[1001]
    assert len(chat.messages) == len(chat.authors) == len(chat.events) == 2000
    assert next(iter(chat.messages.values()))["text"] == "100"
    assert len(world.updates.pending) == 2100
