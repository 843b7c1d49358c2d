"""What is remembered of a conversation."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from bot.config import Settings
from bot.storage import history, people, updates
from bot.storage.database import Sessions, opened
from bot.storage.history import Said
from bot.storage.tables import InboxRow, Message, Reply, User, now


@pytest.fixture
async def sessions(settings: Settings) -> AsyncGenerator[Sessions]:
    async with opened(settings.database) as factory:
        async with factory.begin() as session:
            await people.meet_chat(session, 1, "private", "Lucía")
        yield factory


async def exchange(sessions: Sessions, number: int, *, talk: bool = True) -> int:
    async with sessions.begin() as session:
        question = await history.remember(session, Said(1, 0, number * 2, f"q{number}", talk=talk, tokens=3))
        await history.remember(session, Said(1, 0, number * 2 + 1, f"a{number}", answers=question, talk=talk, tokens=4))
    return question


async def seen(sessions: Sessions) -> list[str]:
    async with sessions() as session:
        return [found.question for found in await history.exchanges(session, 1, 0)]


async def test_exchanges_come_in_order_with_their_lengths(sessions: Sessions) -> None:
    for number in range(3):
        await exchange(sessions, number)
    async with sessions() as session:
        found = await history.exchanges(session, 1, 0)
    assert [(one.question, one.answer, one.tokens) for one in found] == [(f"q{n}", f"a{n}", 7) for n in range(3)]


async def test_commands_and_unanswered_questions_are_left_out(sessions: Sessions) -> None:
    await exchange(sessions, 0)
    await exchange(sessions, 1, talk=False)
    async with sessions.begin() as session:
        await history.remember(session, Said(1, 0, 90, "nobody answered", talk=True))
        await history.remember(session, Said(1, 7, 91, "in another thread", talk=True))
    assert await seen(sessions) == ["q0"]


async def test_start_over_forgets_and_keeps_the_rows(sessions: Sessions) -> None:
    await exchange(sessions, 0)
    async with sessions.begin() as session:
        await history.start_over(session, 1, 0)
    await exchange(sessions, 1)
    assert await seen(sessions) == ["q1"]
    async with sessions() as session:
        assert await session.scalar(sa.select(sa.func.count()).select_from(Message)) == 4


async def test_message_that_is_known_is_brought_up_to_date(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        first = await history.remember(session, Said(1, 0, 5, "hola"))
        again = await history.remember(session, Said(1, 0, 5, "hola, ¿qué tal?"))
    async with sessions() as session:
        row = await session.get_one(Message, first)
    assert first == again
    assert row.text == "hola, ¿qué tal?"
    assert row.edited_at is not None


async def test_times_are_utc_whatever_zone_they_came_in(sessions: Sessions) -> None:
    noon = datetime(2026, 3, 1, 12, tzinfo=timezone(timedelta(hours=-3)))
    async with sessions.begin() as session:
        row_id = await history.remember(session, Said(1, 0, 5, "hola", sent_at=noon))
    async with sessions() as session:
        stored = (await session.get_one(Message, row_id)).sent_at
    assert stored == noon
    assert stored.tzinfo == UTC


async def test_messages_need_their_chat(sessions: Sessions) -> None:
    with pytest.raises(IntegrityError) as caught:
        async with sessions.begin() as session:
            await history.remember(session, Said(404, 0, 5, "palabras privadas"))
    assert "palabras privadas" not in str(caught.value), "statements' values stay out of errors"


async def test_settings_survive_meeting_again(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        await people.meet_user(session, 9, "Ben", "ben", "en")
        await people.set_user_language(session, 9, "es")
    async with sessions.begin() as session:
        await people.meet_user(session, 9, "Benjamin", "", "de")
    async with sessions() as session:
        user = await session.get_one(User, 9)
    assert (user.first_name, user.username, user.language_code, user.language) == ("Benjamin", "", "de", "es")


async def test_many_writers_at_once_wait_for_each_other(sessions: Sessions) -> None:
    await asyncio.gather(*(exchange(sessions, number) for number in range(30)))
    assert len(await seen(sessions)) == 30


async def test_finished_updates_are_forgotten_in_time(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        await updates.store(session, [(1, "{}"), (2, "{}"), (3, "{}")])
        await updates.add_reply(session, 1, 0, 1, 50)
        await updates.finish(session, 1, "done")
        await updates.finish(session, 2, "done")
        row = (await session.scalars(sa.select(InboxRow).where(InboxRow.update_id == 1))).one()
        row.finished_at = now() - updates.KEEP - timedelta(minutes=1)
    async with sessions.begin() as session:
        await updates.forget_finished(session)
    async with sessions() as session:
        assert set(await session.scalars(sa.select(InboxRow.update_id))) == {2, 3}
        assert list(await session.scalars(sa.select(Reply))) == []
        assert await updates.count_waiting(session) == 1
