"""People, chats and what they hold."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.playground.bell import Bell
from bot.playground.json_text import JSON

BOT_ID = 7000
KEPT_EVENTS = 2000
KEPT_PASSING = 200
KEPT_MESSAGES = 2000
PRESENT = frozenset({"creator", "administrator", "member"})
"""The statuses of those who are in a chat."""
GENERAL = 1
"""The id of a forum's General topic; messages in it carry no thread."""
TOPIC_COLORS = (7322096, 16766590, 13338331, 9367192, 16749490, 16478047)
"""RGB of the icons that Telegram allows: https://core.telegram.org/bots/api#createforumtopic"""


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


@dataclass(slots=True)
class Topic:
    """A topic of a forum; `id` is the id of the message that created it."""

    id: int
    name: str
    icon_color: int
    icon_custom_emoji_id: str = ""
    closed: bool = False
    hidden: bool = False

    def listing(self) -> JSON:
        """Return the topic as people see it."""
        shown = {name: getattr(self, name) for name in ("name", "icon_color", "closed", "hidden")}
        return {"message_thread_id": self.id, **shown}


@dataclass(slots=True)
class Chat:
    """A chat; a private one has its person's id. Stored messages are replaced, never changed in place.

    `bot` is the bot's status here; in a private chat "kicked" means that the person blocked it.
    """

    id: int
    type: str
    title: str
    members: list[int]
    owner: int = 0
    admins: list[int] = field(default_factory=list)
    banned: list[int] = field(default_factory=list)
    bot: str = "member"
    username: str = ""
    description: str = ""
    is_forum: bool = False
    migrated_to: int = 0
    menu_button: JSON | None = None
    pinned: list[int] = field(default_factory=list)
    topics: dict[int, Topic] = field(default_factory=dict)
    reactions: dict[int, dict[int, list[str]]] = field(default_factory=dict)
    messages: dict[int, JSON] = field(default_factory=dict)
    authors: dict[int, int] = field(default_factory=dict)
    events: deque[Event] = field(default_factory=lambda: deque(maxlen=KEPT_EVENTS))
    passing: deque[Event] = field(default_factory=lambda: deque(maxlen=KEPT_PASSING))
    about: Event | None = None
    """The newest of the events that tell what the chat is like; each tells all, so older ones mean nothing."""
    bell: Bell = field(default_factory=Bell)

    def __post_init__(self) -> None:
        """Give a forum its General topic, which is always there."""
        if self.is_forum:
            self.topics.setdefault(GENERAL, Topic(GENERAL, "General", TOPIC_COLORS[0]))

    def status(self, user_id: int) -> str:
        """Return how a user stands here, in the words of a Bot API ChatMember."""
        if user_id == BOT_ID:
            return self.bot
        if user_id not in self.members:
            return "kicked" if user_id in self.banned else "left"
        if self.type != "private" and user_id == self.owner:
            return "creator"
        return "administrator" if user_id in self.admins else "member"

    def is_admin(self, user_id: int) -> bool:
        """Tell whether a user runs this chat."""
        return self.status(user_id) in {"creator", "administrator"}

    def author(self, message_id: int) -> int:
        """Return who wrote a message, 0 if it is not known; posts in channels do not say so themselves."""
        return self.authors.get(message_id, 0)

    def put(self, message: JSON, author: int) -> None:
        """Keep a new message; the oldest beyond 2000 is forgotten."""
        self.messages[message["message_id"]] = message
        self.authors[message["message_id"]] = author
        if len(self.messages) > KEPT_MESSAGES:
            self.drop(next(iter(self.messages)))

    def drop(self, message_id: int) -> None:
        """Forget a message and all that hangs on it."""
        for kept in (self.messages, self.authors, self.reactions):
            kept.pop(message_id, None)
        if message_id in self.pinned:
            self.pinned.remove(message_id)

    def events_after(self, seq: int) -> list[Event]:
        """Return what happened after `seq`, oldest first."""
        about = [self.about] if self.about and self.about.seq > seq else []
        found = [event for kept in (self.events, self.passing) for event in _newer(kept, seq)] + about
        return sorted(found, key=lambda event: event.seq)


def _newer(kept: deque[Event], seq: int) -> Iterator[Event]:
    for event in reversed(kept):
        if event.seq <= seq:
            return
        yield event
