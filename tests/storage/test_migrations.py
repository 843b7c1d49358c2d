"""Migrations and tables say the same."""

from pathlib import Path

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from bot.storage.database import connect, migrate
from bot.storage.tables import Table


def differences(connection: sa.Connection) -> list[object]:
    context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
    return list(compare_metadata(context, Table.metadata))


def names(connection: sa.Connection) -> set[str]:
    return set(sa.inspect(connection).get_table_names()) - {"alembic_version"}


async def test_down_and_up_again_gives_the_tables(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'empty.sqlite3'}"
    engine = connect(url)
    for revision, expected in (
        ("head", set(Table.metadata.tables)),
        ("base", set()),
        ("head", set(Table.metadata.tables)),
    ):
        await migrate(url, revision)
        async with engine.connect() as connection:
            assert await connection.run_sync(names) == expected
    async with engine.connect() as connection:
        assert await connection.run_sync(differences) == []
    await engine.dispose()


async def test_sqlite_is_tuned(tmp_path: Path) -> None:
    engine = connect(f"sqlite+aiosqlite:///{tmp_path / 'new' / 'folder' / 'a.sqlite3'}")
    async with engine.connect() as connection:
        found = {
            pragma: (await connection.execute(sa.text(f"PRAGMA {pragma}"))).scalar_one()
            for pragma in ("journal_mode", "foreign_keys", "busy_timeout")
        }
    await engine.dispose()
    assert found == {"journal_mode": "wal", "foreign_keys": 1, "busy_timeout": 10_000}
