"""The playground on a port, inside the running event loop."""

import asyncio
import contextlib
import ipaddress
import socket
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import uvicorn

from bot.playground.app import create_app
from bot.playground.state import saving
from bot.playground.world import World

KEEP_ALIVE_SECONDS = 75
"""Longer than clients keep idle connections, so that none is closed just as they use it again."""
GRACE_SECONDS = 3


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to the program that the playground runs in."""
        yield


@contextlib.asynccontextmanager
async def running(
    world: World, host: str = "127.0.0.1", port: int = 0, *, state: Path | None = None, token: str | None = None
) -> AsyncIterator[str]:
    """Serve `world` and yield the address, like "http://127.0.0.1:8080"; port 0 takes any free one.

    With `state` the world is saved there as it changes. ValueError if `host` is not this machine's loopback,
    OSError if the port is taken.
    """
    listener = _listen(host, port)
    world.reopen()
    keep = saving(world, state) if state else contextlib.nullcontext()
    async with keep:
        server = _Server(_config(world, token))
        task = asyncio.create_task(server.serve(sockets=[listener]))
        try:
            await _started(server, task)
            yield _address(listener)
        finally:
            world.close()
            server.should_exit = True
            await task
            listener.close()


def _listen(host: str, port: int) -> socket.socket:
    try:
        loopback = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        loopback = False
    if not loopback:
        raise ValueError(f"the playground serves this machine only: {host!r} is not a loopback address")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family)


def _config(world: World, token: str | None) -> uvicorn.Config:
    return uvicorn.Config(
        create_app(world, token=token),
        log_config=None,
        # Addresses hold the token: they are not logged.
        access_log=False,
        log_level="warning",
        lifespan="on",
        ws="none",
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )


async def _started(server: uvicorn.Server, task: asyncio.Task[None]) -> None:
    while not server.started:
        if task.done():
            task.result()
            raise RuntimeError("the playground's server stopped before it had started")
        await asyncio.sleep(0.01)


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
