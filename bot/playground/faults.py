"""Faults on demand: what a bot must bear from Telegram and from the line to it."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Literal, get_args

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from bot.asgi import ABORT
from bot.playground.api_error import ApiError, conflict
from bot.playground.floods import too_many
from bot.playground.json_text import JSON

Kind = Literal["429", "500", "409", "timeout_after_delivery", "drop"]
KINDS: dict[str, Kind] = {kind: kind for kind in get_args(Kind)}
EVERY = "*"
MOST_TIMES = 1000
MOST_FAULTS = 100
LONGEST_RETRY = 3600


@dataclass(slots=True)
class Fault:
    """What the next `times` calls of `method` ("*": of any) meet; `retry_after` in seconds belongs to 429."""

    method: str
    kind: Kind
    times: int
    retry_after: int = 1

    def shown(self) -> JSON:
        """Return the fault as the people's side names it."""
        kind = int(self.kind) if self.kind.isdigit() else self.kind
        seconds = {"retry_after": self.retry_after} if self.kind == "429" else {}
        return {"method": self.method, "fault": kind, "times": self.times, **seconds}

    def meets(self, method: str) -> bool:
        """Tell whether calls of `method`, in whatever case, meet this fault."""
        return self.method == EVERY or self.method.lower() == method.lower()


@dataclass
class Faults:
    """The faults still to come, oldest first."""

    pending: list[Fault] = field(default_factory=list)
    closing: asyncio.Event = field(default_factory=asyncio.Event)
    """Set while the server stops: answers are held no longer."""

    def take(self, method: str) -> Fault | None:
        """Return the fault that this call of `method` meets, and count it."""
        fault = next((fault for fault in self.pending if fault.meets(method)), None)
        if fault is None:
            return None
        fault.times -= 1
        if not fault.times:
            self.pending.remove(fault)
        return fault


async def suffer(fault: Fault | None, call: Callable[[], Awaitable[object]]) -> object:
    """Make a call that meets `fault`; raises ApiError or Unanswered in place of what the call returns."""
    if fault is None:
        return await call()
    if fault.kind == "429":
        raise too_many(fault.retry_after)
    if fault.kind == "500":
        raise ApiError(500, "Internal Server Error")
    if fault.kind == "409":
        raise conflict("terminated by other getUpdates request; make sure that only one bot instance is running")
    if fault.kind == "drop":
        raise Unanswered(hold=False)
    await call()
    raise Unanswered(hold=True)


class Unanswered(Exception):
    """The call gets no answer: the connection is cut at once, or (`hold`) stays open and silent."""

    def __init__(self, *, hold: bool) -> None:
        self.hold = hold
        super().__init__("no answer")


class NoAnswer(Response):
    """Sends not a byte: waits until `closing`, or not at all, and cuts the connection."""

    def __init__(self, closing: asyncio.Event | None = None) -> None:
        super().__init__()
        self._closing = closing

    async def __call__(self, scope: Scope, receive: Receive, _: Send) -> None:
        """Hold the connection if asked to, until the client goes away, and end it."""
        gone = asyncio.ensure_future(_until_gone(receive))
        try:
            if self._closing:
                closing = asyncio.ensure_future(self._closing.wait())
                await asyncio.wait([gone, closing], return_when=asyncio.FIRST_COMPLETED)
                closing.cancel()
            scope["extensions"][ABORT]()
            await gone  # the server must have seen the end, else it would answer for us
        finally:
            gone.cancel()


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
