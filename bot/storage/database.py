"""The database: SQLite tuned for a bot, or PostgreSQL. Whole transactions run in threads of its own."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError, InvalidRequestError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry

from bot.errors import StartError

P = ParamSpec("P")
T = TypeVar("T")

MIGRATIONS = Path(__file__).parents[2] / "migrations"
# Transactions side by side, where the database can: SQLite has one writer at a time.
_THREADS = 4
# An execution option: SQLite writes through to the disk before such a transaction ends, and with it all before it.
# Others it may forget in a power cut, after which their updates are handled again. PostgreSQL keeps everything.
_DURABLE = "durable"


class Database:
    """An open database. What is done in it are functions of a session, each a transaction."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._sessions = sessionmaker(engine, expire_on_commit=False)
        threads = 1 if engine.dialect.name == "sqlite" else _THREADS
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="database")

    async def transact(self, work: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do `work(session, …)` in one transaction and return what it returns; rows stay readable afterwards.

        An error rolls it back and is raised here. Who is cancelled meanwhile does not learn whether it was done.
        """

        def transaction() -> T:
            with self._sessions.begin() as session:
                return work(session, *args, **kwargs)

        return await asyncio.get_running_loop().run_in_executor(self._threads, transaction)

    async def keep(self, work: Callable[Concatenate[Session, P], None], *args: P.args, **kwargs: P.kwargs) -> None:
        """Do `work(session, …)` as `transact` does, and return once it would outlive a power cut, too."""

        def durably(session: Session) -> None:
            session.connection(execution_options={_DURABLE: True})
            work(session, *args, **kwargs)

        await self.transact(durably)

    async def close(self) -> None:
        """Do what has been asked for, and close the connections."""
        await asyncio.to_thread(self._threads.shutdown)
        self._engine.dispose()


def connect(url: str) -> sa.Engine:
    """Open an engine. Statement parameters are people's words: they are kept out of errors and logs."""
    try:
        parsed = sa.make_url(url)
        engine = sa.create_engine(url, hide_parameters=True)
        if engine.dialect.is_async:
            raise ArgumentError("asynchronous")
    except (ArgumentError, InvalidRequestError, ModuleNotFoundError) as error:
        # Neither the address, which may hold a password, nor the library's words about it.
        raise StartError(
            f"TERTULIA_DATABASE_URL: it cannot be used ({type(error).__name__}). An address looks like"
            " sqlite:////folder/file.sqlite3; remove the setting to get SQLite in the data folder."
        ) from None
    if parsed.get_backend_name() == "sqlite" and parsed.database:
        _make_folder(Path(parsed.database).parent)
    if parsed.get_backend_name() == "sqlite":
        sa.event.listen(engine, "connect", _tune_sqlite)
        sa.event.listen(engine, "begin", _begin_immediate)
    return engine


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StartError(
            f"TERTULIA_DATA_DIR, TERTULIA_DATABASE_URL: {folder} cannot be written ({error.strerror})."
            " Choose another folder."
        ) from None


def _tune_sqlite(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    # The driver must not open transactions by itself, so that `begin` below decides their kind.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", "busy_timeout=10000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_immediate(connection: sa.Connection) -> None:
    # A transaction that reads first and writes later fails at once with "database is locked", whatever the busy
    # timeout, when another wrote in between; taking the write lock at the start waits instead.
    durable = connection.get_execution_options().get(_DURABLE)
    connection.exec_driver_sql(f"PRAGMA synchronous={'FULL' if durable else 'NORMAL'}")
    connection.exec_driver_sql("BEGIN IMMEDIATE")


async def migrate(url: str, revision: str = "head") -> None:
    """Bring the database to `revision`: upwards, or downwards with "base" or an older revision."""
    try:
        await asyncio.to_thread(_migrate, url, revision)
    except DBAPIError as error:
        # The driver's own words name no values, only what is wrong with the file or the server.
        raise StartError(
            f"The database cannot be used ({error.orig}). Put a copy of it back, or move the file away and start anew;"
            " TERTULIA_DATA_DIR and TERTULIA_DATABASE_URL say where it is."
        ) from error


def _migrate(url: str, revision: str) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = url
    move = command.downgrade if revision == "base" else command.upgrade
    move(config, revision)


def newest_revision() -> str:
    """Return the revision that `migrate` leads to: each migration's file is named after the one that it makes."""
    return max(file.name for file in (MIGRATIONS / "versions").glob("[0-9]*.py")).partition("_")[0]


def _revision(session: Session) -> str:
    """Return which revision the database has, "" for a new one and for one that cannot be read."""
    try:
        return str(session.scalar(sa.text("SELECT version_num FROM alembic_version")))
    except DBAPIError:
        session.rollback()
        return ""


@asynccontextmanager
async def opened(url: str) -> AsyncGenerator[Database]:
    """Open the database, migrated if need be, and close it at the end."""
    database = Database(connect(url))
    try:
        # Alembic takes a tenth of a second to say that there is nothing to do.
        if await database.transact(_revision) != newest_revision():
            await migrate(url)
        yield database
    finally:
        await database.close()
