"""Flood limits, at the rates of https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this."""

import math
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from bot.playground.api_error import ApiError

_FREE = frozenset({"sendchataction", "sendmessagedraft"})
_COUNTED = ("send", "editmessage", "copymessage", "forwardmessage")


@dataclass(frozen=True, slots=True)
class Window:
    """At most `most` messages within any `seconds`."""

    most: int
    seconds: float


OVERALL = (Window(30, 1),)
IN_CHAT = (Window(5, 5),)
"""One a second, with short bursts."""
IN_GROUP = (*IN_CHAT, Window(20, 60))
"""In groups, supergroups and channels."""


def is_counted(method: str) -> bool:
    """Tell whether a method, in whatever case, sends something that flood limits count."""
    name = method.lower()
    return name.startswith(_COUNTED) and name not in _FREE


@dataclass
class Floods:
    """Counts what the bot has sent and says how long it must wait; `clock` tells seconds.

    Only calls that succeeded count. Switched off it neither counts nor refuses.
    """

    on: bool = True
    clock: Callable[[], float] = time.monotonic
    _sent: deque[float] = field(default_factory=deque)
    # By chat, the one that was written to longest ago first.
    _by_chat: dict[int, deque[float]] = field(default_factory=dict)

    @property
    def chats(self) -> int:
        """How many chats are remembered: those written to within the longest window."""
        return len(self._by_chat)

    def check(self, chat_id: int, *, group: bool, messages: int = 1) -> None:
        """Raise ApiError 429 if so many messages may not be sent to the chat right now."""
        if not self.on:
            return
        now = self.clock()
        times = self._by_chat.get(chat_id, ())
        waits = [*_waits(OVERALL, self._sent, messages, now), *_waits(_windows(group=group), times, messages, now)]
        if (seconds := max(waits)) > 0:
            raise too_many(math.ceil(seconds))

    def count(self, chat_id: int, *, group: bool, messages: int = 1) -> None:
        """Remember that so many messages were sent to the chat just now."""
        if not self.on:
            return
        now = self.clock()
        times = self._by_chat.pop(chat_id, None) or deque()
        self._by_chat[chat_id] = times
        _append(self._sent, messages, now, OVERALL)
        _append(times, messages, now, _windows(group=group))
        self._forget(now)

    def _forget(self, now: float) -> None:
        longest = max(window.seconds for window in IN_GROUP)
        while self._by_chat and next(iter(self._by_chat.values()))[-1] <= now - longest:
            del self._by_chat[next(iter(self._by_chat))]

    def switch(self, *, on: bool) -> None:
        """Switch the limits on, with nothing counted yet, or off."""
        self.on = on
        self._sent.clear()
        self._by_chat.clear()


def too_many(seconds: int) -> ApiError:
    """Return the error 429, with the whole seconds to wait."""
    return ApiError(429, f"Too Many Requests: retry after {seconds}", {"retry_after": seconds})


def _windows(*, group: bool) -> tuple[Window, ...]:
    return IN_GROUP if group else IN_CHAT


def _waits(
    windows: tuple[Window, ...], times: "deque[float] | tuple[()]", messages: int, now: float
) -> Iterator[float]:
    """Yield for each window the seconds until there is room in it; 0 or less: now."""
    for window in windows:
        within = [sent for sent in times if sent > now - window.seconds]
        # An album of more than the window holds must find it empty.
        leaving = len(within) + min(messages, window.most) - window.most
        yield within[leaving - 1] + window.seconds - now if leaving > 0 else 0.0


def _append(times: deque[float], messages: int, now: float, windows: tuple[Window, ...]) -> None:
    times.extend([now] * messages)
    longest = max(window.seconds for window in windows)
    while times[0] <= now - longest:
        times.popleft()
