"""The tables. Times are UTC; ids of chats, users and messages are Telegram's."""

from datetime import UTC, datetime

from sqlalchemy import (
    BigInteger,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    MetaData,
    Text,
    TypeDecorator,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

# Else SQLite gives the ids of removed rows anew: an old button, or work that is under way, would mean another row.
_NEVER_TWICE = {"sqlite_autoincrement": True}
# In a table with a column `text` the function is out of sight.
_EMPTY = text("''")


class Utc(TypeDecorator[datetime]):
    """An aware datetime, stored in UTC also where the database keeps no zone (SQLite)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002, D102
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002, D102
        return value.replace(tzinfo=UTC) if value and value.tzinfo is None else value


def now() -> datetime:
    """Return the present moment, aware and in UTC."""
    return datetime.now(UTC)


class Table(DeclarativeBase):
    """Base of all tables; constraint names are fixed so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: Utc, str: Text}  # noqa: RUF012 - SQLAlchemy's own interface


class Chat(Table):
    """A private chat, group or channel, with its settings (empty: not set).

    `zone` is an IANA time zone; `joined_at` is when the bot was added, where it saw that.
    """

    __tablename__ = "chats"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    type: Mapped[str]
    title: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(default="")
    chat_model: Mapped[str] = mapped_column(default="")
    zone: Mapped[str] = mapped_column(default="", server_default=text("''"))
    joined_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=now)


class User(Table):
    """A person, with their settings (empty: not set; then Telegram's language_code decides).

    `verbose`: answers carry a footer. `opted_out`: what they say in groups is neither stored nor recapped.
    """

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    first_name: Mapped[str]
    username: Mapped[str] = mapped_column(default="")
    language_code: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(default="")
    verbose: Mapped[bool] = mapped_column(default=False, server_default=false())
    opted_out: Mapped[bool] = mapped_column(default=False, server_default=false())
    created_at: Mapped[datetime] = mapped_column(default=now)


class Message(Table):
    """What is said. `answers` is the row that the bot's words answer, `question` what is asked of material, in full."""

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("chat_id", "message_id"),
        Index("ix_messages_conversation", "chat_id", "thread_id", "id"),
        _NEVER_TWICE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    chat_id: Mapped[int] = mapped_column(ForeignKey("chats.id", ondelete="CASCADE"))
    thread_id: Mapped[int] = mapped_column(default=0)
    message_id: Mapped[int] = mapped_column(BigInteger)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    reply_to: Mapped[int | None] = mapped_column(BigInteger)
    answers: Mapped[int | None] = mapped_column(ForeignKey("messages.id", ondelete="SET NULL"), index=True)
    text: Mapped[str]
    talk: Mapped[bool] = mapped_column(default=False)
    tokens: Mapped[int] = mapped_column(default=0)
    model: Mapped[str] = mapped_column(default="")
    question: Mapped[str] = mapped_column(default="", server_default=_EMPTY)
    sent_at: Mapped[datetime] = mapped_column(default=now)
    edited_at: Mapped[datetime | None]


class Conversation(Table):
    """Where the model's memory of a chat (and thread) begins: rows before `start` are kept but not sent to it."""

    __tablename__ = "conversations"

    chat_id: Mapped[int] = mapped_column(ForeignKey("chats.id", ondelete="CASCADE"), primary_key=True)
    thread_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    start: Mapped[int] = mapped_column(default=0)


class InboxRow(Table):
    """An update as Telegram sent it, from before it is confirmed until it is handled.

    `state`: new; failing (it is, and a person is being offered another try); again (it shall be handled once more);
    and finished: done, failed, unreadable.
    """

    __tablename__ = "inbox"
    __table_args__ = (
        Index("ix_inbox_state_id", "state", "id"),
        _NEVER_TWICE,  # the feeder, which looks above the last id, would miss rows
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    update_id: Mapped[int] = mapped_column(BigInteger, unique=True)
    payload: Mapped[str]
    state: Mapped[str] = mapped_column(default="new")
    attempts: Mapped[int] = mapped_column(default=0)
    received_at: Mapped[datetime] = mapped_column(default=now)
    finished_at: Mapped[datetime | None]


class Reply(Table):
    """A message that the bot has already sent while handling an update, so that a replay edits it."""

    __tablename__ = "replies"

    update_id: Mapped[int] = mapped_column(
        ForeignKey("inbox.update_id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    part: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    chat_id: Mapped[int] = mapped_column(BigInteger)
    message_id: Mapped[int] = mapped_column(BigInteger)


class Asked(Table):
    """A message in which the bot asked for the text that a command lacked; whoever answers it gives that text.

    `words` are the command's arguments.
    """

    __tablename__ = "asked"

    chat_id: Mapped[int] = mapped_column(ForeignKey("chats.id", ondelete="CASCADE"), primary_key=True)
    message_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    command: Mapped[str]
    words: Mapped[str] = mapped_column(default="")
    asked_at: Mapped[datetime] = mapped_column(default=now)


class Term(Table):
    """A line of a chat's glossary: how a term is translated. `key` is the term in lower case."""

    __tablename__ = "glossary"

    chat_id: Mapped[int] = mapped_column(ForeignKey("chats.id", ondelete="CASCADE"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    term: Mapped[str]
    translation: Mapped[str]


class Material(Table):
    """A text that a chat (and topic) studies. Without a chat it is the starter course, which all have.

    `state`: new, indexing, ready, failed (then `problem` is the text key that says why). `pages` are slides or sections
    where the file has no pages. `sha256` is of the file's bytes; `done` counts the chunks that have their vectors.
    """

    __tablename__ = "materials"
    __table_args__ = (Index("ix_materials_chat_id_thread_id", "chat_id", "thread_id"), _NEVER_TWICE)

    id: Mapped[int] = mapped_column(primary_key=True)
    chat_id: Mapped[int | None] = mapped_column(ForeignKey("chats.id", ondelete="CASCADE"))
    thread_id: Mapped[int] = mapped_column(default=0)
    title: Mapped[str]
    kind: Mapped[str]
    language: Mapped[str] = mapped_column(default="")
    sha256: Mapped[str] = mapped_column(index=True)
    bytes: Mapped[int] = mapped_column(default=0)
    pages: Mapped[int] = mapped_column(default=0)
    chunks: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(default="new")
    problem: Mapped[str] = mapped_column(default="")
    added_by: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    added_at: Mapped[datetime] = mapped_column(default=now)


class Chunk(Table):
    """A passage of a material, on the pages from `page` to `last_page`. `vector` is float16, `encoder` whose it is."""

    __tablename__ = "chunks"
    __table_args__ = (UniqueConstraint("material_id", "number"), _NEVER_TWICE)

    id: Mapped[int] = mapped_column(primary_key=True)
    material_id: Mapped[int] = mapped_column(ForeignKey("materials.id", ondelete="CASCADE"))
    number: Mapped[int]
    page: Mapped[int]
    last_page: Mapped[int]
    heading: Mapped[str] = mapped_column(default="")
    text: Mapped[str]
    vector: Mapped[bytes | None]
    encoder: Mapped[str] = mapped_column(default="")


class CoursePlace(Table):
    """Where somebody is in the starter course: the person, or the chat (user 0) where nobody signs."""

    __tablename__ = "course_places"

    chat_id: Mapped[int] = mapped_column(ForeignKey("chats.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    section: Mapped[int] = mapped_column(default=1)


class Meeting(Table):
    """A study session that a chat plans. `state`: draft, planned, cancelled. `zone` is an IANA time zone."""

    __tablename__ = "meetings"

    id: Mapped[int] = mapped_column(primary_key=True)
    chat_id: Mapped[int] = mapped_column(ForeignKey("chats.id", ondelete="CASCADE"), index=True)
    thread_id: Mapped[int] = mapped_column(default=0)
    message_id: Mapped[int | None] = mapped_column(BigInteger)
    starts_at: Mapped[datetime]
    zone: Mapped[str]
    chapter: Mapped[str] = mapped_column(default="")
    place: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default="planned")
    made_by: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    made_at: Mapped[datetime] = mapped_column(default=now)


class Attendance(Table):
    """What a person answered to the invitation to a session: yes, no, maybe."""

    __tablename__ = "attendance"

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    answer: Mapped[str]


class Reminder(Table):
    """A reminder of a session that is due; the row is claimed (`claimed_at`) before it is sent, so it is sent once."""

    __tablename__ = "reminders"

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"), primary_key=True)
    due_at: Mapped[datetime] = mapped_column(primary_key=True)
    claimed_at: Mapped[datetime | None]


class Written(Table):
    """What the bot wrote when it handled a /generate or a tap below one, so that the buttons can go on from there.

    `text` is all that was written for the prompt so far. `length` is in words, 0 where nobody said how many.
    """

    __tablename__ = "written"

    chat_id: Mapped[int] = mapped_column(ForeignKey("chats.id", ondelete="CASCADE"), primary_key=True)
    update_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    prompt: Mapped[str]
    text: Mapped[str]
    temperature: Mapped[float]
    length: Mapped[int] = mapped_column(default=0)
    written_at: Mapped[datetime] = mapped_column(default=now)
