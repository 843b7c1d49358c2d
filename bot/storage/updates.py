"""The inbox's rows, and the replies that were sent while an update was handled."""

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.storage.tables import Asked, InboxRow, Reply, Utc, Written, now
from bot.storage.upsert import insert_new, upsert

# Telegram redelivers what was not confirmed for a day; handled updates are remembered twice as long.
KEEP = timedelta(days=2)
# While its first handling ends, and after that.
_FAILED = ("failing", "failed")

# What every update needs is made once: making a statement costs more than executing it.
_INBOX = cast("sa.Table", InboxRow.__table__)
_ROWS = _INBOX.c
_FAILING = _ROWS.state == "failing"
_BEGIN = (
    sa.update(_INBOX)
    .where(_ROWS.update_id == sa.bindparam("begun"))
    .values(attempts=_ROWS.attempts + 1)
    .returning(_ROWS.attempts)
)
_FINISH = (
    sa.update(_INBOX)
    .where(_ROWS.update_id == sa.bindparam("ended"), (_ROWS.state == "new") | _FAILING)
    .values(
        state=sa.case((_FAILING, "failed"), else_=sa.bindparam("as")),
        payload=sa.case((_FAILING, _ROWS.payload), else_=""),
        finished_at=sa.bindparam("at", type_=Utc()),
    )
)
_WAITING = (
    sa.select(InboxRow)
    .where(
        (InboxRow.state.in_(("new", "failing")) & (InboxRow.id > sa.bindparam("after"))) | (InboxRow.state == "again")
    )
    .order_by(InboxRow.id)
    .limit(sa.bindparam("limit", type_=sa.Integer))
)
_REPLIES = sa.select(Reply.part, Reply.message_id).where(Reply.update_id == sa.bindparam("answered"))


def store(session: Session, updates: Sequence[tuple[int, str]]) -> None:
    """Store (update_id, JSON) pairs; those that are known already stay as they are."""
    rows = [{"update_id": update_id, "payload": payload} for update_id, payload in updates]
    insert_new(session, InboxRow, ("update_id",), rows)


def waiting(session: Session, after: int, limit: int, but: Collection[int] = ()) -> list[InboxRow]:
    """Return unfinished rows with an id above `after`, oldest first, and those to be handled once more.

    The latter become like new ones, unless their id is in `but`: their first handling is just ending.
    """
    found = session.scalars(_WAITING, {"after": after, "limit": limit})
    rows = [row for row in found if row.state != "again" or row.update_id not in but]
    for row in rows:
        row.state = "new"
    return rows


def begin(session: Session, update_id: int) -> int:
    """Count an attempt at handling an update; return how many there have been."""
    return session.connection().execute(_BEGIN, {"begun": update_id}).scalar() or 0


def take_back(session: Session, update_id: int) -> None:
    """Uncount an attempt that was ended in good order."""
    session.execute(
        sa.update(InboxRow)
        .where(InboxRow.update_id == update_id, InboxRow.attempts > 0)
        .values(attempts=InboxRow.attempts - 1)
    )


def finish(session: Session, ended: Mapping[int, str]) -> None:
    """Close rows; `ended` is update id → state. What they said is dropped: only the ids are kept, against redelivery.

    If one failed so that it can be tried again, what it said is kept as long as the id.
    """
    if ended:
        session.connection().execute(
            _FINISH, [{"ended": key, "as": state, "at": now()} for key, state in ended.items()]
        )


def mark_failing(session: Session, update_id: int) -> None:
    """Note that this handling fails and that the person is about to be offered another one."""
    session.execute(sa.update(InboxRow).where(InboxRow.update_id == update_id).values(state="failing"))


def failed(session: Session, update_id: int, chat_id: int, message_id: int) -> str | None:
    """Return an update that failed and can be tried again, if this message was part of the reply to it."""
    return session.scalar(
        sa.select(InboxRow.payload)
        .join(Reply, Reply.update_id == InboxRow.update_id)
        .where(
            InboxRow.update_id == update_id,
            InboxRow.state.in_(_FAILED),
            Reply.chat_id == chat_id,
            Reply.message_id == message_id,
        )
    )


def try_again(session: Session, update_id: int) -> bool:
    """Let an update that failed be handled once more, with messages of its own; False if it is no longer there."""
    row = (
        session.scalars(
            sa.update(InboxRow)
            .where(InboxRow.update_id == update_id, InboxRow.state.in_(_FAILED))
            .values(state="again", attempts=0, finished_at=None)
            .returning(InboxRow.id)
        )
    ).one_or_none()
    if row is None:
        return False
    session.execute(sa.delete(Reply).where(Reply.update_id == update_id))
    return True


def forget_finished(session: Session) -> None:
    """Delete rows that were finished long ago, with the replies that hang on them, and old questions and texts."""
    session.execute(sa.delete(InboxRow).where(InboxRow.finished_at < now() - KEEP))
    session.execute(sa.delete(Asked).where(Asked.asked_at < now() - 15 * KEEP))
    session.execute(sa.delete(Written).where(Written.written_at < now() - 15 * KEEP))


def count_waiting(session: Session) -> int:
    """Return how many updates are stored and not finished."""
    return session.scalar(sa.select(sa.func.count()).where(InboxRow.finished_at.is_(None))) or 0


def forget_replies(session: Session, update_id: int, parts: Sequence[int]) -> None:
    """Forget parts of a reply whose messages have been deleted."""
    session.execute(sa.delete(Reply).where(Reply.update_id == update_id, Reply.part.in_(parts)))


def replies(session: Session, update_id: int) -> dict[int, int]:
    """Return part → message id of what was already sent in reply to an update."""
    rows = session.execute(_REPLIES, {"answered": update_id})
    return {row.part: row.message_id for row in rows}


def add_reply(session: Session, update_id: int, part: int, chat_id: int, message_id: int) -> None:
    """Record that a part of the reply to an update has been sent."""
    values = {"update_id": update_id, "part": part, "chat_id": chat_id, "message_id": message_id}
    upsert(session, Reply, ("update_id", "part"), values)


def note_question(session: Session, chat_id: int, message_id: int, command: str, words: str) -> None:
    """Remember a message that asks for the text of a command, and the command's options."""
    values = {"chat_id": chat_id, "message_id": message_id, "command": command, "words": words}
    upsert(session, Asked, ("chat_id", "message_id"), values)


def question(session: Session, chat_id: int, message_id: int) -> Asked | None:
    """Return what a message asked for, None if it is no such question."""
    return session.get(Asked, (chat_id, message_id))
