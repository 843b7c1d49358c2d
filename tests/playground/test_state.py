"""The world on disk: kept across restarts and crashes, never overwritten when broken."""

import json
import logging
from pathlib import Path

import httpx
import pytest
from telegram import Bot, BotCommand, InlineKeyboardButton, InlineKeyboardMarkup

from bot.playground.app import create_app
from bot.playground.server import running
from bot.playground.state import load, open_world, saving, snapshot, write
from bot.playground.world import FORUM_ID, GROUP_ID, PLAYGROUND_TOKEN, World

from .asked import until
from .conftest import BASE, say
from .pictures import PNG


def client(world: World) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=create_app(world)), base_url=BASE)


async def test_everything_comes_back(world: World, bot: Bot, people: httpx.AsyncClient, tmp_path: Path) -> None:
    message_id = await say(people, 1001, 1001, "hola")
    await people.post("/api/people", json={"first_name": "Ana"})
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("a", callback_data="a")]])
    sent = await bot.send_photo(1001, PNG, reply_markup=keyboard, reply_to_message_id=message_id)
    tapped = await people.post(f"/api/chats/1001/messages/{sent.message_id}/taps", json={"from": 1001, "data": "a"})
    await bot.set_my_commands([BotCommand("help", "x")], language_code="es")
    updates = await bot.get_updates()
    path = tmp_path / "state.json"
    write(snapshot(world), path)

    again = load(path)
    async with client(again) as later:
        got = (await later.get(f"/bot{PLAYGROUND_TOKEN}/getUpdates")).json()["result"]
        assert [update["update_id"] for update in got] == [update.update_id for update in updates]
        assert (await later.get(f"/api/files/{sent.photo[0].file_id}")).content == PNG
        assert len((await later.get("/api/chats/1001/commands?from=1001")).json()) == 1
        answer = {"callback_query_id": tapped.json()["callback_query_id"]}
        assert (await later.post(f"/bot{PLAYGROUND_TOKEN}/answerCallbackQuery", json=answer)).json()["ok"]
        written = {"chat_id": 1001, "text": "b", "reply_parameters": {"message_id": message_id}}
        assert (await later.post(f"/bot{PLAYGROUND_TOKEN}/sendMessage", json=written)).json()["ok"]
    assert again.people == world.people
    assert again.chats[1001].events_after(0)[:2] == world.chats[1001].events_after(0)[:2]


async def test_a_world_of_the_first_version_is_completed(world: World, tmp_path: Path) -> None:
    user = world.people[1001].user()
    message = {"message_id": 5, "from": user, "chat": {"id": 1001, "type": "private"}, "date": 1, "text": "hola"}
    group = {"id": GROUP_ID, "type": "group", "title": "Grupo", "owner": 1001, "menu_button": None, "members": [1001]}
    private = group | {"id": 1001, "type": "private", "title": "Tertulia", "owner": 0}
    person = {"id": 1001, "first_name": "Lucía", "username": "lucia_lee", "language_code": "es", "started": True}
    first = {
        "version": 1, "seq": 9, "next_message_id": 6, "next_update_id": 3, "allowed_updates": [], "webhook": None,
        "menu_button": {"type": "commands"}, "commands": {}, "people": [person], "callbacks": [], "updates": [],
        "chats": [group, private], "messages": [[1001, message]], "events": [], "files": [],
    }  # fmt: skip
    path = tmp_path / "state.json"
    path.write_text(json.dumps(first), encoding="utf-8")
    again = load(path)
    assert again.chats[1001].author(5) == 1001
    assert again.chats.keys() == world.chats.keys()
    assert again.chats[FORUM_ID].members == [1001, 1002, 1003]
    assert again.chats[GROUP_ID].members == [1001, 1002, 1003]


async def test_no_id_is_given_twice_even_if_the_last_save_was_lost(world: World, tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    async with client(world) as people:
        await say(people, 1001, 1001, "saved")
        write(snapshot(world), path)
        for _ in range(200):
            await say(people, 1001, 1001, "lost by the crash")
        last_update = world.updates.pending[-1]["update_id"]
        again = load(path)
        assert again.updates.next_id > last_update
        assert again.next_message_id > max(world.chats[1001].messages)
        assert again.seq >= world.seq


async def test_changes_are_saved_as_they_happen(world: World, tmp_path: Path) -> None:
    path = tmp_path / "folder" / "state.json"
    async with running(world, state=path) as address, httpx.AsyncClient(base_url=address) as people:
        await say(people, 1001, 1001, "uno")
        await until(lambda: path.exists() and "uno" in path.read_text(encoding="utf-8"))
        await say(people, 1001, 1001, "dos")
    assert [message["text"] for message in load(path).chats[1001].messages.values()] == ["uno", "dos"]
    assert list(path.parent.glob("*.part")) == []


async def test_uploads_leave_the_disk_with_their_file(world: World, tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    async with client(world) as people, saving(world, path):
        await people.post("/api/chats/1001/messages", data={"from": "1001"}, files={"file": ("a.txt", b"uno")})
    assert [file.read_bytes() for file in (tmp_path / "state.json.files").iterdir()] == [b"uno"]
    world.files.clear()
    write(snapshot(world), path)
    assert list((tmp_path / "state.json.files").iterdir()) == []


async def test_drafts_and_actions_are_not_saved(world: World, bot: Bot, started: int, tmp_path: Path) -> None:
    await bot.send_message_draft(1001, 1, "un bo")
    write(snapshot(world), tmp_path / "state.json")
    assert [event.type for event in load(tmp_path / "state.json").chats[1001].events_after(0)] == ["message"]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"version": 99}', '{"version": 1}', "\x00", "[" * 100_000])
def test_a_broken_state_is_set_aside(tmp_path: Path, caplog: pytest.LogCaptureFixture, text: str) -> None:
    path = tmp_path / "state.json"
    path.write_text(text, encoding="utf-8")
    with caplog.at_level(logging.WARNING):
        world = open_world(path)
    assert list(world.people) == [1001, 1002, 1003]
    [aside] = tmp_path.iterdir()
    assert (aside.name.startswith("state.json.broken-"), aside.read_text(encoding="utf-8")) == (True, text)
    assert "state is broken" in caplog.text


def test_without_a_state_a_new_world_begins(tmp_path: Path) -> None:
    assert open_world(tmp_path / "state.json", privacy_mode=False).privacy_mode is False
    assert list(tmp_path.iterdir()) == []
