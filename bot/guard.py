"""In what order work is done: one after another within a lane, side by side otherwise; and how it ends."""

import asyncio
from collections.abc import AsyncGenerator, Coroutine, Hashable
from contextlib import asynccontextmanager
from typing import Any

_LAST_WORDS = 5.0


async def to_the_end(work: Coroutine[Any, Any, None]) -> None:
    """Do what must not be left half-done, even while the bot stops; a cancellation that it outlives is forgotten.

    If it takes longer than five seconds more, it is given up, and CancelledError raised.
    """
    task = asyncio.ensure_future(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task], timeout=_LAST_WORDS)
        if not task.done() or task.cancelled():
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            raise
        if current := asyncio.current_task():
            current.uncancel()
        task.result()


class Lanes:
    """First come, first served within a lane. `key` names a place in it, say an update's id.

    Updates of one chat and thread share a lane, so they are handled in order. A handler that waits for a model lets
    the next update go first (`leave` before its end): /help and /cancel are answered while an answer is written.
    """

    def __init__(self) -> None:
        self._lanes: dict[Hashable, dict[int, asyncio.Event]] = {}
        self._lane_of: dict[int, Hashable] = {}

    def enter(self, lane: Hashable, key: int) -> asyncio.Event:
        """Take the next place in a lane; the event is set when it is this place's turn."""
        places = self._lanes.setdefault(lane, {})
        called = places[key] = asyncio.Event()
        self._lane_of[key] = lane
        if len(places) == 1:
            called.set()
        return called

    def leave(self, key: int) -> None:
        """Give the place up and call the next one; harmless when done twice."""
        lane = self._lane_of.pop(key, None)
        if lane is None:
            return
        places = self._lanes[lane]
        del places[key]
        if places:
            next(iter(places.values())).set()
        else:
            del self._lanes[lane]

    def ahead(self, key: int) -> int:
        """Return how many places come before this one in its lane."""
        return list(self._lanes[self._lane_of[key]]).index(key)

    def count(self, lane: Hashable) -> int:
        """Return how many places a lane has."""
        return len(self._lanes.get(lane, ()))

    @asynccontextmanager
    async def turn(self, lane: Hashable, key: int) -> AsyncGenerator[asyncio.Event]:
        """Hold a place for the length of the block, which is entered at once with the event to wait for."""
        try:
            yield self.enter(lane, key)
        finally:
            self.leave(key)
