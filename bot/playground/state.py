"""The world on disk: one JSON file, and a folder of uploads beside it."""

import asyncio
import contextlib
import json
import logging
import os
import time
from collections import deque
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import asdict, dataclass
from operator import itemgetter
from pathlib import Path
from typing import Any

from bot.playground.chat import Chat, Event, Person, Topic
from bot.playground.json_text import JSON, to_json
from bot.playground.rules.poll import restored_poll, saved_poll
from bot.playground.updates import Webhook
from bot.playground.world import StoredFile, World

VERSION = 2
PAUSE_SECONDS = 0.3
REST = 3
"""Times as long as a save took does the next one wait: a large world must not be saved all the time."""
HEADROOM = 1000
"""Ids that may have been given out after the last save, before a crash."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The world at one moment, to be written once.

    Messages and events are never changed in place, so sharing them is enough;
    `lists` may be lazy, so that the event loop only copies references.
    """

    head: JSON
    lists: dict[str, Iterable[Any]]
    files: list[StoredFile]


def snapshot(world: World) -> Snapshot:
    """Return what is to be saved; quick, on the event loop."""
    updates = world.updates
    head = {
        "version": VERSION,
        "seq": world.seq,
        "next_message_id": world.next_message_id,
        "next_update_id": updates.next_id,
        "allowed_updates": updates.allowed,
        "webhook": asdict(updates.webhook) if updates.webhook else None,
        "menu_button": world.menu_button,
        "commands": dict(world.commands),
        "profile": dict(world.profile),
        "bot_id": world.bot_id,
    }
    chats = world.chats.values()
    lists: dict[str, Iterable[Any]] = {
        "people": [asdict(person) for person in world.people.values()],
        "callbacks": [dict(query) for query in world.callbacks.values()],
        "updates": list(updates.pending),
        "chats": [_about(chat) for chat in world.chats.values()],
        "messages": _messages([(chat.id, chat.messages.copy(), chat.authors.copy()) for chat in chats]),
        "polls": [saved_poll(poll) for poll in world.polls.values()],
        "reactions": [list(one) for chat in world.chats.values() for one in _reactions(chat)],
        "events": _events([(chat.id, chat.events.copy()) for chat in chats]),
    }
    return Snapshot(head, lists, list(world.files.values()))


_KEPT_APART = frozenset({"messages", "authors", "reactions", "events", "passing", "about", "bell", "topics"})


def _about(chat: Chat) -> JSON:
    about = {name: getattr(chat, name) for name in Chat.__dataclass_fields__ if name not in _KEPT_APART}
    copied = {name: list(value) for name, value in about.items() if isinstance(value, list)}
    return about | copied | {"topics": [asdict(topic) for topic in chat.topics.values()]}


def _messages(chats: list[tuple[int, dict[int, JSON], dict[int, int]]]) -> Iterator[list[Any]]:
    for chat_id, messages, authors in chats:
        for message_id, message in messages.items():
            yield [chat_id, message, authors.get(message_id, 0)]


def _events(chats: list[tuple[int, deque[Event]]]) -> Iterator[list[Any]]:
    for chat_id, events in chats:
        for event in events:
            yield [chat_id, event.seq, event.type, event.body]


def _reactions(chat: Chat) -> Iterator[tuple[int, int, int, list[str]]]:
    for message_id, of_message in chat.reactions.items():
        for user_id, chosen in of_message.items():
            yield chat.id, message_id, user_id, chosen


def write(saved: Snapshot, path: Path) -> None:
    """Write a snapshot: uploads first, then the JSON by an atomic rename, then forget old uploads."""
    folder = uploads_folder(path)
    folder.mkdir(parents=True, exist_ok=True)
    for file in saved.files:
        _write_once(folder / file.file_id, file.data)
    files = [{name: value for name, value in _fields(file).items() if name != "data"} for file in saved.files]
    part = path.with_name(path.name + ".part")
    with part.open("w", encoding="utf-8") as out:
        out.write(to_json(saved.head)[:-1])
        for name, items in {**saved.lists, "files": files}.items():
            # Item by item, so that other threads get their turn while a long history is encoded.
            out.write(f',"{name}":[')
            out.writelines(("," if at else "") + to_json(item) for at, item in enumerate(items))
            out.write("]")
        out.write("}")
        out.flush()
        os.fsync(out.fileno())  # else a power cut may leave the new name with nothing in it
    part.replace(path)
    known = {file.file_id for file in saved.files}
    for old in folder.iterdir():
        if old.name not in known:
            old.unlink()


def _fields(file: StoredFile) -> JSON:
    return {name: getattr(file, name) for name in StoredFile.__dataclass_fields__}


def _write_once(path: Path, data: bytes) -> None:
    if not path.exists():
        part = path.with_name(path.name + ".part")
        part.write_bytes(data)
        part.replace(path)


def uploads_folder(path: Path) -> Path:
    """Return the folder of the uploads of the state in `path`."""
    return path.with_name(path.name + ".files")


def load(path: Path, *, privacy_mode: bool = True) -> World:
    """Read a saved world; FileNotFoundError if there is none, ValueError if it is broken."""
    text = path.read_text(encoding="utf-8")
    try:
        data = json.loads(text)
        if data["version"] not in {1, VERSION}:
            raise ValueError(f"version {data['version']!r}")
        return _world(data, uploads_folder(path), privacy_mode=privacy_mode)
    except (KeyError, TypeError, AttributeError, RecursionError, OSError) as error:
        raise ValueError(f"{type(error).__name__}: {error}") from error


def _world(data: JSON, folder: Path, *, privacy_mode: bool) -> World:
    world = World(privacy_mode=privacy_mode)
    world.bot_id = data.get("bot_id", world.bot_id)
    world.people = {item["id"]: Person(**item) for item in data["people"]}
    world.chats = {item["id"]: _chat(item) for item in data["chats"]}
    for chat_id, message, *author in data["messages"]:
        # In its first version the state told no authors: there were no channels.
        world.chats[chat_id].put(message, author[0] if author else message["from"]["id"])
    for chat_id, message_id, user_id, chosen in data.get("reactions", []):
        world.chats[chat_id].reactions.setdefault(message_id, {})[user_id] = chosen
    world.polls = {item["id"]: restored_poll(item) for item in data.get("polls", [])}
    for chat_id, seq, kind, body in sorted(data["events"], key=itemgetter(1)):
        world.keep_event(world.chats[chat_id], Event(seq, kind, body))
    world.order.extend((one, at) for at, one in sorted((at, c.id) for c in world.chats.values() for at in c.messages))
    world.populate()
    world.profile = data.get("profile", {})
    world.callbacks = {item["id"]: item for item in data["callbacks"]}
    world.commands, world.menu_button = data["commands"], data["menu_button"]
    for item in data["files"]:
        upload = folder / item["file_id"]
        if upload.exists():
            world.keep_file(StoredFile(**item, data=upload.read_bytes()))
    world.seq = max(world.seq, data["seq"] + HEADROOM)
    world.next_message_id = max(world.next_message_id, data["next_message_id"] + HEADROOM)
    updates = world.updates
    updates.next_id = max(updates.next_id, data["next_update_id"] + HEADROOM)
    updates.pending = deque(data["updates"])
    updates.allowed = data["allowed_updates"]
    updates.webhook = Webhook(**data["webhook"]) if data["webhook"] else None
    return world


def _chat(item: JSON) -> Chat:
    topics = {topic["id"]: Topic(**topic) for topic in item.pop("topics", [])}
    return Chat(**item, topics=topics)


def open_world(path: Path, *, privacy_mode: bool = True) -> World:
    """Read a saved world, or begin a new one; a broken file is set aside, never overwritten."""
    try:
        return load(path, privacy_mode=privacy_mode)
    except FileNotFoundError:
        return World(privacy_mode=privacy_mode)
    except ValueError as error:
        aside = path.with_name(f"{path.name}.broken-{int(time.time())}")
        path.replace(aside)
        log.warning("The playground's state is broken (%s); it is kept as %s and a new world begins", error, aside.name)
        return World(privacy_mode=privacy_mode)


@contextlib.asynccontextmanager
async def saving(world: World, path: Path) -> AsyncIterator[None]:
    """Save to `path` shortly after each change, off the event loop, and once more at the end."""
    path.parent.mkdir(parents=True, exist_ok=True)
    task = asyncio.create_task(_save_changes(world, path))
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        await _save_off_loop(world, path)


async def _save_changes(world: World, path: Path) -> None:
    saved, pause = world.revision, PAUSE_SECONDS
    while True:
        if world.revision == saved:
            await world.changes.wait()
        await asyncio.sleep(pause)
        saved, start = world.revision, time.monotonic()
        try:
            await _save_off_loop(world, path)
            pause = max(PAUSE_SECONDS, REST * (time.monotonic() - start))
        except OSError as error:
            log.warning("The playground's state could not be saved: %s", error.strerror)
        except Exception:
            log.exception("The playground's state could not be saved")


async def _save_off_loop(world: World, path: Path) -> None:
    # Shielded: a cancelled save must have ended before the next one writes the same file.
    saved = asyncio.ensure_future(asyncio.to_thread(write, snapshot(world), path))
    try:
        await asyncio.shield(saved)
    except asyncio.CancelledError:
        await asyncio.wait([saved])
        raise
