"""The connections to the Bot API, each a client of its own, kept open between calls."""

import asyncio
import ssl
from typing import Any

import httpx
from telegram.request import BaseRequest, HTTPXRequest

# Seconds that an idle connection stays open: people pause between messages, and a new one costs a handshake.
_KEPT = 60.0


class Connections(BaseRequest):
    """Makes each call over the connection used last of those that are free; opens as many as are needed at once.

    One client's pool looks at all its connections at the start and the end of each call: with sixty-four, that took
    longer than all else that the bot does for a command.
    """

    def __init__(self, most: int, *, read_timeout: float, trusted: ssl.SSLContext) -> None:
        self._read_timeout = read_timeout
        self._trusted = trusted
        self._free = asyncio.Semaphore(most)
        self._opened: list[HTTPXRequest] = []
        self._idle: list[HTTPXRequest] = []
        self._closing: set[asyncio.Future[None]] = set()

    @property
    def read_timeout(self) -> float:
        """Seconds that an answer may take."""
        return self._read_timeout

    async def initialize(self) -> None:
        """Do nothing: connections are opened when they are needed."""

    async def shutdown(self) -> None:
        """Close all connections."""
        await asyncio.gather(*(request.shutdown() for request in self._opened), *self._closing)

    async def do_request(self, *arguments: Any, **more: Any) -> tuple[int, bytes]:
        """Make a call as soon as a connection is free."""
        async with self._free:
            request = self._idle.pop() if self._idle else self._open()
            try:
                return await request.do_request(*arguments, **more)
            except asyncio.CancelledError:
                # Broken off in the middle, its one connection may stay taken for ever.
                self._opened.remove(request)
                closing = asyncio.ensure_future(request.shutdown())
                self._closing.add(closing)
                closing.add_done_callback(self._closing.discard)
                raise
            finally:
                if request in self._opened:
                    self._idle.append(request)

    def _open(self) -> HTTPXRequest:
        limits = httpx.Limits(max_connections=1, keepalive_expiry=_KEPT)
        settings = {"limits": limits, "verify": self._trusted}
        request = HTTPXRequest(1, read_timeout=self._read_timeout, httpx_kwargs=settings)
        self._opened.append(request)
        return request
