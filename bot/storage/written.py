"""What /generate wrote, for the buttons below it."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from bot.storage.tables import Written
from bot.storage.upsert import upsert


@dataclass(frozen=True, slots=True)
class Draft:
    """A prompt with all that was written for it, and how: `length` in words, 0 where nobody said how many."""

    prompt: str
    text: str = ""
    temperature: float = 0.8
    length: int = 0


def keep(session: Session, chat_id: int, message_id: int, draft: Draft) -> None:
    """Keep what the message with the buttons stands for."""
    values = {
        "chat_id": chat_id,
        "message_id": message_id,
        "prompt": draft.prompt,
        "text": draft.text,
        "temperature": draft.temperature,
        "length": draft.length,
    }
    upsert(session, Written, ("chat_id", "message_id"), values)


def find(session: Session, chat_id: int, message_id: int) -> Draft | None:
    """Return what a message stands for, None if it was too long ago."""
    row = session.get(Written, (chat_id, message_id))
    return Draft(row.prompt, row.text, row.temperature, row.length) if row else None
