"""What /generate wrote is found by its buttons, in its chat alone, and forgotten in time."""

from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.storage import people, recap, updates, written
from bot.storage.database import opened
from bot.storage.tables import Written, now
from bot.storage.written import Draft

DRAFT = Draft("un cuento", "Érase una vez", 0.3, 40)


def fill(session: Session) -> None:
    people.meet_chat(session, 1, "private", "")
    people.meet_chat(session, 2, "private", "")
    written.keep(session, 1, 10, 0, DRAFT._replace(text=""))
    written.keep(session, 1, 10, 0, DRAFT)  # the update was handled again after a crash
    written.keep(session, 1, 11, 0, DRAFT)
    session.execute(sa.update(Written).where(Written.update_id == 11).values(written_at=now() - timedelta(days=31)))


async def test_buttons_find_their_text_for_a_month(tmp_path: Path) -> None:
    async with opened(f"sqlite:///{tmp_path / 'a.sqlite3'}") as database:
        await database.transact(fill)
        assert await database.transact(written.find, 1, 10) == DRAFT
        assert await database.transact(written.find, 2, 10) is None
        assert await database.transact(written.find, 1, 11) == DRAFT
        await database.transact(updates.forget_finished)
        assert await database.transact(written.find, 1, 10) == DRAFT
        assert await database.transact(written.find, 1, 11) is None


async def test_nothing_is_kept_of_who_opted_out_meanwhile(tmp_path: Path) -> None:
    def fill(session: Session) -> None:
        people.meet_user(session, 5, "Ben", "", "es")
        recap.opt_out(session, 5)
        for chat, kind in ((-1, "supergroup"), (5, "private")):
            people.meet_chat(session, chat, kind, "")
            written.keep(session, chat, 10, 5, DRAFT)

    async with opened(f"sqlite:///{tmp_path / 'a.sqlite3'}") as database:
        await database.transact(fill)
        assert await database.transact(written.find, -1, 10) is None
        assert await database.transact(written.find, 5, 10) == DRAFT
