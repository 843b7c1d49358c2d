"""The playground's world: people, chats, messages, files, and what happened in which order."""

import time
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from bot.playground.alarm import Alarm
from bot.playground.bell import Bell
from bot.playground.chat import BOT_ID, Chat, Event, Person
from bot.playground.faults import Faults
from bot.playground.floods import Floods
from bot.playground.json_text import JSON, to_json
from bot.playground.rules.inline import InlineQuery
from bot.playground.rules.poll import Poll, in_message
from bot.playground.text.mentions import with_people
from bot.playground.updates import UpdateQueue

PLAYGROUND_TOKEN = "7000:playground-token-known-to-everyone"  # noqa: S105 - a name on a local server, no secret
BOT: JSON = {"id": BOT_ID, "is_bot": True, "first_name": "Tertulia", "username": "tertulia_bot"}
ANONYMOUS: JSON = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
"""The user that Telegram names where an administrator writes as the group."""
GROUP_ID, FORUM_ID, CHANNEL_ID = -4001, -1001000004002, -1001000004003

MAX_ID = 2**52
"""Ids of users and chats stay below it, so that JavaScript counts them right."""
KEPT_CALLBACKS = 1000
KEPT_IN_ALL = 20_000
"""Messages, and events, of all chats together; each chat keeps fewer."""
KEPT_INLINE_QUERIES = 200
KEPT_FILE_BYTES = 512 * 2**20
PASSING = frozenset({"draft", "action", "inline_answer"})
"""Events that mean nothing a minute later: few are kept, and none in the state file."""

_ID_EPOCH = datetime(2026, 1, 1, tzinfo=UTC).timestamp()


@dataclass(frozen=True, slots=True)
class StoredFile:
    """An uploaded file; `path` is what getFile tells, pixels are 0 unless it is a picture.

    `about` is what the sender says of it, in the Bot API's names: duration, title...
    """

    file_id: str
    unique_id: str
    kind: str
    path: str
    name: str
    mime_type: str
    width: int
    height: int
    data: bytes
    about: JSON = field(default_factory=dict)


class World:
    """Everything that the playground knows; all on one event loop, nothing in it waits or fails.

    With `privacy_mode`, as by default in Telegram, the bot sees only those group messages that are meant for it.
    `flood_limits` are Telegram's; faults wait until somebody asks for them.
    """

    def __init__(self, *, privacy_mode: bool = True, flood_limits: bool = True) -> None:
        self.privacy_mode = privacy_mode
        self.floods = Floods(on=flood_limits)
        self.faults = Faults()
        self.bot_id = BOT_ID
        self.people: dict[int, Person] = {}
        self.chats: dict[int, Chat] = {}
        self.files: dict[str, StoredFile] = {}
        self.file_bytes = 0
        self.commands: dict[str, list[JSON]] = {}
        self.profile: dict[str, str] = {}
        self.callbacks: dict[str, JSON] = {}
        self.inline_queries: dict[str, InlineQuery] = {}
        self.polls: dict[str, Poll] = {}
        self.alarm = Alarm()
        self.menu_button: JSON = {"type": "commands"}
        self.updates = UpdateQueue()
        # Starting from the clock, ids go on rising even if the state of the last moments was lost.
        self.next_message_id = int(time.time() - _ID_EPOCH)
        self.seq = int((time.time() - _ID_EPOCH) * 1000)
        # Of all messages and events in the chats, the oldest first; some may be gone already.
        self.order: deque[tuple[int, int]] = deque()
        self.event_order: deque[tuple[int, int]] = deque()
        self.bell = Bell()
        self.changes = Bell()
        self.revision = 0
        self.closed = False
        self.populate()

    def populate(self) -> None:
        """Add whoever and whatever the world begins with and is not there."""
        group = Chat(GROUP_ID, "group", "Grupo de lectura", [], owner=1001, admins=[1003])
        forum = Chat(FORUM_ID, "supergroup", "Taller de lectura", [], owner=1001, admins=[1003], is_forum=True)
        forum.bot = "administrator"
        channel = Chat(CHANNEL_ID, "channel", "Tertulia: novedades", [], owner=1001, admins=[1003])
        channel.bot, channel.username = "administrator", "tertulia_novedades"
        for chat in (group, forum, channel):
            if self.chats.setdefault(chat.id, chat) is chat:
                chat.members = list(self.people)
        for person in (
            Person(1001, "Lucía", "lucia_lee", "es"),
            Person(1002, "Ben", "ben_reads", "en"),
            Person(1003, "Inés", "ines_lima", "es"),
        ):
            if person.id not in self.people:
                self._admit(person)
        for chat in (group, forum, channel):
            chat.admins = [one for one in chat.admins if one in chat.members]

    @property
    def me(self) -> JSON:
        """Return the bot as a Bot API User."""
        return BOT | {"id": self.bot_id, "first_name": self.profile.get("name:", BOT["first_name"])}

    def call_bot(self, bot_id: int) -> None:
        """Give the bot the id that its token begins with, as in Telegram, unless somebody else has it."""
        if bot_id != self.bot_id and 0 < bot_id < MAX_ID and bot_id not in self.people:
            self.bot_id = bot_id
            self.changed()

    def knows(self, user_id: int) -> bool:
        """Tell whether there is such a user, the bot among them."""
        return user_id == self.bot_id or user_id in self.people

    def kept_id(self, user_id: int) -> int:
        """Return the id under which the world keeps a user: BOT_ID for the bot, whatever its token calls it."""
        return BOT_ID if user_id == self.bot_id else user_id

    def add_person(self, person: Person) -> None:
        """Let a person in: they get a private chat with the bot and are in every group and channel."""
        for chat in self._admit(person):
            self.publish_chat(chat)

    def _admit(self, person: Person) -> list[Chat]:
        self.people[person.id] = person
        shared = [chat for chat in self.chats.values() if chat.type != "private" and not chat.migrated_to]
        for chat in shared:
            chat.members.append(person.id)
        self.chats[person.id] = Chat(person.id, "private", "", [person.id])
        return [self.chats[person.id], *shared]

    def changed(self) -> None:
        """Say that there is something new to save."""
        self.revision += 1
        self.changes.ring()

    def tell_bot(self, kind: str, content: JSON) -> None:
        """Queue an update for the bot."""
        self.updates.put(kind, content)
        self.changed()

    def publish(self, chat: Chat, kind: str, /, **data: Any) -> Event:
        """Tell those who look at `chat` that something happened."""
        self.seq += 1
        event = Event(self.seq, kind, to_json({"seq": self.seq, "type": kind, "chat_id": chat.id, **data}))
        if kind == "chat":
            chat.about = event
        elif kind in PASSING:
            chat.passing.append(event)
        else:
            self.keep_event(chat, event)
        chat.bell.ring()
        self.bell.ring()
        if kind not in PASSING:
            self.changed()
        return event

    def keep_event(self, chat: Chat, event: Event) -> None:
        """Keep an event with those of its chat; beyond 20,000 in all the oldest is forgotten."""
        chat.events.append(event)
        self.event_order.append((chat.id, event.seq))
        if len(self.event_order) > KEPT_IN_ALL:
            oldest, seq = self.event_order.popleft()
            kept = self.chats[oldest].events
            if kept and kept[0].seq == seq:
                kept.popleft()

    def publish_chat(self, chat: Chat) -> None:
        """Tell those who look at `chat` what it is like now."""
        self.publish(chat, "chat", chat=self.listing(chat))

    def events_after(self, seq: int) -> list[Event]:
        """Return what happened anywhere after `seq`, oldest first."""
        found = [event for chat in self.chats.values() for event in chat.events_after(seq)]
        return sorted(found, key=lambda event: event.seq)

    def listing(self, chat: Chat) -> JSON:
        """Return the chat as people see it; a private one bears the bot's name."""
        shown = ("id", "type", "is_forum", "members", "owner", "admins", "bot", "pinned", "migrated_to")
        title = self.me["first_name"] if chat.type == "private" else chat.title
        about = self.description(chat)
        name = ({"username": chat.username} if chat.username else {}) | ({"description": about} if about else {})
        topics = [topic.listing() for topic in chat.topics.values()]
        return {field: getattr(chat, field) for field in shown} | {"title": title, "topics": topics} | name

    def description(self, chat: Chat) -> str:
        """Return what a chat is about; of a private one, what the bot says of itself in the person's language."""
        if chat.type != "private":
            return chat.description
        language = self.people[chat.id].language_code.partition("-")[0]
        return self.profile.get(f"description:{language}") or self.profile.get("description:", "")

    def chat_object(self, chat: Chat) -> JSON:
        """Return the chat as the bot sees it: a Bot API Chat."""
        about: JSON = {"id": chat.id, "type": chat.type}
        if chat.type == "private":
            user = self.people[chat.id].user()
            return about | {key: user[key] for key in ("first_name", "username") if key in user}
        about["title"] = chat.title
        if chat.username:
            about["username"] = chat.username
        return about | ({"is_forum": True} if chat.is_forum else {})

    def post(self, chat: Chat, sender: JSON, content: JSON, *, anonymous: bool = False) -> JSON:
        """Put a new message into the chat and return it; in a channel, or anonymous, it is the chat that speaks."""
        shown = self.chat_object(chat)
        message: JSON = {"message_id": self.next_message_id}
        if chat.type != "channel":
            message["from"] = ANONYMOUS if anonymous else sender
        if chat.type == "channel" or anonymous:
            message["sender_chat"] = shown
        self.next_message_id += 1
        message |= {"chat": shown, "date": int(time.time()), **with_people(content, self.people, self.me)}
        # A person's reply keyboard is no part of the Message; only those who look see it.
        beside = {"reply_keyboard": message.pop("reply_keyboard")} if "reply_keyboard" in message else {}
        if poll := self.polls.get(message.get("poll", {}).get("id", "")):
            message["poll"] = in_message(poll, chat, forwarded="forward_origin" in message)
            poll.show(chat.id, message["message_id"])
        self.publish(chat, "message", message=message, **beside)
        chat.put(message, self.kept_id(sender["id"]))
        self._count(chat, message["message_id"])
        return message

    def _count(self, chat: Chat, message_id: int) -> None:
        self.order.append((chat.id, message_id))
        if len(self.order) > KEPT_IN_ALL:
            oldest, gone = self.order.popleft()
            self.chats[oldest].drop(gone)

    def replace(self, chat: Chat, message: JSON) -> None:
        """Put the edited `message` in the place of the one with its id."""
        chat.messages[message["message_id"]] = message
        self.publish(chat, "edit", message=message)

    def delete(self, chat: Chat, message_id: int) -> None:
        """Take a message away."""
        pinned = message_id in chat.pinned
        chat.drop(message_id)
        self.publish(chat, "delete", message_id=message_id)
        if pinned:
            self.publish_chat(chat)

    def keep_file(self, file: StoredFile) -> None:
        """Keep an upload; beyond 512 MiB in all the oldest are forgotten."""
        self.files[file.file_id] = file
        self.file_bytes += len(file.data)
        while self.file_bytes > KEPT_FILE_BYTES:
            self.file_bytes -= len(self.files.pop(next(iter(self.files))).data)
        self.changed()

    def keep_callback(self, query: JSON) -> None:
        """Remember a button tap until it is answered or a thousand others came."""
        self.callbacks[query["id"]] = query
        if len(self.callbacks) > KEPT_CALLBACKS:
            del self.callbacks[next(iter(self.callbacks))]
        self.changed()

    def keep_inline_query(self, query: InlineQuery) -> None:
        """Remember what somebody asked, and later its results, until 200 others asked; a restart forgets it."""
        self.inline_queries[query.id] = query
        if len(self.inline_queries) > KEPT_INLINE_QUERIES:
            del self.inline_queries[next(iter(self.inline_queries))]

    def close(self) -> None:
        """End every long poll at once; the server is stopping."""
        self.closed = True
        self.faults.closing.set()
        self.updates.close()
        for chat in self.chats.values():
            chat.bell.ring()
        self.bell.ring()

    def reopen(self) -> None:
        """Let long polls wait again; a server is starting."""
        self.closed = self.updates.closed = False
        self.faults.closing.clear()
