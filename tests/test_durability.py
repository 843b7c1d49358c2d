"""Nothing is lost: restarts, crashes, redelivery."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session
from telegram import Bot, Update

from bot import app
from bot.config import Settings
from bot.guard import Lanes
from bot.inbox import Inbox, poll
from bot.inference import weights
from bot.inference.catalog import find
from bot.playground.world import PLAYGROUND_TOKEN
from bot.storage import updates
from bot.storage.database import opened
from bot.storage.tables import InboxRow
from tests.conftest import BEN, GROUP, LUCIA, Script, Visitor

ROOT = Path(__file__).parents[1]


def is_draft(event: dict[str, str]) -> bool:
    return event["type"] == "draft" and "Una" in event["text"]


async def answers(visitor: Visitor, chat: int) -> list[str]:
    return [message["text"] for message in await visitor.messages(chat) if message["from"]["is_bot"]]


async def test_conversation_survives_a_restart(visitor: Visitor, address: str, settings: Settings) -> None:
    settings.telegram_url = address
    async with app.running(settings, PLAYGROUND_TOKEN, Script()):
        await visitor.say("me llamo Lucía")
        await visitor.hear("Una respuesta.")
    script = Script()
    async with app.running(settings, PLAYGROUND_TOKEN, script):
        await visitor.say("¿cómo me llamo?")
        await visitor.hear("Una respuesta.")
    texts = [turn.text for turn in script.requests[0].turns[1:]]
    assert texts == ["me llamo Lucía", "Una respuesta.", "¿cómo me llamo?"]


async def test_question_that_a_restart_interrupted_is_answered_once(
    visitor: Visitor, address: str, settings: Settings
) -> None:
    settings.telegram_url = address
    async with app.running(settings, PLAYGROUND_TOKEN, Script(hold_after=1)):
        await visitor.say("hola")
        await visitor.until(is_draft)
    script = Script()
    async with app.running(settings, PLAYGROUND_TOKEN, script):
        await visitor.hear("Una respuesta.")
        await visitor.say("/cancel")
        await visitor.hear("No hay ninguna respuesta")
    assert len(script.requests) == 1
    assert (await answers(visitor, LUCIA))[0] == "Una respuesta."
    assert len(await answers(visitor, LUCIA)) == 2


async def test_reply_that_had_begun_in_a_group_is_edited_after_a_restart(
    visitor: Visitor, address: str, settings: Settings
) -> None:
    settings.telegram_url = address
    async with app.running(settings, PLAYGROUND_TOKEN, Script(hold_after=1)):
        await visitor.say("/generate algo", BEN, GROUP)
        first = await visitor.hear("Una", GROUP)
    async with app.running(settings, PLAYGROUND_TOKEN, Script()):
        last = await visitor.hear("Una respuesta.", GROUP, kind="edit")
    assert last["message_id"] == first["message_id"]
    assert await answers(visitor, GROUP) == ["Una respuesta."]


def late(bot: app.Running, monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """Let messages arrive, but let the bot hear so only when the event is set, as on a slow line."""
    delivery, heard = bot.application.services.delivery, asyncio.Event()
    send = delivery.send

    async def slow(*arguments: Any, **more: Any) -> int:
        message_id = await send(*arguments, **more)
        await heard.wait()
        return message_id

    monkeypatch.setattr(delivery, "send", slow)
    return heard


async def test_message_under_way_when_the_answer_ends_is_not_sent_again(
    bot: app.Running, people: Visitor, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.live._LAST_PAINT", 0.01)
    heard = late(bot, monkeypatch)
    script.hold_after = 1
    await people.say("/generate algo", LUCIA, GROUP)
    await people.hear("Una", GROUP)
    script.gate.set()
    async with asyncio.timeout(30):
        while script.running:
            await asyncio.sleep(0.01)
    heard.set()
    await people.hear("Una respuesta.", GROUP, kind="edit")
    assert await answers(people, GROUP) == ["Una respuesta."]


async def test_answer_under_way_when_the_bot_is_stopped_is_not_sent_again(
    visitor: Visitor, address: str, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.telegram_url = address
    async with app.running(settings, PLAYGROUND_TOKEN, Script()) as bot:
        heard = late(bot, monkeypatch)
        await visitor.say("hola")
        await visitor.hear("Una respuesta.")
        asyncio.get_running_loop().call_later(0.2, heard.set)
    async with app.running(settings, PLAYGROUND_TOKEN, Script(answer=lambda _: ["Otra."])):
        await visitor.say("/cancel")
        await visitor.hear("No hay ninguna respuesta")
        assert len(await answers(visitor, LUCIA)) == 2


async def test_cancel_and_restart_does_not_answer_after_all(
    visitor: Visitor, address: str, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.telegram_url = address
    async with app.running(settings, PLAYGROUND_TOKEN, Script(hold_after=1)) as bot:
        await visitor.say("hola")
        await visitor.until(is_draft)
        monkeypatch.setattr(bot.application.services.delivery, "send", lambda *_, **__: asyncio.Event().wait())
        await visitor.say("/cancel")
        async with asyncio.timeout(30):
            while bot.application.services.jobs.of(LUCIA, 0):
                await asyncio.sleep(0.01)
    async with app.running(settings, PLAYGROUND_TOKEN, Script(hold_after=1)):
        await visitor.hear("Detenido")


async def test_what_arrives_while_the_bot_is_away_is_answered_in_order(
    visitor: Visitor, address: str, settings: Settings
) -> None:
    settings.telegram_url = address
    for number in range(5):
        await visitor.say(f"pregunta {number}")
    script = Script()
    async with app.running(settings, PLAYGROUND_TOKEN, script):
        for _ in range(5):
            await visitor.hear("Una respuesta.")
    assert [request.turns[-1].text for request in script.requests] == [f"pregunta {number}" for number in range(5)]


async def test_orderly_restarts_do_not_count_as_attempts(visitor: Visitor, address: str, settings: Settings) -> None:
    settings.telegram_url = address
    await visitor.say("primera")
    await visitor.say("segunda")
    for _ in range(4):
        async with app.running(settings, PLAYGROUND_TOKEN, Script(hold_after=1)):
            await visitor.until(is_draft)
    async with app.running(settings, PLAYGROUND_TOKEN, Script()):
        await visitor.hear("Una respuesta.")
        await visitor.hear("Una respuesta.")
    assert await answers(visitor, LUCIA) == ["Una respuesta.", "Una respuesta."]


async def test_parts_that_a_replay_does_not_need_are_deleted(
    visitor: Visitor, address: str, settings: Settings
) -> None:
    settings.telegram_url = address
    long = [f"párrafo {number} " + "palabra " * 90 + "\n\n" for number in range(14)]
    async with app.running(settings, PLAYGROUND_TOKEN, Script(answer=lambda _: [*long, "fin"], hold_after=14)):
        await visitor.say("cuenta")
        await visitor.hear("párrafo 0")
        await visitor.hear("párrafo 5")
    async with app.running(settings, PLAYGROUND_TOKEN, Script()):
        await visitor.hear("Una respuesta.", kind="edit")
        await visitor.until(lambda event: event["type"] == "delete")
        await visitor.say("/cancel")
        await visitor.hear("No hay ninguna respuesta")
    gone = {event["message_id"] for event in await visitor.events(LUCIA) if event["type"] == "delete"}
    left = [m["text"] for m in await visitor.messages() if m["from"]["is_bot"] and m["message_id"] not in gone]
    assert left[0] == "Una respuesta."
    assert len(left) == 2


async def test_updates_arrive_after_all_old_rows_were_forgotten(
    visitor: Visitor, address: str, settings: Settings
) -> None:
    settings.telegram_url = address
    async with app.running(settings, PLAYGROUND_TOKEN, Script()) as bot:
        await visitor.say("hola")
        await visitor.hear("Una respuesta.")
        async with asyncio.timeout(30):
            while True:
                if not await bot.database.transact(updates.count_waiting):
                    await bot.database.transact(Session.execute, sa.delete(InboxRow))
                    break
        await visitor.say("tras un fin de semana")
        await visitor.hear("Una respuesta.")


async def test_update_that_only_looks_right_does_not_stop_the_others(
    visitor: Visitor, address: str, settings: Settings
) -> None:
    settings.telegram_url = address
    message = {"message_id": 1, "date": 10**18, "chat": {"id": 5, "type": "private", "first_name": "x"}, "text": "a"}
    async with opened(settings.database) as database:
        await database.transact(updates.store, [(3, json.dumps({"update_id": 3, "message": message}))])
    async with app.running(settings, PLAYGROUND_TOKEN, Script()):
        await visitor.say("hola")
        await visitor.hear("Una respuesta.")


class Forgetful(Inbox):
    """An inbox whose database fails once."""

    failed = False

    async def store(self, received: Sequence[tuple[int, str]]) -> None:
        if not self.failed:
            self.failed = True
            raise sa.exc.OperationalError("INSERT", {}, Exception("disk I/O error"))
        await super().store(received)


async def test_update_is_not_confirmed_before_it_is_stored(visitor: Visitor, address: str, settings: Settings) -> None:
    handled: asyncio.Queue[int] = asyncio.Queue()

    async def handle(update: Update) -> None:
        await handled.put(update.update_id)

    await visitor.say("hola")
    async with (
        opened(settings.database) as database,
        Bot(PLAYGROUND_TOKEN, f"{address}/bot", f"{address}/file/bot") as bot,
    ):
        inbox = Forgetful(database, bot, Lanes(), handle)
        tasks = [asyncio.create_task(inbox.run()), asyncio.create_task(poll(bot, inbox))]
        assert await asyncio.wait_for(handled.get(), 30)
        assert inbox.failed
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def test_update_that_comes_twice_is_handled_once(settings: Settings) -> None:
    payload = json.dumps({"update_id": 7})
    async with opened(settings.database) as database:
        await database.transact(updates.store, [(7, payload), (8, payload)])
        await database.transact(updates.finish, {7: "done"})
        await database.transact(updates.store, [(7, payload), (8, payload), (9, payload)])
        assert [row.update_id for row in await database.transact(updates.waiting, 0, 10)] == [8, 9]


async def test_finished_update_keeps_none_of_its_words(settings: Settings) -> None:
    async with opened(settings.database) as database:
        await database.transact(updates.store, [(7, '{"text": "secret"}')])
        await database.transact(updates.finish, {7: "done"})
        row = await database.transact(lambda session: session.scalars(sa.select(InboxRow)).one())
        assert (row.state, row.payload) == ("done", "")


@pytest.mark.parametrize(
    "payload", ["{", "[]", '"x"', "[" * 50_000, '{"update_id": 2, "message": 5}', '{"update_id": 2, "message": {}}']
)
async def test_unreadable_update_is_set_aside(visitor: Visitor, address: str, settings: Settings, payload: str) -> None:
    settings.telegram_url = address
    async with opened(settings.database) as database:
        await database.transact(updates.store, [(2, payload)])
    async with app.running(settings, PLAYGROUND_TOKEN, Script()) as bot:
        await visitor.say("hola")
        await visitor.hear("Una respuesta.")

        async def state() -> str:
            row = sa.select(InboxRow).where(InboxRow.update_id == 2)
            return await bot.database.transact(lambda session: session.scalars(row).one().state)

        # It is set aside beside the other, and need not be first.
        await visitor.until_true(state, lambda found: found == "unreadable")


async def test_update_that_ended_the_process_again_and_again_is_given_up(
    visitor: Visitor, address: str, settings: Settings
) -> None:
    settings.telegram_url = address
    async with app.running(settings, PLAYGROUND_TOKEN, Script(hold_after=1)):
        await visitor.say("hola")
        await visitor.until(is_draft)
    async with opened(settings.database) as database:
        await database.transact(Session.execute, sa.update(InboxRow).values(attempts=3))
    script = Script()
    async with app.running(settings, PLAYGROUND_TOKEN, script):
        await visitor.hear("siempre se ha interrumpido")
    assert not script.requests


@contextmanager
def process(*arguments: str, **environment: str) -> Iterator[subprocess.Popen[str]]:
    """Run `python -m bot` as a process of its own."""
    with subprocess.Popen(
        [sys.executable, "-m", "bot", *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        cwd=environment["TERTULIA_DATA_DIR"],  # where no .env lies
        stdout=subprocess.PIPE,
        text=True,
    ) as running:
        try:
            yield running
        finally:
            running.send_signal(signal.SIGKILL)


def line(running: subprocess.Popen[str]) -> str:
    assert running.stdout is not None
    return running.stdout.readline()


@pytest.mark.weights
async def test_kill_during_generation_and_the_question_is_answered_once(tmp_path: Path) -> None:
    real = Settings(telegram_bot_token=None)
    if not weights.installed(find(real.chat_model), real.weights_dir):
        pytest.skip("the chat model's weights are not on disk: make setup")
    (tmp_path / "models").symlink_to(real.weights_dir)
    home = {"TERTULIA_DATA_DIR": str(tmp_path), "TERTULIA_PLAYGROUND_PORT": "0", "TERTULIA_MAX_NEW_TOKENS": "96"}
    with process("playground", "--serve-only", **home) as server:
        address = line(server).split()[4].rstrip(";")
        telegram = {**home, "TELEGRAM_BOT_TOKEN": PLAYGROUND_TOKEN, "TERTULIA_TELEGRAM_URL": address}
        async with httpx.AsyncClient(base_url=address) as http:
            visitor = Visitor(http, patience=240)
            with process("run", **telegram):
                await visitor.say("Cuenta una historia larga sobre una biblioteca.")
                await visitor.until(lambda event: event["type"] == "draft" and "⏳" not in event["text"])
            assert await answers(visitor, LUCIA) == []
            with process("run", **telegram):
                await visitor.hear()
                await visitor.say("/cancel")
                await visitor.hear("No hay ninguna respuesta")
            assert len(await answers(visitor, LUCIA)) == 2
