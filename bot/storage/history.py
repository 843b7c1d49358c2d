"""What was said, and what of it a model gets to see."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.storage.tables import Conversation, Message, now


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


async def remember(session: AsyncSession, said: Said) -> int:
    """Store a message and return its row's id; a message that is known already is brought up to date."""
    known = sa.select(Message).where(Message.chat_id == said.chat_id, Message.message_id == said.message_id)
    row = (await session.scalars(known)).one_or_none()
    if row is None:
        row = Message(chat_id=said.chat_id, message_id=said.message_id)
        session.add(row)
    elif row.text != said.text:
        row.edited_at = now()
    row.thread_id, row.user_id, row.reply_to, row.answers = said.thread_id, said.user_id, said.reply_to, said.answers
    row.text, row.talk, row.tokens, row.model = said.text, said.talk, said.tokens, said.model
    if said.sent_at:
        row.sent_at = said.sent_at
    await session.flush()
    return row.id


async def mark_talk(session: AsyncSession, row_id: int, tokens: int) -> None:
    """Make a message part of the conversation with the model; `tokens` is its length."""
    row = await session.get_one(Message, row_id)
    row.talk, row.tokens = True, tokens


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question of the conversation with its answer. `id` is the question's row, `tokens` the length of both."""

    id: int
    question: str
    answer: str
    tokens: int


async def exchanges(session: AsyncSession, chat_id: int, thread_id: int) -> list[Exchange]:
    """Return the answered questions of the running conversation, oldest first.

    Questions that never got an answer are left out, so that the turns always alternate.
    """
    question, answer = aliased(Message), aliased(Message)
    rows = await session.execute(
        sa.select(question.id, question.text, answer.text, question.tokens + answer.tokens)
        .join(answer, answer.answers == question.id)
        .where(
            question.chat_id == chat_id,
            question.thread_id == thread_id,
            question.id >= await start(session, chat_id, thread_id),
            question.talk,
            answer.talk,
        )
        .order_by(question.id)
    )
    return [Exchange(*row) for row in rows]


async def start(session: AsyncSession, chat_id: int, thread_id: int) -> int:
    """Return the row from which on the model remembers the conversation."""
    row = await session.get(Conversation, (chat_id, thread_id))
    return row.start if row else 0


async def start_at(session: AsyncSession, chat_id: int, thread_id: int, row_id: int) -> None:
    """Let the model's memory of the conversation begin at a row."""
    await session.merge(Conversation(chat_id=chat_id, thread_id=thread_id, start=row_id))


async def start_over(session: AsyncSession, chat_id: int, thread_id: int) -> None:
    """Let the model forget the conversation so far; the rows stay."""
    last = await session.scalar(sa.select(sa.func.max(Message.id)))
    await start_at(session, chat_id, thread_id, (last or 0) + 1)
