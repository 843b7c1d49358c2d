"""The playground's world: people, chats, messages, files, and what happened in which order."""

import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from bot.playground.bell import Bell
from bot.playground.json_text import JSON, to_json
from bot.playground.updates import UpdateQueue

PLAYGROUND_TOKEN = "7000:playground-token-known-to-everyone"  # noqa: S105 - a name on a local server, no secret
BOT: JSON = {"id": 7000, "is_bot": True, "first_name": "Tertulia", "username": "tertulia_bot"}
GROUP_ID = -4001

KEPT_EVENTS = 2000
KEPT_PASSING = 200
KEPT_MESSAGES = 2000
KEPT_CALLBACKS = 1000
KEPT_FILE_BYTES = 512 * 2**20
PASSING = frozenset({"draft", "action"})
"""Events that mean nothing a minute later: few are kept, and none in the state file."""

_ID_EPOCH = datetime(2026, 1, 1, tzinfo=UTC).timestamp()


@dataclass(slots=True)
class Person:
    """Someone who writes to the bot; `started` once they wrote to it in private."""

    id: int
    first_name: str
    username: str | None
    language_code: str
    started: bool = False

    def user(self) -> JSON:
        """Return the person as a Bot API User."""
        user: JSON = {"id": self.id, "is_bot": False, "first_name": self.first_name}
        if self.username:
            user["username"] = self.username
        return user | {"language_code": self.language_code}


@dataclass(frozen=True, slots=True)
class Event:
    """Something that people see; `body` is the JSON text of it."""

    seq: int
    type: str
    body: str


@dataclass(frozen=True, slots=True)
class StoredFile:
    """An uploaded file; `path` is what getFile tells, pixels are 0 unless it is a photo."""

    file_id: str
    unique_id: str
    kind: str
    path: str
    name: str
    mime_type: str
    width: int
    height: int
    data: bytes


@dataclass(slots=True)
class Chat:
    """A chat; a private one has its person's id. Stored messages are replaced, never changed in place."""

    id: int
    type: str
    title: str
    members: list[int]
    owner: int = 0
    menu_button: JSON | None = None
    messages: dict[int, JSON] = field(default_factory=dict)
    events: deque[Event] = field(default_factory=lambda: deque(maxlen=KEPT_EVENTS))
    passing: deque[Event] = field(default_factory=lambda: deque(maxlen=KEPT_PASSING))
    bell: Bell = field(default_factory=Bell)

    def events_after(self, seq: int) -> list[Event]:
        """Return what happened after `seq`, oldest first."""
        found = [event for kept in (self.events, self.passing) for event in _newer(kept, seq)]
        return sorted(found, key=lambda event: event.seq)


def _newer(kept: deque[Event], seq: int) -> Iterator[Event]:
    for event in reversed(kept):
        if event.seq <= seq:
            return
        yield event


class World:
    """Everything that the playground knows; all on one event loop, nothing in it waits or fails.

    With `privacy_mode`, as by default in Telegram, the bot sees only those group messages that are meant for it.
    """

    def __init__(self, *, privacy_mode: bool = True) -> None:
        self.privacy_mode = privacy_mode
        self.people: dict[int, Person] = {}
        self.chats: dict[int, Chat] = {}
        self.files: dict[str, StoredFile] = {}
        self.commands: dict[str, list[JSON]] = {}
        self.callbacks: dict[str, JSON] = {}
        self.menu_button: JSON = {"type": "commands"}
        self.updates = UpdateQueue()
        # Starting from the clock, ids go on rising even if the state of the last moments was lost.
        self.next_message_id = int(time.time() - _ID_EPOCH)
        self.seq = int((time.time() - _ID_EPOCH) * 1000)
        self.bell = Bell()
        self.changes = Bell()
        self.revision = 0
        self.closed = False
        self._populate()

    def _populate(self) -> None:
        self.chats[GROUP_ID] = Chat(GROUP_ID, "group", "Grupo de lectura", [], owner=1001)
        self.add_person(Person(1001, "Lucía", "lucia_lee", "es"))
        self.add_person(Person(1002, "Ben", "ben_reads", "en"))

    def add_person(self, person: Person) -> None:
        """Let a person in: they get a private chat with the bot and join the group."""
        self.people[person.id] = person
        self.chats[person.id] = Chat(person.id, "private", BOT["first_name"], [person.id])
        self.chats[GROUP_ID].members.append(person.id)
        self.changed()

    def changed(self) -> None:
        """Say that there is something new to save."""
        self.revision += 1
        self.changes.ring()

    def tell_bot(self, kind: str, content: JSON) -> None:
        """Queue an update for the bot."""
        self.updates.put(kind, content)
        self.changed()

    def publish(self, chat: Chat, kind: str, **data: Any) -> Event:
        """Tell those who look at `chat` that something happened."""
        self.seq += 1
        event = Event(self.seq, kind, to_json({"seq": self.seq, "type": kind, "chat_id": chat.id, **data}))
        (chat.passing if kind in PASSING else chat.events).append(event)
        chat.bell.ring()
        self.bell.ring()
        if kind not in PASSING:
            self.changed()
        return event

    def events_after(self, seq: int) -> list[Event]:
        """Return what happened anywhere after `seq`, oldest first."""
        found = [event for chat in self.chats.values() for event in chat.events_after(seq)]
        return sorted(found, key=lambda event: event.seq)

    def chat_object(self, chat: Chat) -> JSON:
        """Return the chat as the bot sees it: a Bot API Chat."""
        if chat.type != "private":
            return {"id": chat.id, "type": chat.type, "title": chat.title}
        user = self.people[chat.id].user()
        return {"id": chat.id, "type": "private"} | {
            key: user[key] for key in ("first_name", "username") if key in user
        }

    def post(self, chat: Chat, sender: JSON, content: JSON) -> JSON:
        """Put a new message into the chat and return it."""
        head = {"message_id": self.next_message_id, "from": sender, "chat": self.chat_object(chat)}
        self.next_message_id += 1
        message = {**head, "date": int(time.time()), **content}
        chat.messages[message["message_id"]] = message
        if len(chat.messages) > KEPT_MESSAGES:
            del chat.messages[next(iter(chat.messages))]
        self.publish(chat, "message", message=message)
        return message

    def replace(self, chat: Chat, message: JSON) -> None:
        """Put the edited `message` in the place of the one with its id."""
        chat.messages[message["message_id"]] = message
        self.publish(chat, "edit", message=message)

    def keep_file(self, file: StoredFile) -> None:
        """Keep an upload; beyond 512 MiB in all the oldest are forgotten."""
        self.files[file.file_id] = file
        while sum(len(kept.data) for kept in self.files.values()) > KEPT_FILE_BYTES:
            del self.files[next(iter(self.files))]
        self.changed()

    def keep_callback(self, query: JSON) -> None:
        """Remember a button tap until it is answered or a thousand others came."""
        self.callbacks[query["id"]] = query
        if len(self.callbacks) > KEPT_CALLBACKS:
            del self.callbacks[next(iter(self.callbacks))]
        self.changed()

    def close(self) -> None:
        """End every long poll at once; the server is stopping."""
        self.closed = True
        self.updates.close()
        for chat in self.chats.values():
            chat.bell.ring()
        self.bell.ring()

    def reopen(self) -> None:
        """Let long polls wait again; a server is starting."""
        self.closed = self.updates.closed = False
