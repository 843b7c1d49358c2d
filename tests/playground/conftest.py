"""A fresh world, its server in process, a bot and the people."""

from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.applications import Starlette
from telegram import Bot
from telegram.request import HTTPXRequest

from bot.playground.app import create_app
from bot.playground.server import running
from bot.playground.world import PLAYGROUND_TOKEN, World

from .hook import Hook, running_hook

BASE = "http://127.0.0.1"


@pytest.fixture
def world() -> World:
    return World(flood_limits=False)


@pytest.fixture
async def app(world: World) -> AsyncIterator[Starlette]:
    app = create_app(world)
    yield app
    await app.state.pusher.stop()


@pytest.fixture
async def people(app: Starlette) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=BASE) as client:
        yield client


@pytest.fixture
async def bot(app: Starlette) -> AsyncIterator[Bot]:
    requests = [HTTPXRequest(httpx_kwargs={"transport": httpx.ASGITransport(app=app)}) for _ in range(2)]
    async with Bot(
        PLAYGROUND_TOKEN,
        base_url=f"{BASE}/bot",
        base_file_url=f"{BASE}/file/bot",
        request=requests[0],
        get_updates_request=requests[1],
    ) as bot:
        yield bot


@pytest.fixture
async def address(world: World) -> AsyncIterator[str]:
    """The world's server on a port, for what needs a real line."""
    async with running(world) as address:
        yield address


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    """A bot's own server, which webhooks call."""
    async with running_hook() as hook:
        yield hook


@pytest.fixture
async def started(people: httpx.AsyncClient) -> int:
    """Lucía has written to the bot: returns the id of her message."""
    return await say(people, 1001, 1001, "hola")


async def say(people: httpx.AsyncClient, chat: int, person: int, text: str, reply_to: int | None = None) -> int:
    body = {"from": person, "text": text} | ({"reply_to": reply_to} if reply_to else {})
    answer = await people.post(f"/api/chats/{chat}/messages", json=body)
    assert answer.status_code == 201, answer.text
    return int(answer.json()["message_id"])
