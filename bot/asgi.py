"""Serving an ASGI application inside a running event loop, for the webhook and the playground."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager

import uvicorn
from starlette.types import ASGIApp


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        # Ctrl-C ends the whole program, which then ends this server.
        yield


@asynccontextmanager
async def serving(app: ASGIApp, host: str, port: int) -> AsyncGenerator[int]:
    """Serve for the length of the block; yields the port (of use with port 0). Raises OSError if it is taken."""
    with socket.create_server((host, port), reuse_port=False, backlog=512) as listener:
        # Access lines would hold the token, which is part of the Bot API's paths.
        config = uvicorn.Config(app, log_config=None, access_log=False, lifespan="off", server_header=False)
        server = _Server(config)
        task = asyncio.create_task(server.serve([listener]))
        try:
            yield listener.getsockname()[1]
        finally:
            server.should_exit = True
            await task
