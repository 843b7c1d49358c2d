"""The inbox's rows, and the replies that were sent while an update was handled."""

from collections.abc import Sequence
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from bot.storage.tables import InboxRow, Reply, now

# Telegram redelivers what was not confirmed for a day; handled updates are remembered twice as long.
KEEP = timedelta(days=2)


async def store(session: AsyncSession, updates: Sequence[tuple[int, str]]) -> int:
    """Store (update_id, JSON) pairs that are not known yet; return how many were new."""
    ids = [update_id for update_id, _ in updates]
    known = set(await session.scalars(sa.select(InboxRow.update_id).where(InboxRow.update_id.in_(ids))))
    fresh = {update_id: payload for update_id, payload in updates if update_id not in known}
    session.add_all(InboxRow(update_id=update_id, payload=payload) for update_id, payload in fresh.items())
    return len(fresh)


async def waiting(session: AsyncSession, after: int, limit: int) -> list[InboxRow]:
    """Return unfinished rows with an id above `after`, oldest first."""
    rows = await session.scalars(
        sa.select(InboxRow).where(InboxRow.state == "new", InboxRow.id > after).order_by(InboxRow.id).limit(limit)
    )
    return list(rows)


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
    """Close a row. What it said is dropped at once: only the update's id is kept, against redelivery."""
    await session.execute(
        sa.update(InboxRow).where(InboxRow.update_id == update_id).values(state=state, payload="", finished_at=now())
    )


async def forget_finished(session: AsyncSession) -> None:
    """Delete the rows that were finished long ago, with the replies that hang on them."""
    await session.execute(sa.delete(InboxRow).where(InboxRow.state != "new", InboxRow.finished_at < now() - KEEP))


async def count_waiting(session: AsyncSession) -> int:
    """Return how many updates are stored and not finished."""
    return await session.scalar(sa.select(sa.func.count()).where(InboxRow.state == "new")) or 0


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
