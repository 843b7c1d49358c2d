"""Calls that block, one after another, in a thread of their own."""

import asyncio
import queue
import threading
from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")


class Lane:
    """One daemon thread that runs blocking calls for the event loop.

    A daemon, unlike the loop's default executor, because a call that takes minutes (a model that loads) must not hold
    up the process when it wants to end.
    """

    def __init__(self, name: str) -> None:
        self._calls: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    async def run(self, call: Callable[..., T], *args: Any) -> T:
        """Run `call` in the thread and return its result; a call whose caller is gone is skipped."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()

        def work() -> None:
            if future.cancelled():
                return
            try:
                result = call(*args)
            except Exception as error:  # noqa: BLE001 - it goes to the caller, whatever it is
                _hand_over(loop, future, None, error)
            else:
                _hand_over(loop, future, result, None)

        self._calls.put(work)
        return await future

    def close(self, last: Callable[[], None] | None = None) -> None:
        """Let the thread end after the calls that it was given, and after `last`."""
        if last is not None:
            self._calls.put(last)
        self._calls.put(None)

    def join(self, timeout: float) -> None:
        """Wait until the thread has ended, at most `timeout` seconds."""
        self._thread.join(timeout)

    def _run(self) -> None:
        while (call := self._calls.get()) is not None:
            call()


def _hand_over(
    loop: asyncio.AbstractEventLoop, future: asyncio.Future[T], result: Any, error: Exception | None
) -> None:
    def settle() -> None:
        if future.done():
            return
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(result)

    try:
        loop.call_soon_threadsafe(settle)
    except RuntimeError:
        # The loop is closed: nobody waits any more.
        return
