"""What is remembered of a conversation."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.config import Settings
from bot.storage import history, people, updates
from bot.storage.database import Database, opened
from bot.storage.history import Said
from bot.storage.tables import InboxRow, Message, User, now


@pytest.fixture
async def database(settings: Settings) -> AsyncGenerator[Database]:
    async with opened(settings.database) as database:
        await database.transact(people.meet_chat, 1, "private", "Lucía")
        yield database


async def exchange(database: Database, number: int, *, talk: bool = True) -> None:
    question, answer = (
        Said(1, 0, number * 2 + part, f"{'qa'[part]}{number}", talk=talk, tokens=3 + part) for part in (0, 1)
    )

    def both(session: Session) -> None:
        history.remember(session, replace(answer, answers=history.remember(session, question)))

    await database.transact(both)


async def seen(database: Database) -> list[str]:
    return [found.question for found in await database.transact(history.exchanges, 1, 0)]


async def test_exchanges_come_in_order_with_their_lengths(database: Database) -> None:
    for number in range(3):
        await exchange(database, number)
    found = await database.transact(history.exchanges, 1, 0)
    assert [(one.question, one.answer, one.tokens) for one in found] == [(f"q{n}", f"a{n}", 7) for n in range(3)]


async def test_commands_and_unanswered_questions_are_left_out(database: Database) -> None:
    await exchange(database, 0)
    await exchange(database, 1, talk=False)
    await database.transact(history.remember, Said(1, 0, 90, "nobody answered", talk=True))
    await database.transact(history.remember, Said(1, 7, 91, "in another thread", talk=True))
    assert await seen(database) == ["q0"]


async def test_what_answers_a_forgotten_message_is_not_stored(database: Database) -> None:
    row_id = await database.transact(history.remember, Said(1, 0, 90, "olvídalo"))
    await database.transact(Session.execute, sa.delete(Message).where(Message.id == row_id))
    await database.transact(history.remember, Said(1, 0, 91, "otra cosa"))
    assert await database.transact(history.remember, Said(1, 0, 92, "olvidado", answers=row_id)) == 0
    left = await database.transact(lambda session: list(session.scalars(sa.select(Message.text))))
    assert left == ["otra cosa"]


async def test_answers_belong_to_their_chat(database: Database) -> None:
    await database.transact(people.meet_chat, 2, "private", "Ben")
    row_id = await database.transact(history.remember, Said(1, 0, 90, "q", talk=True))
    await database.transact(history.remember, Said(2, 0, 90, "de otro chat", talk=True, answers=row_id))
    assert await seen(database) == []


async def test_start_over_forgets_and_keeps_the_rows(database: Database) -> None:
    await exchange(database, 0)
    await database.transact(history.start_over, 1, 0)
    await exchange(database, 1)
    assert await seen(database) == ["q1"]
    assert await database.transact(Session.scalar, sa.select(sa.func.count()).select_from(Message)) == 4


async def test_message_that_is_known_is_brought_up_to_date(database: Database) -> None:
    first = await database.transact(history.remember, Said(1, 0, 5, "hola"))
    assert (await database.transact(Session.get_one, Message, first)).edited_at is None
    again = await database.transact(history.remember, Said(1, 0, 5, "hola, ¿qué tal?"))
    row = await database.transact(Session.get_one, Message, first)
    assert first == again
    assert row.text == "hola, ¿qué tal?"
    assert row.edited_at is not None


async def test_times_are_utc_whatever_zone_they_came_in(database: Database) -> None:
    noon = datetime(2026, 3, 1, 12, tzinfo=timezone(timedelta(hours=-3)))
    row_id = await database.transact(history.remember, Said(1, 0, 5, "hola", sent_at=noon))
    stored = (await database.transact(Session.get_one, Message, row_id)).sent_at
    assert stored == noon
    assert stored.tzinfo == UTC


async def test_messages_need_their_chat(database: Database) -> None:
    with pytest.raises(IntegrityError) as caught:
        await database.transact(history.remember, Said(404, 0, 5, "palabras privadas"))
    assert "palabras privadas" not in str(caught.value), "statements' values stay out of errors"


async def test_settings_survive_meeting_again(database: Database) -> None:
    await database.transact(people.meet_user, 9, "Ben", "ben", "en")
    await database.transact(people.set_user_language, 9, "es")
    met = await database.transact(people.meet_user, 9, "Benjamin", "", "de")
    user = await database.transact(Session.get_one, User, 9)
    assert (met.first_name, met.language, met.created_at) == ("Benjamin", "es", user.created_at)
    assert (user.first_name, user.username, user.language_code, user.language) == ("Benjamin", "", "de", "es")


async def test_many_writers_at_once_wait_for_each_other(database: Database) -> None:
    await asyncio.gather(*(exchange(database, number) for number in range(30)))
    assert len(await seen(database)) == 30


async def test_finished_updates_are_forgotten_in_time(database: Database) -> None:
    await database.transact(updates.store, [(1, "{}"), (2, "{}"), (3, "{}")])
    await database.transact(updates.add_reply, 1, 0, 1, 50)
    await database.transact(updates.finish, {1: "done", 2: "done"})
    long_ago = now() - updates.KEEP - timedelta(minutes=1)
    await database.transact(
        Session.execute, sa.update(InboxRow).where(InboxRow.update_id == 1).values(finished_at=long_ago)
    )
    await database.transact(updates.forget_finished)
    left = await database.transact(lambda session: set(session.scalars(sa.select(InboxRow.update_id))))
    assert left == {2, 3}
    assert await database.transact(updates.replies, 1) == {}
    assert await database.transact(updates.count_waiting) == 1
