"""An alarm clock: one call, at one time of day."""

import asyncio
import time
from collections.abc import Callable

_LONGEST_SLEEP = 3600
"""Seconds; clocks may be put right while it sleeps."""


class Alarm:
    """Calls back at a time of day (Unix time), or as soon after it as the event loop is free."""

    def __init__(self) -> None:
        self._handle: asyncio.TimerHandle | None = None

    def set(self, when: float | None, call: Callable[[], None]) -> None:
        """Let `call` come at `when`, an hour from now at the latest, in place of what was set before; None: never."""
        self.cancel()
        if when is not None:
            seconds = min(max(when - time.time(), 0.0), _LONGEST_SLEEP)
            self._handle = asyncio.get_running_loop().call_later(seconds, call)

    def cancel(self) -> None:
        """Let nothing come."""
        if self._handle:
            self._handle.cancel()
            self._handle = None
