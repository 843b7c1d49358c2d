"""What client libraries do about each fault of POST /api/faults, with sends and with getUpdates."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.playground.world import World
from tests.clients.people import LUCIA, People
from tests.clients.process import LIBRARIES, PATIENCE, ClientBot, missing, running_bot

pytestmark = pytest.mark.clients

KINDS = (429, 500, 409, "timeout_after_delivery", "drop")
# The error that one sendMessage ends with, in the order of KINDS. None of the libraries tries again by itself.
ERRORS = {
    "ptb": ("RetryAfter", "NetworkError", "Conflict", "TimedOut", "NetworkError"),
    "aiogram": (
        "TelegramRetryAfter",
        "TelegramServerError",
        "TelegramConflictError",
        "TelegramNetworkError",
        "TelegramNetworkError",
    ),
    "telebot": (*["ApiTelegramException"] * 3, "ReadTimeout", "ConnectionError"),
    "grammy": (*["GrammyError"] * 3, "HttpError", "HttpError"),
    "telegraf": (*["TelegramError"] * 3, "AbortError", "FetchError"),
}
CASES = [(library, kind, error) for library in LIBRARIES for kind, error in zip(KINDS, ERRORS[library], strict=True)]
# A second poller ends these two; the others go on.
ENDED_BY_CONFLICT = ("grammy", "telegraf")


@pytest.fixture
def world() -> World:
    return World(flood_limits=False)


@pytest.fixture
async def people(address: str, world: World) -> AsyncIterator[People]:
    async with httpx.AsyncClient(base_url=address) as http:
        yield People(http, list(world.chats), world.seq)


async def meets(people: People, method: str, kind: int | str, times: int) -> None:
    """Let the next calls of a method fail."""
    seconds = {"retry_after": 1} if kind == 429 else {}
    await people.post("/api/faults", method=method, fault=kind, times=times, **seconds)


async def one_call(bot: ClientBot, mood: str) -> dict[str, Any]:
    """Let a library send one message, in a hurry or patiently, and return what it says of it."""
    program, script, address, token = bot.command()[:4]
    call = await asyncio.create_subprocess_exec(
        program, script, address, token, str(LUCIA), mood, stdout=asyncio.subprocess.PIPE
    )
    async with asyncio.timeout(PATIENCE):
        said, _ = await call.communicate()
    return dict(json.loads(said))


async def arrived(people: People) -> int:
    """Return how many messages of the bot are in the chat."""
    return len([message for message in await people.messages() if message["from"]["is_bot"]])


@pytest.mark.parametrize(("library", "kind", "error"), CASES)
async def test_a_send_that_fails(
    people: People, world: World, tmp_path: Path, library: str, kind: int | str, error: str
) -> None:
    if why := missing(library):
        pytest.skip(why)
    await people.say("/start")
    await meets(people, "sendMessage", kind, 9)
    told = await one_call(ClientBot(library, str(people.http.base_url).rstrip("/"), world, tmp_path, script="call"), "")
    assert told["error"] == error
    assert [fault["times"] for fault in await people.get("/api/faults")] == [8]
    # The message is there all the same: who sends again after a time-out sends twice.
    assert await arrived(people) == (1 if kind == "timeout_after_delivery" else 0)


@pytest.mark.parametrize("library", ["ptb", "telebot"])
async def test_who_waits_as_told_sends_once(people: People, world: World, tmp_path: Path, library: str) -> None:
    # python-telegram-bot's AIORateLimiter and pyTelegramBotAPI's antiflood wait for retry_after and try again.
    if why := missing(library):
        pytest.skip(why)
    await people.say("/start")
    await meets(people, "sendMessage", 429, 2)
    bot = ClientBot(library, str(people.http.base_url).rstrip("/"), world, tmp_path, script="call")
    assert "sent" in await one_call(bot, "patient")
    assert await people.get("/api/faults") == []
    assert await arrived(people) == 1


@pytest.mark.parametrize("kind", [429, 500, 409, "drop"])
@pytest.mark.parametrize("library", LIBRARIES)
async def test_a_poll_that_fails(
    people: People, address: str, world: World, tmp_path: Path, library: str, kind: int | str
) -> None:
    if why := missing(library):
        pytest.skip(why)
    async with running_bot(ClientBot(library, address, world, tmp_path)) as bot:
        await meets(people, "getUpdates", kind, 1)
        await people.say("/start")  # the poll under way brings it, and the next one fails
        await people.hear("Hello, Lucía.")
        if kind == 409 and library in ENDED_BY_CONFLICT:
            assert bot.process is not None
            async with asyncio.timeout(PATIENCE):
                assert await bot.process.wait() == 1
            assert "409" in bot.log()
            return
        await people.until_true(lambda: people.get("/api/faults"), lambda faults: faults == [])
        await people.say("/start again")
        await people.hear("Hello, Lucía. (again)")
        assert await arrived(people) == 2


@pytest.mark.parametrize("library", LIBRARIES)
async def test_two_pollers(people: People, address: str, world: World, tmp_path: Path, library: str) -> None:
    """A second bot with the same token makes the first one's poll end with Telegram's 409."""
    if why := missing(library):
        pytest.skip(why)
    folders = [tmp_path / name for name in ("first", "second")]
    for folder in folders:
        folder.mkdir()
    async with (
        running_bot(ClientBot(library, address, world, folders[0])),
        running_bot(ClientBot(library, address, world, folders[1])),
    ):
        await people.until_true(lambda: said_conflict(folders), lambda said: said)


async def said_conflict(folders: list[Path]) -> bool:
    """Tell whether one of two bots has written of a conflict."""
    return any("Conflict" in (folder / "log").read_text(encoding="utf-8", errors="replace") for folder in folders)
