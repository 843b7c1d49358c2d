"""What people said in a chat, for its mood."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.storage.tables import Message, User


@dataclass(frozen=True, slots=True)
class Uttered:
    """A person's message. The names are those that the person goes by, by which no topic may be called."""

    user_id: int
    names: str
    text: str
    sent_at: datetime


def uttered(session: Session, chat_id: int, *, since: datetime, before: int, most: int) -> list[Uttered]:
    """Return the last messages of people in a chat, oldest first, from before the row of the message that asks.

    Commands, the bot's own words and those of people who opted out are left out.
    """
    names = User.first_name + " " + User.username
    wanted = (
        sa.select(User.id, names, Message.text, Message.sent_at)
        .join(User, User.id == Message.user_id)
        .where(Message.chat_id == chat_id, Message.id < before, Message.sent_at >= since, User.opted_out.is_(False))
        .where(Message.text != "", ~Message.text.startswith("/", autoescape=True))
        .order_by(Message.id.desc())
        .limit(most)
    )
    return [Uttered(*row) for row in reversed(session.execute(wanted).all())]
