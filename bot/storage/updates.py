"""The inbox's rows, and the replies that were sent while an update was handled."""

from collections.abc import Collection, Sequence
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from bot.storage.tables import InboxRow, Reply, now

# Telegram redelivers what was not confirmed for a day; handled updates are remembered twice as long.
KEEP = timedelta(days=2)
# While its first handling ends, and after that.
_FAILED = ("failing", "failed")


async def store(session: AsyncSession, updates: Sequence[tuple[int, str]]) -> int:
    """Store (update_id, JSON) pairs that are not known yet; return how many were new."""
    ids = [update_id for update_id, _ in updates]
    known = set(await session.scalars(sa.select(InboxRow.update_id).where(InboxRow.update_id.in_(ids))))
    fresh = {update_id: payload for update_id, payload in updates if update_id not in known}
    session.add_all(InboxRow(update_id=update_id, payload=payload) for update_id, payload in fresh.items())
    return len(fresh)


async def waiting(session: AsyncSession, after: int, limit: int, but: Collection[int] = ()) -> list[InboxRow]:
    """Return unfinished rows with an id above `after`, oldest first, and those to be handled once more.

    The latter become like new ones, unless their id is in `but`: their first handling is just ending.
    """
    fresh = sa.and_(InboxRow.state.in_(("new", "failing")), InboxRow.id > after)
    again = sa.and_(InboxRow.state == "again", InboxRow.update_id.not_in(but))
    rows = list(await session.scalars(sa.select(InboxRow).where(fresh | again).order_by(InboxRow.id).limit(limit)))
    for row in rows:
        row.state = "new"
    return rows


async def begin(session: AsyncSession, update_id: int) -> int:
    """Count an attempt at handling an update; return how many there have been."""
    attempts = await session.scalar(
        sa.update(InboxRow)
        .where(InboxRow.update_id == update_id)
        .values(attempts=InboxRow.attempts + 1)
        .returning(InboxRow.attempts)
    )
    return attempts or 0


async def take_back(session: AsyncSession, update_id: int) -> None:
    """Uncount an attempt that was ended in good order."""
    await session.execute(
        sa.update(InboxRow)
        .where(InboxRow.update_id == update_id, InboxRow.attempts > 0)
        .values(attempts=InboxRow.attempts - 1)
    )


async def finish(session: AsyncSession, update_id: int, state: str) -> None:
    """Close a row. What it said is dropped at once: only the update's id is kept, against redelivery.

    If it failed so that it can be tried again, what it said is kept as long as the id.
    """
    of_update = sa.update(InboxRow).where(InboxRow.update_id == update_id)
    await session.execute(of_update.where(InboxRow.state == "failing").values(state="failed", finished_at=now()))
    await session.execute(of_update.where(InboxRow.state == "new").values(state=state, payload="", finished_at=now()))


async def mark_failing(session: AsyncSession, update_id: int) -> None:
    """Note that this handling fails and that the person is about to be offered another one."""
    await session.execute(sa.update(InboxRow).where(InboxRow.update_id == update_id).values(state="failing"))


async def failed(session: AsyncSession, update_id: int, chat_id: int, message_id: int) -> str | None:
    """Return an update that failed and can be tried again, if this message was part of the reply to it."""
    return await session.scalar(
        sa.select(InboxRow.payload)
        .join(Reply, Reply.update_id == InboxRow.update_id)
        .where(
            InboxRow.update_id == update_id,
            InboxRow.state.in_(_FAILED),
            Reply.chat_id == chat_id,
            Reply.message_id == message_id,
        )
    )


async def try_again(session: AsyncSession, update_id: int) -> bool:
    """Let an update that failed be handled once more, with messages of its own; False if it is no longer there."""
    row = (
        await session.scalars(
            sa.update(InboxRow)
            .where(InboxRow.update_id == update_id, InboxRow.state.in_(_FAILED))
            .values(state="again", attempts=0, finished_at=None)
            .returning(InboxRow.id)
        )
    ).one_or_none()
    if row is None:
        return False
    await session.execute(sa.delete(Reply).where(Reply.update_id == update_id))
    return True


async def forget_finished(session: AsyncSession) -> None:
    """Delete the rows that were finished long ago, with the replies that hang on them."""
    await session.execute(sa.delete(InboxRow).where(InboxRow.finished_at < now() - KEEP))


async def count_waiting(session: AsyncSession) -> int:
    """Return how many updates are stored and not finished."""
    return await session.scalar(sa.select(sa.func.count()).where(InboxRow.finished_at.is_(None))) or 0


async def forget_replies(session: AsyncSession, update_id: int, parts: Sequence[int]) -> None:
    """Forget parts of a reply whose messages have been deleted."""
    await session.execute(sa.delete(Reply).where(Reply.update_id == update_id, Reply.part.in_(parts)))


async def replies(session: AsyncSession, update_id: int) -> dict[int, int]:
    """Return part → message id of what was already sent in reply to an update."""
    rows = await session.scalars(sa.select(Reply).where(Reply.update_id == update_id))
    return {row.part: row.message_id for row in rows}


async def add_reply(session: AsyncSession, update_id: int, part: int, chat_id: int, message_id: int) -> None:
    """Record that a part of the reply to an update has been sent."""
    await session.merge(Reply(update_id=update_id, part=part, chat_id=chat_id, message_id=message_id))
