"""Opening the database: migrated when it is not of the newest revision, and without alembic when it is."""

import subprocess
import sys
from pathlib import Path

import sqlalchemy as sa
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy.orm import Session

from bot.storage.database import MIGRATIONS, migrate, newest_revision, opened

OPEN = """
import asyncio, sys
from bot.storage.database import opened
async def main():
    async with opened(sys.argv[1]):
        pass
asyncio.run(main())
print("alembic" in sys.modules)
"""


def opened_with_alembic(url: str) -> str:
    done = subprocess.run([sys.executable, "-c", OPEN, url], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_the_newest_revision_is_known_without_alembic() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    assert newest_revision() == ScriptDirectory.from_config(config).get_current_head()


def test_only_a_database_that_needs_it_is_migrated(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'bot.sqlite3'}"
    assert opened_with_alembic(url) == "True"
    assert opened_with_alembic(url) == "False"


async def test_a_database_that_went_back_is_migrated_again(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'bot.sqlite3'}"
    await migrate(url)
    await migrate(url, "base")
    async with opened(url) as database:
        assert await database.transact(Session.scalar, sa.text("SELECT count(*) FROM inbox")) == 0


async def test_what_is_kept_is_written_through(tmp_path: Path) -> None:
    async with opened(f"sqlite:///{tmp_path}/kept.sqlite3") as database:
        modes: list[object] = []

        def look(session: Session) -> None:
            modes.append(session.scalar(sa.text("PRAGMA synchronous")))

        await database.transact(look)
        await database.keep(look)
        await database.transact(look)
        assert modes == [1, 2, 1]  # NORMAL, FULL; https://www.sqlite.org/pragma.html#pragma_synchronous
