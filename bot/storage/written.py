"""What /generate wrote, for the buttons below it."""

from typing import NamedTuple

from sqlalchemy.orm import Session

from bot.storage import people
from bot.storage.tables import Written
from bot.storage.upsert import upsert


class Draft(NamedTuple):
    """A prompt with all that was written for it, and how: `length` in words, 0 where nobody said how many."""

    prompt: str
    text: str
    temperature: float
    length: int


def keep(session: Session, chat_id: int, update_id: int, user_id: int, draft: Draft) -> None:
    """Keep what the buttons of the answer to an update stand for, and who asked for it (0: nobody signed).

    Nothing of a person who opted out of what is stored in this group, be it a moment ago.
    """
    if people.silent(session, chat_id, user_id):
        return
    values = {"chat_id": chat_id, "update_id": update_id, "user_id": user_id or None, **draft._asdict()}
    upsert(session, Written, ("chat_id", "update_id"), values)


def find(session: Session, chat_id: int, update_id: int) -> Draft | None:
    """Return what buttons stand for, None if it was too long ago."""
    row = session.get(Written, (chat_id, update_id))
    return Draft(row.prompt, row.text, row.temperature, row.length) if row else None
