"""Events on their way from an engine's thread to one reader on the event loop."""

import asyncio
import threading
from collections import deque

from bot.inference.api import Event, Piece, Waiting


class Mailbox:
    """Hands events from any thread to one reader, waking the loop at most once per batch.

    Pieces that wait together are merged and an outdated `Waiting` gives way to the newer one, so a slow reader keeps
    at most a handful of events. An exception put here is raised at the reader.
    """

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._lock = threading.Lock()
        self._items: deque[Event | Exception] = deque()
        self._ready = asyncio.Event()

    def put(self, item: Event | Exception) -> None:
        """Add an event or a failure; from any thread."""
        with self._lock:
            wake = not self._items
            self._merge(item)
        if wake:
            try:
                self._loop.call_soon_threadsafe(self._ready.set)
            except RuntimeError:
                # The loop is closed: nobody reads any more.
                return

    def _merge(self, item: Event | Exception) -> None:
        last = self._items[-1] if self._items else None
        if isinstance(last, Piece) and isinstance(item, Piece):
            self._items[-1] = Piece(last.text + item.text)
        elif isinstance(last, Waiting) and isinstance(item, Waiting):
            self._items[-1] = item
        else:
            self._items.append(item)

    async def get(self) -> Event:
        """Return the next event, or raise the failure that stands in its place."""
        await self._ready.wait()
        with self._lock:
            item = self._items.popleft()
            if not self._items:
                self._ready.clear()
        if isinstance(item, Exception):
            raise item
        return item
