"""Alembic's entry: runs the migrations over the asynchronous driver that the bot itself uses."""

import asyncio

from alembic import context
from sqlalchemy import Connection

from bot.config import Settings
from bot.storage.database import connect
from bot.storage.tables import Table


def migrate(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=Table.metadata, render_as_batch=True, compare_type=True)
    with context.begin_transaction():
        context.run_migrations()


async def run() -> None:
    engine = connect(context.config.attributes.get("url") or Settings().database)
    async with engine.connect() as connection:
        await connection.run_sync(migrate)
        await connection.commit()
    await engine.dispose()


asyncio.run(run())
