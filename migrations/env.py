"""Alembic's entry: runs the migrations over the driver that the bot itself uses."""

from alembic import context
from sqlalchemy import Connection, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from bot.config import Settings
from bot.storage.database import connect
from bot.storage.tables import Table


def migrate(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=Table.metadata, render_as_batch=True, compare_type=True)
    with context.begin_transaction():
        context.run_migrations()


def let_tables_be_replaced(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    # SQLite changes a table by copying it and dropping the old one, at which ON DELETE CASCADE would empty the others.
    connection.execute("PRAGMA foreign_keys=OFF")


def run() -> None:
    engine = connect(context.config.attributes.get("url") or Settings().database)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", let_tables_be_replaced)
    with engine.connect() as connection:
        migrate(connection)
        connection.commit()
    engine.dispose()


run()
