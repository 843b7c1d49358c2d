"""What was said, and what of it a model gets to see."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from bot.storage.tables import Conversation, Message, Utc, now
from bot.storage.upsert import upsert


@dataclass(frozen=True, slots=True)
class Said:
    """One message to remember. `talk` marks the words of a conversation with the model, as against commands."""

    chat_id: int
    thread_id: int
    message_id: int
    text: str
    user_id: int | None = None
    reply_to: int | None = None
    answers: int | None = None
    talk: bool = False
    tokens: int = 0
    model: str = ""
    sent_at: datetime | None = None


def remember(session: Session, said: Said) -> int:
    """Store a message and return its row's id; a message that is known already is brought up to date.

    What answers a row that was forgotten meanwhile is not stored: then the id is 0.
    """
    if said.answers and session.scalar(sa.select(Message.id).where(Message.id == said.answers)) is None:
        return 0
    values = asdict(said)
    if said.sent_at is None:
        del values["sent_at"]  # now, unless it is known better
    return int(upsert(session, Message, ("chat_id", "message_id"), values, _edited).id)


def _edited(new: Any) -> dict[str, sa.ColumnElement[Any]]:
    moment = sa.bindparam(None, callable_=now, type_=Utc())
    return {"edited_at": sa.case((Message.text != new.text, moment), else_=Message.edited_at)}


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question of the conversation with its answer. `id` is the question's row, `tokens` the length of both.

    `of_material`: the question was put to the material, and stands here in full.
    """

    id: int
    question: str
    answer: str
    tokens: int
    of_material: bool = False


# Made once, as all that every question needs: making a statement costs more than executing it.
_QUESTION, _ANSWER = aliased(Message), aliased(Message)
_CHAT, _THREAD = sa.bindparam("chat", type_=sa.BigInteger), sa.bindparam("thread", type_=sa.Integer)
_START = (
    sa.select(Conversation.start)
    .where(Conversation.chat_id == _CHAT, Conversation.thread_id == _THREAD)
    .scalar_subquery()
)
_EXCHANGES = (
    sa.select(
        _QUESTION.id,
        sa.case((_QUESTION.question != "", _QUESTION.question), else_=_QUESTION.text),
        _ANSWER.text,
        _QUESTION.tokens + _ANSWER.tokens,
        _QUESTION.question != "",
    )
    .join(_ANSWER, sa.and_(_ANSWER.answers == _QUESTION.id, _ANSWER.chat_id == _QUESTION.chat_id))
    .where(
        _QUESTION.chat_id == _CHAT,
        _QUESTION.thread_id == _THREAD,
        _QUESTION.id >= sa.func.coalesce(_START, 0),
        _QUESTION.talk,
        _ANSWER.talk,
    )
    .order_by(_QUESTION.id)
)


def exchanges(session: Session, chat_id: int, thread_id: int) -> list[Exchange]:
    """Return the answered questions of the running conversation, oldest first.

    Questions that never got an answer are left out, so that the turns always alternate.
    """
    rows = session.execute(_EXCHANGES, {"chat": chat_id, "thread": thread_id})
    return [Exchange(*row) for row in rows]


def ask(
    session: Session, row_id: int, chat_id: int, thread_id: int, tokens: int, to_drop: Callable[[list[int]], int]
) -> list[Exchange]:
    """Make a message, `tokens` long, a question of the conversation; return the exchanges that are remembered with it.

    `to_drop` says, given the exchanges' lengths, how many of the oldest leave the model's memory for good.
    """
    past = exchanges(session, chat_id, thread_id)
    session.execute(sa.update(Message).where(Message.id == row_id).values(talk=True, tokens=tokens))
    if dropped := to_drop([exchange.tokens for exchange in past]):
        past = past[dropped:]
        begin = past[0].id if past else row_id
        # A question that is asked again may be older than what /new left behind.
        start_at(session, chat_id, thread_id, max(begin, _start(session, chat_id, thread_id)))
    return past


def note_question(session: Session, row_id: int, question: str) -> None:
    """Remember what a message asked of the material, in full."""
    session.execute(sa.update(Message).where(Message.id == row_id).values(question=question))


def _start(session: Session, chat_id: int, thread_id: int) -> int:
    return session.scalar(sa.select(_START), {"chat": chat_id, "thread": thread_id}) or 0


def start_at(session: Session, chat_id: int, thread_id: int, row_id: int) -> None:
    """Let the model's memory of the conversation begin at a row."""
    values = {"chat_id": chat_id, "thread_id": thread_id, "start": row_id}
    upsert(session, Conversation, ("chat_id", "thread_id"), values)


def start_over(session: Session, chat_id: int, thread_id: int) -> None:
    """Let the model forget the conversation so far; the rows stay."""
    last = session.scalar(sa.select(sa.func.max(Message.id)))
    start_at(session, chat_id, thread_id, (last or 0) + 1)
