"""Calls that block, one after another, in a thread of their own."""

import asyncio
import queue
import threading
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from bot.errors import EngineFailed

T = TypeVar("T")


class Lane:
    """One daemon thread that runs blocking calls for the event loop.

    A daemon, unlike the loop's default executor, because a call that takes minutes (a model that loads) must not hold
    up the process when it wants to end.
    """

    def __init__(self, name: str) -> None:
        self._calls: queue.SimpleQueue[Callable[[], object] | None] = queue.SimpleQueue()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def start(self, call: Callable[[], object]) -> None:
        """Run a call that cannot fail, after those before it, and do not wait for it."""
        self._calls.put(call)

    async def run(self, call: Callable[..., T], *args: Any, lost: Callable[[T], object] | None = None) -> T:
        """Run `call` in the thread and return its result.

        A call whose caller is gone is skipped; if the caller goes while it runs, `lost` gets the result. Raises
        EngineFailed when the lane was closed.
        """
        if self._closed:
            raise EngineFailed
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()

        def work() -> None:
            if future.cancelled():
                return
            try:
                result = call(*args)
            except Exception as error:  # noqa: BLE001 - it goes to the caller, whatever it is
                _hand_over(loop, future, partial(future.set_exception, error), None)
            else:
                _hand_over(loop, future, partial(future.set_result, result), partial(lost, result) if lost else None)

        self._calls.put(work)
        return await future

    def close(self, last: Callable[[], None] | None = None) -> None:
        """Let the thread end after the calls that it was given, and after `last`."""
        self._closed = True
        if last is not None:
            self._calls.put(last)
        self._calls.put(None)

    def join(self, timeout: float) -> bool:
        """Wait until the thread has ended, at most `timeout` seconds; tell whether it has."""
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while (call := self._calls.get()) is not None:
            call()


def _hand_over(
    loop: asyncio.AbstractEventLoop,
    future: "asyncio.Future[T]",
    settle: Callable[[], None],
    lost: Callable[[], object] | None,
) -> None:
    def hand() -> None:
        if not future.done():
            settle()
        elif lost is not None:
            lost()

    try:
        loop.call_soon_threadsafe(hand)
    except RuntimeError:
        # The loop is closed: nobody waits any more.
        if lost is not None:
            lost()
