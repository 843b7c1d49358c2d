"""Who may reach the playground: this machine alone, or those who know the password."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from telegram import Bot

from bot.errors import StartError
from bot.playground.password import PasswordWall, bot_token
from bot.playground.server import running
from bot.playground.state import load
from bot.playground.world import PLAYGROUND_TOKEN, World

PASSWORD = "contraseña: larga"
ROOT = Path(__file__).parents[2]
RIGHT, WRONG = httpx.BasicAuth("anyone", PASSWORD), httpx.BasicAuth("anyone", "guess")


@pytest.fixture
async def guarded(world: World) -> AsyncIterator[str]:
    """A playground on all addresses, with a password."""
    async with running(world, "0.0.0.0", password=PASSWORD) as address:
        yield address


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "example.org"])
async def test_other_addresses_need_a_password(world: World, host: str) -> None:
    with pytest.raises(StartError, match="TERTULIA_PLAYGROUND_PASSWORD"):
        async with running(world, host):
            pytest.fail("it was served")


async def test_people_need_the_password(guarded: str) -> None:
    assert guarded.startswith("http://127.0.0.1:")
    async with httpx.AsyncClient(base_url=guarded) as client:
        for path in ("/", "/page/app.js", "/api/chats", "/api/events", "/api/faults", "/nothing"):
            answer = await client.get(path)
            assert answer.status_code == 401
            assert answer.headers["www-authenticate"].startswith("Basic realm=")
            assert (await client.get(path, auth=WRONG)).status_code == 401
        assert (await client.get("/api/chats", auth=RIGHT)).status_code == 200
        assert (await client.get("/", auth=RIGHT)).headers["content-type"].startswith("text/html")
        body = {"from": 1001, "text": "hola"}
        assert (await client.post("/api/chats/1001/messages", json=body)).status_code == 401
        assert (await client.post("/api/chats/1001/messages", json=body, auth=RIGHT)).status_code == 201


async def test_any_name_will_do_with_a_password(guarded: str) -> None:
    async with httpx.AsyncClient(base_url=guarded, auth=RIGHT) as client:
        assert (await client.get("/api/chats", headers={"Host": "study.example.org"})).status_code == 200
        foreign = {"Origin": "https://elsewhere.example.org"}
        assert (await client.get("/api/chats", headers=foreign)).status_code == 403


async def test_a_bot_needs_the_token_made_of_the_password(guarded: str) -> None:
    token = bot_token(PASSWORD)
    async with Bot(token, base_url=f"{guarded}/bot") as bot:
        assert bot.username == "tertulia_bot"
    async with httpx.AsyncClient(base_url=guarded) as client:
        for wrong in (PLAYGROUND_TOKEN, bot_token("another"), token[:-1], f"{token}ñ"):
            assert (await client.get(f"/bot{wrong}/getMe")).json()["description"] == "Unauthorized"
        assert (await client.get(f"/file/bot{PLAYGROUND_TOKEN}/documents/file_1")).status_code == 401
        assert (await client.get(f"/file/bot{token}/documents/file_1")).status_code == 404


def test_the_token_is_the_same_each_time_and_of_telegrams_form() -> None:
    assert bot_token("a") == bot_token("a") != bot_token("b")
    assert Bot(bot_token("a")).token.startswith("7000:")


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


async def behind(scope: object, receive: object, send: object) -> None:
    request = Request(scope, receive)  # type: ignore[arg-type]
    await PlainTextResponse(request.url.path)(scope, receive, send)  # type: ignore[arg-type]


def client_from(wall: PasswordWall, address: str) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app=wall, client=(address, 1))
    return httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1")


async def statuses(client: httpx.AsyncClient, auth: httpx.Auth | None, times: int) -> list[int]:
    return [(await client.get("/", auth=auth)).status_code for _ in range(times)]


async def test_guessing_is_slow_and_disturbs_nobody_else() -> None:
    clock = Clock()
    wall = PasswordWall(behind, PASSWORD, clock)
    async with client_from(wall, "192.0.2.1") as guesser, client_from(wall, "192.0.2.2") as other:
        assert await statuses(guesser, None, 30) == [401] * 30  # no guess yet
        assert await statuses(guesser, WRONG, 12) == [401] * 10 + [429] * 2
        assert await statuses(guesser, RIGHT, 1) == [429]
        assert await statuses(other, RIGHT, 2) == [200, 200]
        clock.now += 59
        assert await statuses(guesser, RIGHT, 1) == [429]
        clock.now += 1
        assert await statuses(guesser, RIGHT, 2) == [200, 200]
        assert await statuses(guesser, WRONG, 11) == [401] * 10 + [429]


async def test_tokens_are_guessed_no_faster() -> None:
    wall = PasswordWall(behind, PASSWORD, Clock())
    async with client_from(wall, "192.0.2.1") as guesser, client_from(wall, "192.0.2.2") as other:
        wrong = [(await guesser.get(f"/bot{bot_token('a guess')}/getMe")).json()["error_code"] for _ in range(11)]
        assert wrong == [401] * 10 + [429]
        assert (await guesser.get(f"/file/bot{bot_token(PASSWORD)}/a")).status_code == 429
        assert await statuses(guesser, RIGHT, 1) == [200]  # people are not kept out by bots
        assert (await other.get(f"/bot{bot_token(PASSWORD)}/getMe")).status_code == 200


async def test_neighbours_of_an_ipv6_address_count_as_one() -> None:
    wall = PasswordWall(behind, PASSWORD, Clock())
    for number in range(10):
        async with client_from(wall, f"2001:db8::{number:x}") as guesser:
            assert await statuses(guesser, WRONG, 1) == [401]
    async with client_from(wall, "2001:db8::ffff") as guesser, client_from(wall, "2001:db8:0:1::1") as other:
        assert await statuses(guesser, RIGHT, 1) == [429]
        assert await statuses(other, RIGHT, 1) == [200]


async def test_addresses_that_failed_are_forgotten_when_there_are_many() -> None:
    wall = PasswordWall(behind, PASSWORD, Clock())
    for number in range(1100):
        async with client_from(wall, f"192.0.{number // 256}.{number % 256}") as guesser:
            assert await statuses(guesser, WRONG, 1) == [401]
    assert len(wall._failures) == 1000


@pytest.mark.parametrize(
    "header",
    ["", "Basic", "Basic !!!", "Basic YQ==", "Bearer x", "Basic " + "A" * 10_000, "Basic Og==", "basic \tx"],
)
async def test_odd_credentials_are_wrong_ones(header: str) -> None:
    async with client_from(PasswordWall(behind, PASSWORD), "192.0.2.1") as client:
        assert (await client.get("/", headers={"Authorization": header})).status_code == 401


async def served(*arguments: str, **settings: str) -> tuple[asyncio.subprocess.Process, str]:
    """Start `python -m bot playground --serve-only`; returns it and its first line."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TERTULIA_PLAYGROUND_PORT": "0", **settings}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "playground", "--serve-only", *arguments),
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    return process, (await process.stdout.readline()).decode()


async def said(process: asyncio.subprocess.Process) -> str:
    """Wait for the program's end and return what it said on standard error."""
    _, errors = await process.communicate()
    return errors.decode()


async def test_the_command_line_opens_it_and_keeps_the_world_in_a_file(tmp_path: Path) -> None:
    state = tmp_path / "worlds" / "mine.json"
    environment = {"TERTULIA_DATA_DIR": str(tmp_path / "data"), "TERTULIA_PLAYGROUND_PASSWORD": PASSWORD}
    options = "--host", "0.0.0.0", "--state", str(state), "--no-flood-limits"
    process, line = await served(*options, **environment)
    address = line.split("base URL ")[1].split("/bot")[0]
    assert f"with the token {bot_token(PASSWORD)}" in line
    async with httpx.AsyncClient(base_url=address, auth=RIGHT) as client:
        assert (await client.get("/api/settings")).json()["flood_limits"] is False
        body = {"from": 1001, "text": "hola"}
        assert (await client.post("/api/chats/1001/messages", json=body)).status_code == 201
    second, nothing = await served(*options, **environment)
    errors = await said(second)
    assert (nothing, second.returncode) == ("", 2)
    assert f"--state: another playground is using {state}" in errors
    process.send_signal(signal.SIGTERM)
    await said(process)
    assert process.returncode == 0
    assert [message["text"] for message in load(state).chats[1001].messages.values()] == ["hola"]
    assert not (tmp_path / "data" / "playground.json").exists()


async def test_the_command_line_refuses_an_open_address_without_a_password(tmp_path: Path) -> None:
    process, line = await served("--host", "0.0.0.0", TERTULIA_DATA_DIR=str(tmp_path))
    errors = await said(process)
    assert (line, process.returncode) == ("", 2)
    assert "Set TERTULIA_PLAYGROUND_PASSWORD too" in errors
    assert "Traceback" not in errors
