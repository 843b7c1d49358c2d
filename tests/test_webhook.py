"""Updates by webhook, and /healthz."""

import socket
from collections.abc import AsyncGenerator

import httpx
import pytest
import sqlalchemy as sa
from pydantic import SecretStr
from sqlalchemy.orm import Session

from bot import app, webhook
from bot.config import Settings
from bot.inference.api import ModelState
from bot.playground.world import PLAYGROUND_TOKEN
from tests.conftest import Script, Visitor

SECRET = "a-secret-of-the-test"
HEADER = "X-Telegram-Bot-Api-Secret-Token"


@pytest.fixture
def hooked(settings: Settings, address: str) -> Settings:
    """Settings of a bot that the playground reaches by webhook."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    return Settings(
        data_dir=settings.data_dir,
        telegram_url=address,
        webhook_url=f"http://127.0.0.1:{port}/telegram",
        webhook_secret=SecretStr(SECRET),
        http_port=port,
    )


@pytest.fixture
async def bot(hooked: Settings, script: Script) -> AsyncGenerator[app.Running]:
    async with app.running(hooked, PLAYGROUND_TOKEN, script) as running:
        yield running


@pytest.fixture
async def http(bot: app.Running, hooked: Settings) -> AsyncGenerator[httpx.AsyncClient]:
    base = f"http://127.0.0.1:{hooked.http_port}"
    async with httpx.AsyncClient(base_url=base, transport=httpx.AsyncHTTPTransport(retries=10)) as client:
        yield client


async def test_conversation_by_webhook(people: Visitor) -> None:
    await people.say("hola")
    await people.hear("Una respuesta.")
    await people.say("/help")
    await people.hear("/generar")


@pytest.mark.parametrize(
    ("secret", "body", "status"),
    [
        (b"", b'{"update_id": 5}', 403),
        (b"wrong", b'{"update_id": 5}', 403),
        ("contraseña".encode(), b'{"update_id": 5}', 403),
        (SECRET.encode(), b"{", 400),
        (SECRET.encode(), b"[" * 100_000, 400),
        (SECRET.encode(), b"[]", 400),
        (SECRET.encode(), b'{"update_id": "5"}', 400),
        (SECRET.encode(), b'{"update_id": true}', 400),
        (SECRET.encode(), b'{"update_id": 1e400}', 400),
        (SECRET.encode(), b"\xff\xfe", 400),
        (SECRET.encode(), b" " * (webhook.MAX_BODY + 1), 413),
        (SECRET.encode(), b'{"update_id": 5}', 200),
    ],
)
async def test_only_telegram_is_heard(http: httpx.AsyncClient, secret: bytes, body: bytes, status: int) -> None:
    headers = {HEADER.encode(): secret} if secret else None
    response = await http.post("/telegram", content=body, headers=headers)
    assert response.status_code == status


async def test_update_that_cannot_be_stored_is_not_confirmed(
    http: httpx.AsyncClient, bot: app.Running, people: Visitor
) -> None:
    await bot.database.transact(Session.execute, sa.text("ALTER TABLE inbox RENAME TO away"))
    assert (await http.post("/telegram", content=b'{"update_id": 5}', headers={HEADER: SECRET})).status_code == 503
    assert (await http.get("/healthz")).status_code == 503
    await people.say("hola")
    await bot.database.transact(Session.execute, sa.text("ALTER TABLE away RENAME TO inbox"))
    await people.hear("Una respuesta.")


async def test_health_tells_of_database_inbox_and_models(
    http: httpx.AsyncClient, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    response = await http.get("/healthz")
    assert response.status_code == 200
    assert response.json() == {
        "ok": True,
        "database": True,
        "inbox": {"waiting": 0},
        "models": {state.id: state.state for state in script.states()},
    }
    monkeypatch.setattr(script, "states", lambda: [ModelState("qwen2.5-coder-1.5b", "failed", "chat")])
    assert (await http.get("/healthz")).status_code == 503


async def test_polling_bot_serves_health_where_a_port_is_set(
    hooked: Settings, visitor: Visitor, script: Script
) -> None:
    polling = hooked.model_copy(update={"webhook_url": ""})
    async with (
        app.running(polling, PLAYGROUND_TOKEN, script),
        httpx.AsyncClient(transport=httpx.AsyncHTTPTransport(retries=10)) as client,
    ):
        await visitor.say("hola")
        await visitor.hear("Una respuesta.")
        response = await client.get(f"http://127.0.0.1:{hooked.http_port}/healthz")
        assert response.json()["database"] is True
