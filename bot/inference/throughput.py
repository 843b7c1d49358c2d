"""How many tokens a second are written, over the last minutes."""

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

_WINDOW_SECONDS = 300.0
# Steps that follow each other closer than this count as one stretch of writing.
_PAUSE_SECONDS = 0.1
# A stretch is cut here, so that what is older than the window leaves in slices.
_STRETCH_SECONDS = 5.0


@dataclass(slots=True)
class _Stretch:
    start: float
    end: float
    tokens: int


class Throughput:
    """Tokens per second of the time in which something was written; from any thread, `clock` in seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._stretches: deque[_Stretch] = deque()

    def add(self, tokens: int, seconds: float) -> None:
        """Record a step that ends now, took `seconds` and wrote `tokens`; overlapping steps share their time."""
        if tokens < 1:
            return
        end = self._clock()
        with self._lock:
            last = self._stretches[-1] if self._stretches else None
            if last is not None and end - seconds <= last.end + _PAUSE_SECONDS and end - last.start <= _STRETCH_SECONDS:
                last.tokens += tokens
                last.end = max(last.end, end)
            else:
                start = end - seconds if last is None else max(end - seconds, last.end)
                self._stretches.append(_Stretch(start, end, tokens))
            self._forget(end)

    def per_second(self) -> float:
        """Return tokens per second over the last five minutes, 0 if nothing was written."""
        with self._lock:
            self._forget(self._clock())
            seconds = sum(stretch.end - stretch.start for stretch in self._stretches)
            return sum(stretch.tokens for stretch in self._stretches) / seconds if seconds else 0.0

    def _forget(self, now: float) -> None:
        while self._stretches and self._stretches[0].end < now - _WINDOW_SECONDS:
            self._stretches.popleft()
