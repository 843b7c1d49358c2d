"""How a chat has its terms translated."""

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from bot.storage.tables import Term
from bot.storage.upsert import upsert

MOST_TERMS = 200


def put_term(session: Session, chat_id: int, term: str, translation: str) -> bool:
    """Add a term to a chat's glossary, or change it; return False where the glossary is full."""
    key = _key(term)
    if session.get(Term, (chat_id, key)) is None and _count(session, chat_id) >= MOST_TERMS:
        return False
    upsert(
        session,
        Term,
        ("chat_id", "key"),
        {"chat_id": chat_id, "key": key, "term": term, "translation": translation},
    )
    return True


def remove_term(session: Session, chat_id: int, term: str) -> bool:
    """Remove a term, or whatever is translated so, from a chat's glossary; return False where there is none."""
    wanted = _key(term)
    keys = [key for key, translation in _rows(session, chat_id) if wanted in (key, _key(translation))]
    session.execute(delete(Term).where(Term.chat_id == chat_id, Term.key.in_(keys)))
    return bool(keys)


def terms(session: Session, chat_id: int) -> list[tuple[str, str]]:
    """Return a chat's terms with their translations, in the order of the alphabet."""
    rows = session.execute(select(Term.term, Term.translation).where(Term.chat_id == chat_id).order_by(Term.key))
    return [(term, translation) for term, translation in rows]


def _rows(session: Session, chat_id: int) -> list[tuple[str, str]]:
    rows = session.execute(select(Term.key, Term.translation).where(Term.chat_id == chat_id))
    return [(key, translation) for key, translation in rows]


def _count(session: Session, chat_id: int) -> int:
    return session.scalar(select(func.count()).select_from(Term).where(Term.chat_id == chat_id)) or 0


def _key(term: str) -> str:
    return " ".join(term.casefold().split())
