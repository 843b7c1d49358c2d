"""Fetching updates: long polls, confirmation, conflicts, and the webhook."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from telegram import Bot
from telegram.error import BadRequest, Conflict

from bot.playground.world import GROUP_ID, PLAYGROUND_TOKEN, World

from .asked import call, until, until_none_pending
from .conftest import say


def texts(updates: object) -> list[str | None]:
    assert isinstance(updates, tuple)
    return [update.message.text for update in updates]


async def test_a_poll_waits_for_the_next_message(bot: Bot, people: httpx.AsyncClient, world: World) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=30))
    await until(lambda: world.updates.bell.awaited > 0)
    await say(people, 1001, 1001, "hola")
    assert texts(await poll) == ["hola"]


async def test_updates_come_again_until_they_are_confirmed(bot: Bot, people: httpx.AsyncClient) -> None:
    for text in ("uno", "dos", "tres"):
        await say(people, 1001, 1001, text)
    first = await bot.get_updates()
    assert texts(first) == texts(await bot.get_updates()) == ["uno", "dos", "tres"]
    assert [update.update_id - first[0].update_id for update in first] == [0, 1, 2]
    assert texts(await bot.get_updates(offset=first[1].update_id)) == ["dos", "tres"]
    assert texts(await bot.get_updates()) == ["dos", "tres"]
    assert await bot.get_updates(offset=first[2].update_id + 1) == ()


async def test_limit_and_negative_offset(bot: Bot, people: httpx.AsyncClient) -> None:
    for text in ("uno", "dos", "tres"):
        await say(people, 1001, 1001, text)
    assert texts(await bot.get_updates(limit=2)) == ["uno", "dos"]
    assert texts(await bot.get_updates(offset=-1)) == ["tres"]
    assert texts(await bot.get_updates()) == ["tres"]


async def test_a_second_poller_displaces_the_first(bot: Bot, people: httpx.AsyncClient, world: World) -> None:
    first = asyncio.create_task(bot.get_updates(timeout=30))
    await until(lambda: world.updates.bell.awaited > 0)
    second = asyncio.create_task(people.get(f"/bot{PLAYGROUND_TOKEN}/getUpdates?timeout=30"))
    with pytest.raises(Conflict, match="terminated by other getUpdates request; make sure that only one bot"):
        await first
    await say(people, 1001, 1001, "hola")
    assert (await second).json()["result"][0]["message"]["text"] == "hola"


async def test_a_webhook_ends_polling(bot: Bot, world: World) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=30))
    await until(lambda: world.updates.bell.awaited > 0)
    await bot.set_webhook("http://127.0.0.1:9/hook")
    with pytest.raises(Conflict, match="terminated by setWebhook request"):
        await poll
    with pytest.raises(Conflict, match="can't use getUpdates method while webhook is active"):
        await bot.get_updates()
    await bot.delete_webhook()
    assert await bot.get_updates() == ()


async def test_allowed_updates_filter_and_are_remembered(bot: Bot, people: httpx.AsyncClient) -> None:
    await bot.get_updates(allowed_updates=["callback_query"])
    await say(people, 1001, 1001, "nobody hears this")
    assert await bot.get_updates() == ()
    await bot.get_updates(allowed_updates=[])
    await say(people, 1001, 1001, "hola")
    assert texts(await bot.get_updates()) == ["hola"]


async def test_kinds_that_do_not_exist_are_skipped(people: httpx.AsyncClient) -> None:
    await call(people, "getUpdates", allowed_updates=["Callback_Query", "nonsense", 5])
    assert (await call(people, "getWebhookInfo"))["allowed_updates"] == ["callback_query"]
    await call(people, "getUpdates", allowed_updates="[", timeout="soon")
    assert (await call(people, "getWebhookInfo"))["allowed_updates"] == ["callback_query"]
    await call(people, "getUpdates", allowed_updates=["nonsense"])
    assert "allowed_updates" not in await call(people, "getWebhookInfo")


async def test_webhooks_are_set_and_deleted_in_words(people: httpx.AsyncClient) -> None:
    async def said(method: str, **params: str) -> tuple[bool, str]:
        answer = (await people.post(f"/bot{PLAYGROUND_TOKEN}/{method}", json=params)).json()
        return answer["result"], answer["description"]

    assert await said("setWebhook", url="http://127.0.0.1:9/hook") == (True, "Webhook was set")
    assert await said("deleteWebhook") == (True, "Webhook was deleted")
    assert await said("setWebhook") == (True, "Webhook is already deleted")


async def test_pending_updates_can_be_dropped(bot: Bot, people: httpx.AsyncClient) -> None:
    await say(people, 1001, 1001, "hola")
    await bot.delete_webhook(drop_pending_updates=True)
    assert await bot.get_updates() == ()


@pytest.mark.parametrize(
    ("url", "secret", "words"),
    [
        ("http://example.org/hook", None, "An HTTPS URL must be provided"),
        ("nonsense", None, "An HTTPS URL must be provided"),
        ("https://[::bad/", None, "invalid URL"),
        ("http://127.0.0.1:9/", "no spaces", "secret token contains unallowed characters"),
    ],
)
async def test_bad_webhooks_are_refused(bot: Bot, url: str, secret: str | None, words: str) -> None:
    with pytest.raises(BadRequest, match=f"(?i){words}"):
        await bot.set_webhook(url, secret_token=secret)


async def test_in_groups_the_bot_sees_what_is_meant_for_it(bot: Bot, people: httpx.AsyncClient, world: World) -> None:
    said = await bot.send_message(GROUP_ID, "Buenas")
    for text in ("between us", "/help", "/help@tertulia_bot", "/help@other_bot", "¿qué dices, @Tertulia_bot?"):
        await say(people, GROUP_ID, 1001, text)
    await say(people, GROUP_ID, 1002, "a reply", reply_to=said.message_id)
    heard = texts(await bot.get_updates())
    assert heard == ["/help", "/help@tertulia_bot", "¿qué dices, @Tertulia_bot?", "a reply"]
    assert (await bot.get_me()).can_read_all_group_messages is False
    world.privacy_mode = False
    await say(people, GROUP_ID, 1001, "to everyone")
    assert texts(await bot.get_updates())[-1] == "to everyone"


@dataclass
class Hook:
    """A bot's webhook that fails as long as `failures` is above 0."""

    failures: int = 0
    url: str = ""
    taken: list[str] = field(default_factory=list)
    secrets: set[str | None] = field(default_factory=set)

    async def receive(self, request: Request) -> Response:
        if self.failures:
            self.failures -= 1
            return Response(status_code=500)
        self.taken.append((await request.json())["message"]["text"])
        self.secrets.add(request.headers.get("x-telegram-bot-api-secret-token"))
        return Response()


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    hook = Hook()
    listener = socket.create_server(("127.0.0.1", 0))
    hook.url = f"http://127.0.0.1:{listener.getsockname()[1]}/hook"
    app = Starlette(routes=[Route("/hook", hook.receive, methods=["POST"])])
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, log_level="warning", ws="none"))
    server.capture_signals = contextlib.nullcontext  # type: ignore[method-assign,assignment]
    task = asyncio.create_task(server.serve(sockets=[listener]))
    await until(lambda: server.started)
    yield hook
    server.should_exit = True
    await task


async def test_a_webhook_gets_each_update_in_order(bot: Bot, people: httpx.AsyncClient, hook: Hook) -> None:
    await say(people, 1001, 1001, "uno")
    await bot.set_webhook(hook.url, secret_token="s-1")
    await say(people, 1001, 1001, "dos")
    await until(lambda: hook.taken == ["uno", "dos"])
    assert hook.secrets == {"s-1"}
    await until_none_pending(bot)


async def test_a_webhook_is_tried_again_until_it_takes_the_update(
    bot: Bot, people: httpx.AsyncClient, hook: Hook
) -> None:
    hook.failures = 2
    await bot.set_webhook(hook.url)
    await say(people, 1001, 1001, "uno")
    await until(lambda: hook.taken == ["uno"])
    assert hook.secrets == {None}
    await until_none_pending(bot)
    info = await bot.get_webhook_info()
    assert info.last_error_message == "Wrong response from the webhook: 500 Internal Server Error"


async def test_a_dead_webhook_loses_nothing(bot: Bot, people: httpx.AsyncClient, world: World) -> None:
    await bot.set_webhook("http://127.0.0.1:9/hook")
    await say(people, 1001, 1001, "uno")
    await until(lambda: bool(world.updates.webhook and world.updates.webhook.last_error_date))
    info = await bot.get_webhook_info()
    assert (info.pending_update_count, info.last_error_message) == (1, "Connection refused")
    await bot.delete_webhook()
    assert texts(await bot.get_updates()) == ["uno"]
