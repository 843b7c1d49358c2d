"""Serving an ASGI application inside a running event loop, for the webhook and the playground."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager
from typing import Any

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from bot.errors import StartError

ABORT = "tertulia.abort"
"""The scope's extension that cuts the connection at once, whatever was or was not sent on it."""

# Longer than clients keep idle connections, so that none is closed just as they use it again.
_KEEP_ALIVE_SECONDS = 75
_GRACE_SECONDS = 3


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        # Ctrl-C ends the whole program, which then ends this server.
        yield


class _Connection(H11Protocol):
    """A connection that answers at once, and whose requests can cut it, which ASGI has no message for."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        # asyncio itself does so only where the listener names its protocol. Without it an answer's body waits some
        # 40 ms for the other side to acknowledge the head.
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        app = self.app

        async def with_abort(scope: Any, receive: Any, send: Any) -> None:
            scope.setdefault("extensions", {})[ABORT] = transport.abort
            await app(scope, receive, send)

        self.app = with_abort


@asynccontextmanager
async def serving(app: ASGIApp, host: str, port: int) -> AsyncGenerator[str]:
    """Serve for the length of the block; yields the address, like "http://127.0.0.1:8080". Port 0 takes a free one.

    Where it listens on all addresses, the one that it yields is this machine's own for itself.

    Raises StartError if the port is taken.
    """
    with _listen(host, port) as listener:
        server = _Server(_config(app))
        task = asyncio.create_task(server.serve([listener]))
        try:
            await _started(server, task)
            yield _address(listener)
        finally:
            server.should_exit = True
            await task


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise StartError(
            f"Port {port} on {host} cannot be used ({error.strerror}). Is the bot running already? If another program"
            " has it, set TERTULIA_PLAYGROUND_PORT or TERTULIA_HTTP_PORT (webhook, /healthz) to a free one."
        ) from error


def _config(app: ASGIApp) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=_Connection,
        log_config=None,
        # Access lines would hold the token, which is part of the Bot API's paths.
        access_log=False,
        log_level="warning",
        ws="none",
        server_header=False,
        timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )


async def _started(server: uvicorn.Server, task: asyncio.Task[None]) -> None:
    while not server.started:  # uvicorn has no event for it
        if task.done():
            task.result()
            raise RuntimeError("the server stopped before it had started")
        await asyncio.sleep(0.01)


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - what is listened on
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
