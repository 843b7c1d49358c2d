"""The playground on a real port: streams, a whole bot, and a quick end."""

import asyncio
import json
import socket
from typing import Any

import httpx
import pytest
from telegram import Update
from telegram.ext import Application, ApplicationBuilder, CommandHandler, ContextTypes, MessageHandler, filters

from bot.errors import StartError
from bot.playground.server import running
from bot.playground.world import GROUP_ID, PLAYGROUND_TOKEN, World

from .asked import until
from .conftest import say


async def start(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.effective_chat is not None
    await update.effective_chat.send_message("¡Hola!")


async def echo(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.message is not None
    await update.message.reply_text(f"<b>{update.message.text}</b>", parse_mode="HTML")


def echo_bot(address: str) -> Any:
    builder: Any = ApplicationBuilder().token(PLAYGROUND_TOKEN)
    application: Application[Any, Any, Any, Any, Any, Any]
    application = builder.base_url(f"{address}/bot").base_file_url(f"{address}/file/bot").build()
    application.add_handler(CommandHandler("start", start))
    application.add_handler(MessageHandler(filters.TEXT, echo))
    return application


async def texts_in(people: httpx.AsyncClient, chat: int, count: int) -> list[str]:
    """Wait until `chat` has `count` messages."""
    events: list[dict[str, Any]] = []
    while len(events) < count:
        after = events[-1]["seq"] if events else 0
        events += (await people.get(f"/api/chats/{chat}/events?after={after}&wait=20")).json()["events"]
    return [event["message"]["text"] for event in events]


async def test_an_unmodified_bot_converses(world: World) -> None:
    async with (
        running(world) as address,
        httpx.AsyncClient(base_url=address, timeout=30) as people,
        echo_bot(address) as application,
    ):
        await application.updater.start_polling(timeout=5)
        await application.start()
        await say(people, 1001, 1001, "/start")
        await say(people, 1001, 1001, "¿sí?")
        assert sorted(await texts_in(people, 1001, 4)) == ["/start", "¡Hola!", "¿sí?", "¿sí?"]
        await application.updater.stop()
        await application.stop()


async def read_events(lines: Any, count: int) -> list[tuple[str, str, dict[str, Any]]]:
    """Read `count` server-sent events as (id, event, data)."""
    found, fields = [], {}
    async for line in lines:
        name, _, value = line.partition(": ")
        if line:
            fields[name] = value
        elif "data" in fields:
            found.append((fields["id"], fields["event"], json.loads(fields["data"])))
            if len(found) == count:
                return found
            fields = {}
    raise AssertionError(f"the stream ended after {len(found)} events")


async def test_events_are_streamed(world: World) -> None:
    async with running(world) as address, httpx.AsyncClient(base_url=address, timeout=30) as people:
        await say(people, 1001, 1001, "uno")
        async with people.stream("GET", "/api/events") as stream:
            assert stream.headers["content-type"].startswith("text/event-stream")
            lines = stream.aiter_lines()
            [(first, kind, data)] = await read_events(lines, 1)
            assert (kind, data["chat_id"], data["message"]["text"]) == ("message", 1001, "uno")
            assert int(first) == data["seq"]
            await say(people, GROUP_ID, 1002, "dos")
            [(_, _, data)] = await read_events(lines, 1)
            assert (data["chat_id"], data["message"]["text"]) == (GROUP_ID, "dos")
        async with people.stream("GET", "/api/events", headers={"Last-Event-ID": first}) as stream:
            assert [data["message"]["text"] for _, _, data in await read_events(stream.aiter_lines(), 1)] == ["dos"]
        accept = {"Accept": "text/event-stream"}
        async with people.stream("GET", f"/api/chats/{GROUP_ID}/events?after=0", headers=accept) as stream:
            assert [data["message"]["text"] for _, _, data in await read_events(stream.aiter_lines(), 1)] == ["dos"]


async def test_the_end_does_not_wait_for_polls(world: World) -> None:
    async with httpx.AsyncClient(timeout=30) as client:
        async with running(world) as address:
            bells = [world.updates.bell, world.bell, world.chats[1001].bell]
            polls = [
                asyncio.create_task(client.get(f"{address}/bot{PLAYGROUND_TOKEN}/getUpdates?timeout=50")),
                asyncio.create_task(client.get(f"{address}/api/chats/1001/events?after={world.seq}&wait=60")),
                asyncio.create_task(client.get(f"{address}/api/events?after={world.seq}")),
            ]
            await until(lambda: min(bell.awaited for bell in bells) > 0)
        answers = await asyncio.gather(*polls)
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert answers[0].json()["result"] == answers[1].json()["events"] == []


async def test_a_world_can_be_served_again_on_the_same_port(world: World) -> None:
    async with running(world) as address:
        port = int(address.rsplit(":", 1)[1])
    async with running(world, port=port) as address, httpx.AsyncClient(base_url=address) as people:
        await say(people, 1001, 1001, "hola")


async def test_a_taken_port_is_an_error(world: World) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other, pytest.raises(StartError, match="cannot be used"):
        async with running(world, port=other.getsockname()[1]):
            raise AssertionError("it was served")
