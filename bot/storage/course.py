"""Where people are in the starter course."""

from sqlalchemy.orm import Session

from bot.storage.tables import CoursePlace
from bot.storage.upsert import upsert


def place(session: Session, chat_id: int, user_id: int) -> int:
    """Return the section where somebody stopped, 1 for who has not begun; user 0 where nobody signs."""
    row = session.get(CoursePlace, (chat_id, user_id))
    return row.section if row else 1


def move(session: Session, chat_id: int, user_id: int, section: int) -> None:
    """Remember the section that somebody has come to."""
    values = {"chat_id": chat_id, "user_id": user_id, "section": section}
    upsert(session, CoursePlace, ("chat_id", "user_id"), values)
