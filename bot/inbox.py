"""Durable updates: stored before Telegram hears that they arrived, then handled; what a crash left is handled again."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Collection, Hashable, Mapping, Sequence

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from telegram import Bot, Update
from telegram.error import Conflict, InvalidToken, NetworkError, RetryAfter, TelegramError

from bot.delivery import seconds_to_wait
from bot.guard import Lanes, to_the_end
from bot.storage import updates
from bot.storage.database import Database
from bot.storage.tables import InboxRow

_log = structlog.get_logger(__name__)

# Updates in memory at once; the others wait in the database.
_ROOM = 500
# Seconds that Telegram holds a poll open, and the longest pause after failed ones.
_POLL = 50
_LONGEST_PAUSE = 60.0
_DATABASE_PAUSE = 1.0
ALLOWED_UPDATES = ("message", "channel_post", "callback_query", "my_chat_member")


class Inbox:
    """Stores updates and hands them to `handle`: in order within a chat and thread, side by side otherwise."""

    def __init__(self, database: Database, bot: Bot, lanes: Lanes, handle: Callable[[Update], Awaitable[None]]) -> None:
        self._database, self._bot, self._lanes, self._handle = database, bot, lanes, handle
        self._news = asyncio.Event()
        self._tasks: dict[asyncio.Task[None], int] = {}
        # Handled updates and the states in which they ended, until the database knows.
        self._ended: dict[int, str] = {}
        self._last = 0

    async def store(self, received: Sequence[tuple[int, str]]) -> None:
        """Store (update_id, JSON) pairs. Once this returns, Telegram may forget them."""
        await self._database.keep(updates.store, received)
        self._news.set()

    async def run(self) -> None:
        """Handle what is stored, from the oldest unfinished update on, until cancelled; then stop what is running."""
        try:
            while True:
                self._news.clear()
                try:
                    await self._take()
                except SQLAlchemyError as error:
                    _log.error("the database is away, trying again", error=type(error).__name__)
                    await asyncio.sleep(_DATABASE_PAUSE)
                    continue
                # Where the room did not suffice, the next update that ends is news, too.
                await self._news.wait()
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            await to_the_end(self._close())

    async def _take(self) -> None:
        """Close what has ended and start what waits, in one transaction."""
        ended = dict(self._ended)
        rows = await self._database.transact(
            _close_and_look, ended, self._last, _ROOM - len(self._tasks), set(self._tasks.values())
        )
        for update_id in ended:
            del self._ended[update_id]
        for row in rows:
            self._last = max(self._last, row.id)
            self._start(row)

    async def _close(self) -> None:
        try:
            await self._database.transact(updates.finish, self._ended)
        except SQLAlchemyError as error:
            _log.error("the database is away, what was handled is handled again", error=type(error).__name__)

    def _start(self, row: InboxRow) -> None:
        try:
            update = Update.de_json(json.loads(row.payload), self._bot)
            called = self._lanes.enter(_lane(update), row.update_id)
        except Exception:  # noqa: BLE001 - one odd update must not stop the others
            # Not an update as Telegram makes them; kept out of the log, since it may be anything.
            _log.warning("update cannot be read", update_id=row.update_id)
            self._ended[row.update_id] = "unreadable"
            self._news.set()
            return
        task = asyncio.create_task(self._work(update, called))
        self._tasks[task] = row.update_id
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        del self._tasks[task]
        self._news.set()
        if not task.cancelled() and (error := task.exception()):
            _log.error("update was not handled", exc_info=error)

    async def _work(self, update: Update, called: asyncio.Event) -> None:
        try:
            await called.wait()
            await self._handle(update)
            self._ended[update.update_id] = "done"
        except asyncio.CancelledError:
            # An orderly end is not the update's fault: only crashes count.
            await self._database.transact(updates.take_back, update.update_id)
            raise
        finally:
            self._lanes.leave(update.update_id)


def _close_and_look(
    session: Session, ended: Mapping[int, str], after: int, room: int, running: Collection[int]
) -> list[InboxRow]:
    updates.finish(session, ended)
    return updates.waiting(session, after, room, running)


def _lane(update: Update) -> Hashable:
    message = update.effective_message
    if message is None:
        return update.effective_user.id if update.effective_user else 0
    return message.chat_id, message.message_thread_id if message.is_topic_message else None


async def poll(bot: Bot, inbox: Inbox) -> None:
    """Fetch updates until cancelled. The next request confirms the last ones, which are stored by then.

    Raises InvalidToken when Telegram does not know the token.
    """
    offset, failures, webhook = 0, 0, True
    while True:
        try:
            if webhook:  # one that an earlier set-up left behind would keep updates from us
                webhook = not await bot.delete_webhook()
            received = await bot.get_updates(offset=offset, timeout=_POLL, allowed_updates=ALLOWED_UPDATES)
            if received:
                await inbox.store([(update.update_id, update.to_json()) for update in received])
                offset = received[-1].update_id + 1
            failures = 0
        except InvalidToken:
            raise
        except (TelegramError, SQLAlchemyError) as error:
            # Nothing is confirmed: Telegram sends the same updates again.
            failures += 1
            await asyncio.sleep(_pause(error, failures))


def _pause(error: Exception, failures: int) -> float:
    if isinstance(error, Conflict):
        _log.error("another process polls with this token, or a webhook is set; stop it, or use another token")
    elif not isinstance(error, NetworkError) or failures == 1:
        _log.warning("no updates", error=type(error).__name__)
    if isinstance(error, RetryAfter):
        return seconds_to_wait(error)
    return float(min(0.5 * 2**failures, _LONGEST_PAUSE))
