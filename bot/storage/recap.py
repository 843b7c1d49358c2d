"""What people said in a group, for its recap, and who wants no part in that."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.storage import people
from bot.storage.people import GROUPS
from bot.storage.tables import Chat, Message, User, Written


@dataclass(frozen=True, slots=True)
class Spoken:
    """A message of a person in a group."""

    message_id: int
    thread_id: int
    name: str
    text: str
    reply_to: int | None
    sent_at: datetime


def spoken(
    session: Session, chat_id: int, *, before: int, after: int = 0, since: datetime | None = None, most: int
) -> tuple[list[Spoken], int]:
    """Return the last messages of people in a chat, oldest first, and how many there were in all since then.

    Commands, the bot's own words and those of people who opted out are left out. `before` is the row of the message
    that asks, 0 for none; those after the row `after` are returned.
    """
    wanted = [*_words_of_people(chat_id), Message.id > after, *([Message.sent_at >= since] if since else [])]
    if before:
        wanted.append(Message.id < before)
    columns = (Message.message_id, Message.thread_id, User.first_name, Message.text, Message.reply_to, Message.sent_at)
    joined = sa.select(*columns).join(User, User.id == Message.user_id).where(*wanted)
    rows = session.execute(joined.order_by(Message.id.desc()).limit(most)).all()
    in_all = sa.select(sa.func.count()).select_from(Message).join(User, User.id == Message.user_id).where(*wanted)
    return [Spoken(*row) for row in reversed(rows)], session.scalar(in_all) or 0


def last_spoken(session: Session, chat_id: int, user_id: int, *, before: int) -> int:
    """Return the row of what a person last wrote in a chat, commands apart, before a row (0: at all); 0 if nothing."""
    own = [*_words_of_people(chat_id), Message.user_id == user_id, *([Message.id < before] if before else [])]
    return session.scalar(sa.select(sa.func.max(Message.id)).join(User, User.id == Message.user_id).where(*own)) or 0


def _words_of_people(chat_id: int) -> Sequence[sa.ColumnElement[Any]]:
    return (
        Message.chat_id == chat_id,
        User.opted_out.is_(False),
        Message.text != "",
        ~Message.text.startswith("/", autoescape=True),
    )


def groups_of(session: Session, user_id: int, most: int) -> list[Chat]:
    """Return the groups in which a person wrote something that is stored, where they wrote last first."""
    last = (
        sa.select(Message.chat_id, sa.func.max(Message.id).label("last"))
        .where(Message.user_id == user_id)
        .group_by(Message.chat_id)
        .subquery()
    )
    found = sa.select(Chat).join(last, last.c.chat_id == Chat.id).where(Chat.type.in_(GROUPS))
    return list(session.scalars(found.order_by(last.c.last.desc()).limit(most)))


def note_joined(session: Session, chat_id: int, kind: str, title: str, moment: datetime) -> None:
    """Remember when the bot was added to a chat."""
    people.meet_chat(session, chat_id, kind, title)
    session.get_one(Chat, chat_id).joined_at = moment


def held(session: Session, user_id: int) -> int:
    """Return how many messages of a person in groups are stored, commands among them."""
    return session.scalar(sa.select(sa.func.count()).select_from(_own(user_id).subquery())) or 0


def _own(user_id: int) -> sa.Select[int]:
    groups = sa.select(Chat.id).where(Chat.type.in_(GROUPS))
    return sa.select(Message.id).where(Message.user_id == user_id, Message.chat_id.in_(groups))


def opt_out(session: Session, user_id: int) -> int:
    """Store from now on nothing that a person says in groups; forget what they said, and what was answered to it.

    Returns how many of their messages there were. Private conversations with the bot stay.
    """
    session.get_one(User, user_id).opted_out = True
    groups, own = sa.select(Chat.id).where(Chat.type.in_(GROUPS)), _own(user_id)
    rows = list(session.scalars(own))
    session.execute(sa.delete(Message).where(Message.answers.in_(own)))
    session.execute(sa.delete(Message).where(Message.user_id == user_id, Message.chat_id.in_(groups)))
    session.execute(sa.delete(Written).where(Written.user_id == user_id, Written.chat_id.in_(groups)))
    return len(rows)


def opt_in(session: Session, user_id: int) -> None:
    """Store again what a person says in groups."""
    session.get_one(User, user_id).opted_out = False
