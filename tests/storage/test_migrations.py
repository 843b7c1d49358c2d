"""Migrations and tables say the same."""

import asyncio
import shutil
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext

from bot.storage.database import MIGRATIONS, connect, migrate, newest_revision
from bot.storage.tables import Chat, Message, Table

FOREIGN_KEYS = {("chat_id", "chats"), ("user_id", "users"), ("answers", "messages")}


def differences(connection: sa.Connection) -> list[object]:
    context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
    return list(compare_metadata(context, Table.metadata))


def names(connection: sa.Connection) -> set[str]:
    return set(sa.inspect(connection).get_table_names()) - {"alembic_version"}


async def test_down_and_up_again_gives_the_tables(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'empty.sqlite3'}"
    engine = connect(url)
    for revision, expected in (
        ("head", set(Table.metadata.tables)),
        ("base", set()),
        ("head", set(Table.metadata.tables)),
    ):
        await migrate(url, revision)
        with engine.connect() as connection:
            assert names(connection) == expected
    with engine.connect() as connection:
        assert differences(connection) == []
    engine.dispose()


async def test_sqlite_is_tuned(tmp_path: Path) -> None:
    engine = connect(f"sqlite:///{tmp_path / 'new' / 'folder' / 'a.sqlite3'}")
    with engine.connect() as connection:
        found = {
            pragma: connection.execute(sa.text(f"PRAGMA {pragma}")).scalar_one()
            for pragma in ("journal_mode", "foreign_keys", "busy_timeout")
        }
    engine.dispose()
    assert found == {"journal_mode": "wal", "foreign_keys": 1, "busy_timeout": 10_000}


async def test_a_table_can_be_replaced_without_emptying_those_that_hang_on_it(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'filled.sqlite3'}"
    await migrate(url)
    engine = connect(url)
    with engine.begin() as connection:
        connection.execute(sa.insert(Chat).values(id=1, type="private"))
        connection.execute(sa.insert(Message).values(chat_id=1, message_id=1, text="hola"))
    folder = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, folder)
    (folder / "versions" / "9999_test.py").write_text(
        f"from alembic import op\nimport sqlalchemy as sa\nrevision = '9999'\ndown_revision = '{newest_revision()}'\n"
        "def upgrade():\n"
        "    with op.batch_alter_table('chats', recreate='always') as batch:\n"
        "        batch.add_column(sa.Column('new', sa.Text()))\n"
    )
    config = Config()
    config.set_main_option("script_location", str(folder))
    config.attributes["url"] = url
    await asyncio.to_thread(command.upgrade, config, "head")
    with engine.connect() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(Message)).scalar_one() == 1
    engine.dispose()


async def test_messages_of_an_older_database_stay_and_their_ids_are_not_given_again(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'older.sqlite3'}"
    await migrate(url, "0001")
    engine = connect(url)
    with engine.begin() as connection:
        connection.execute(sa.text("INSERT INTO chats VALUES (1, 'group', '', '', '', '2026-01-01')"))
        columns = "chat_id, thread_id, message_id, text, talk, tokens, model, sent_at, answers"
        for number, answers in ((1, "NULL"), (2, "1")):
            connection.execute(
                sa.text(f"INSERT INTO messages ({columns}) VALUES (1, 0, {number}, 'a', 1, 5, '', '2026', {answers})")
            )
    await migrate(url)
    with engine.begin() as connection:
        assert connection.execute(sa.text("SELECT id, answers FROM messages")).all() == [(1, None), (2, 1)]
        assert {(key[3], key[2]) for key in connection.execute(sa.text("PRAGMA foreign_key_list(messages)"))} == (
            FOREIGN_KEYS
        )
        connection.execute(sa.text("DELETE FROM messages WHERE id = 2"))
        connection.execute(sa.insert(Message).values(chat_id=1, message_id=3, text="b"))
        assert connection.execute(sa.text("SELECT max(id) FROM messages")).scalar_one() == 3
        assert differences(connection) == []
    engine.dispose()


async def test_ids_are_given_once_where_the_tables_say_so(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new.sqlite3'}"
    await migrate(url)
    engine = connect(url)
    with engine.connect() as connection:
        rows = connection.execute(sa.text("SELECT name FROM sqlite_master WHERE sql LIKE '%AUTOINCREMENT%'"))
        found = set(rows.scalars())
    engine.dispose()
    said = {name for name, table in Table.metadata.tables.items() if table.dialect_options["sqlite"]["autoincrement"]}
    assert found == said == {"inbox", "messages", "materials", "chunks"}
