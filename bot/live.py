"""A reply that grows before the reader's eyes: a draft in private chats, an edited message elsewhere."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager

import structlog
from telegram import InlineKeyboardMarkup
from telegram.error import TelegramError, TimedOut

from bot.delivery import Delivery, Place
from bot.inference.api import Done
from bot.markdown import Part, render

_log = structlog.get_logger(__name__)

# Telegram animates drafts, so two a second look fluent; delivery drops edits that come too soon for a group.
_PAINT_EVERY = 0.5
_TYPING_EVERY = 4.5
# A draft vanishes after 30 seconds without news.
_REFRESH = 10.0
# Seconds that the last preview may take to arrive.
_LAST_PAINT = 5.0

Put = Callable[[int, Part, InlineKeyboardMarkup | None], Awaitable[int]]


class LiveReply:
    """Shows `text` while it grows and `status` before it begins; `finish` makes it the complete final message.

    `put(index, part, keyboard)` sends or edits one part for good and returns its message id.
    """

    def __init__(self, delivery: Delivery, place: Place, draft_id: int, put: Put, stop: InlineKeyboardMarkup) -> None:
        self.text = ""
        self.status = ""
        self.done: Done | None = None
        self._delivery, self._place, self._draft_id, self._put, self._stop = delivery, place, draft_id, put, stop
        self._changed, self._begun, self._over = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self._shown: dict[int, Part] = {}
        self._messages: dict[int, int] = {}
        self._doubt: TimedOut | None = None

    def write(self, piece: str) -> None:
        """Append to the text."""
        self.text += piece
        self._begun.set()
        self._changed.set()

    def say(self, status: str) -> None:
        """Show this until the text begins."""
        self.status = status
        self._changed.set()

    @asynccontextmanager
    async def growing(self) -> AsyncGenerator[None]:
        """Keep the reader up to date for the length of the block."""
        painter, typist = asyncio.create_task(self._paint()), asyncio.create_task(self._type())
        try:
            yield
        finally:
            typist.cancel()
            for event in (self._over, self._begun, self._changed):
                event.set()
            # A paint that is under way ends first: a preview must not overtake the final message, and a message that
            # is just being sent must not be sent again.
            try:
                await asyncio.wait([painter], timeout=_LAST_PAINT)
            finally:
                painter.cancel()
                await asyncio.gather(painter, typist, return_exceptions=True)

    async def finish(self, keyboard: InlineKeyboardMarkup | None = None) -> list[int]:
        """Send what is not there yet, mend what differs; return the ids of the messages. The last gets the keyboard.

        Raises TimedOut, once all is sent, if Telegram did not say whether it took a part.
        """
        parts = render(self.text) or [Part(self.text.strip() or "…")]
        for index, part in enumerate(parts):
            last = keyboard if index == len(parts) - 1 else None
            if last or self._shown.get(index) != part:
                await self._put_for_good(index, part, last)
        if self._doubt:
            raise self._doubt
        return [self._messages[index] for index in range(len(parts))]

    async def _put_for_good(self, index: int, part: Part, keyboard: InlineKeyboardMarkup | None = None) -> None:
        try:
            self._messages[index] = await self._put(index, part, keyboard)
        except TimedOut as error:
            # Sent again it may stand there twice; but what comes after it must not be lost with it.
            self._doubt = error
        self._shown[index] = part

    async def _type(self) -> None:
        while True:
            await self._delivery.typing(self._place)
            await asyncio.sleep(_TYPING_EVERY)

    async def _paint(self) -> None:
        await self._changed.wait()
        while not self._over.is_set():
            self._changed.clear()
            # The first piece may be nothing to look at yet: "###", "```python".
            words = render(self.text)
            if parts := words or ([Part(self.status)] if self.status else []):
                try:
                    await self._show(parts)
                except TelegramError as error:
                    _log.debug("preview failed", error=type(error).__name__)
            # The text grows at an even pace; its first words need not wait because of a status before them.
            await _at_most(_PAINT_EVERY, self._over if words else self._begun)
            await _at_most(_REFRESH, self._changed)

    async def _show(self, parts: list[Part]) -> None:
        *full, last = parts
        for index, part in enumerate(full):
            if index not in self._shown:
                await self._put_for_good(index, part)
        if self._place.private:
            await self._delivery.draft(self._place, self._draft_id, last)
            return
        index = len(full)
        if index in self._messages:
            await self._delivery.preview_edit(self._place, self._messages[index], last, self._stop)
        else:
            self._messages[index] = await self._put(index, last, self._stop)


async def _at_most(seconds: float, event: asyncio.Event) -> None:
    # Not wait_for: on Python 3.11 it swallows a cancellation that comes together with the event.
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()
