"""Serving an ASGI application inside a running event loop, for the webhook and the playground."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager

import uvicorn
from starlette.types import ASGIApp

from bot.errors import StartError

# Longer than clients keep idle connections, so that none is closed just as they use it again.
_KEEP_ALIVE_SECONDS = 75
_GRACE_SECONDS = 3


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        # Ctrl-C ends the whole program, which then ends this server.
        yield


@asynccontextmanager
async def serving(app: ASGIApp, host: str, port: int) -> AsyncGenerator[str]:
    """Serve for the length of the block; yields the address, like "http://127.0.0.1:8080". Port 0 takes a free one.

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
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
