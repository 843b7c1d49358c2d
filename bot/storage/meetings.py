"""Study sessions: drafts, announcements, who comes, reminders."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.storage.tables import Attendance, Chat, Meeting, Reminder, User
from bot.storage.upsert import upsert


@dataclass(frozen=True, slots=True)
class Due:
    """A session whose reminder is to be sent now, and whether its chat is a private one."""

    meeting: Meeting
    private: bool


def draft(session: Session, meeting: Meeting) -> list[int]:
    """Store a draft; return the messages of earlier ones of the same person in this chat, which are dropped."""
    earlier = Meeting.chat_id == meeting.chat_id, Meeting.made_by == meeting.made_by, Meeting.state == "draft"
    # Not deleted: its id would be given anew, and the buttons below it would change the new one.
    dropped = sa.update(Meeting).where(*earlier).values(state="cancelled").returning(Meeting.message_id)
    messages = [message_id for message_id in session.scalars(dropped) if message_id]
    meeting.state = "draft"
    session.add(meeting)
    session.flush()
    return messages


def open_draft(session: Session, chat_id: int, made_by: int | None, since: datetime) -> Meeting | None:
    """Return somebody's draft in this chat of a session that begins after `since`."""
    where = Meeting.chat_id == chat_id, Meeting.made_by == made_by, Meeting.state == "draft", Meeting.starts_at > since
    return session.scalar(sa.select(Meeting).where(*where).order_by(Meeting.id.desc()).limit(1))


def show(session: Session, meeting_id: int, thread_id: int, message_id: int) -> int | None:
    """Remember the message that a draft stands in now; return the one that it stood in."""
    meeting = session.get_one(Meeting, meeting_id)
    before = meeting.message_id
    if meeting.state == "draft":
        meeting.thread_id, meeting.message_id = thread_id, message_id
    return before if before != message_id else None


def get(session: Session, chat_id: int, meeting_id: int) -> Meeting | None:
    """Return a session of this chat."""
    return session.scalar(sa.select(Meeting).where(Meeting.id == meeting_id, Meeting.chat_id == chat_id))


def change(session: Session, meeting_id: int, values: Mapping[str, Any]) -> Meeting | None:
    """Change a draft and return it; None when it is none any more."""
    meeting = session.get(Meeting, meeting_id)
    if meeting is None or meeting.state != "draft":
        return None
    for name, value in values.items():
        setattr(meeting, name, value)
    return meeting


def discard(session: Session, meeting_id: int) -> None:
    """Drop a draft."""
    _turn(session, meeting_id, "draft", "cancelled")


def plan(session: Session, meeting_id: int, reminders: Sequence[datetime]) -> bool:
    """Make a draft a planned session, to be reminded of; False when it was no draft any more."""
    if not _turn(session, meeting_id, "draft", "planned"):
        return False
    # That was the draft's; the announcement has yet to be sent.
    session.get_one(Meeting, meeting_id).message_id = None
    session.add_all(Reminder(meeting_id=meeting_id, due_at=due) for due in reminders)
    return True


def cancel(session: Session, meeting_id: int) -> bool:
    """Call a planned session off; nobody is reminded of it. False when it was not planned."""
    session.execute(sa.delete(Reminder).where(Reminder.meeting_id == meeting_id))
    return _turn(session, meeting_id, "planned", "cancelled")


def _turn(session: Session, meeting_id: int, old: str, new: str) -> bool:
    where = Meeting.id == meeting_id, Meeting.state == old
    turned = session.execute(sa.update(Meeting).where(*where).values(state=new).returning(Meeting.id))
    return turned.scalar() is not None


def set_message(session: Session, meeting_id: int, message_id: int) -> None:
    """Remember the message that announces a session."""
    session.get_one(Meeting, meeting_id).message_id = message_id


def upcoming(session: Session, chat_id: int, since: datetime, limit: int = 10) -> list[Meeting]:
    """Return the chat's planned sessions that begin after `since`, the next one first."""
    where = Meeting.chat_id == chat_id, Meeting.state == "planned", Meeting.starts_at > since
    return list(session.scalars(sa.select(Meeting).where(*where).order_by(Meeting.starts_at).limit(limit)))


def answer(session: Session, meeting_id: int, user_id: int, said: str) -> None:
    """Store whether somebody comes: yes, no or maybe."""
    values = {"meeting_id": meeting_id, "user_id": user_id, "answer": said}
    upsert(session, Attendance, ("meeting_id", "user_id"), values)


def answers(session: Session, meeting_id: int) -> list[tuple[str, str]]:
    """Return who answered what, as (name, answer), in a lasting order."""
    query = sa.select(User.first_name, Attendance.answer).join(User, Attendance.user_id == User.id)
    rows = session.execute(query.where(Attendance.meeting_id == meeting_id).order_by(User.first_name, User.id))
    return [(row[0], row[1]) for row in rows]


def claim(session: Session, now: datetime) -> list[Due]:
    """Return the sessions that people are to be reminded of now; nobody else gets them, and each comes once.

    Reminders that are late because the bot was off come together as one, and not after the session has begun.
    """
    due = Reminder.due_at <= now, Reminder.claimed_at.is_(None)
    claimed = sa.update(Reminder).where(*due).values(claimed_at=now).returning(Reminder.meeting_id)
    ids = set(session.execute(claimed).scalars())
    query = sa.select(Meeting, Chat.type).join(Chat, Meeting.chat_id == Chat.id).order_by(Meeting.starts_at)
    wanted = Meeting.id.in_(ids), Meeting.state == "planned", Meeting.starts_at > now
    return [Due(meeting, kind == "private") for meeting, kind in session.execute(query.where(*wanted))]


def set_zone(session: Session, chat_id: int, zone: str) -> None:
    """Store the time zone of a chat, an IANA name."""
    session.get_one(Chat, chat_id).zone = zone
