"""A group becomes a supergroup: a chat with a new id, to which goes what the group had."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.storage import people
from bot.storage.tables import Chat, CoursePlace, Material, Meeting, Term


def move(session: Session, old_id: int, new_id: int) -> None:
    """Give a supergroup the settings, material, glossary and sessions of the group that it was.

    Messages stay where they are: those of the supergroup are counted anew. What the supergroup has already, it keeps.
    """
    old = session.get(Chat, old_id)
    if old is None:
        return
    people.meet_chat(session, new_id, "supergroup", old.title)
    new = session.get_one(Chat, new_id)
    for setting in ("language", "chat_model", "zone", "joined_at"):
        setattr(new, setting, getattr(new, setting) or getattr(old, setting))
    session.execute(sa.update(Material).where(Material.chat_id == old_id).values(chat_id=new_id))
    session.execute(sa.update(Meeting).where(Meeting.chat_id == old_id).values(chat_id=new_id, message_id=None))
    there = sa.select(Term.key).where(Term.chat_id == new_id)
    session.execute(sa.update(Term).where(Term.chat_id == old_id, Term.key.not_in(there)).values(chat_id=new_id))
    readers = sa.select(CoursePlace.user_id).where(CoursePlace.chat_id == new_id)
    places = CoursePlace.chat_id == old_id, CoursePlace.user_id.not_in(readers)
    session.execute(sa.update(CoursePlace).where(*places).values(chat_id=new_id))
