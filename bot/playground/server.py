"""The playground on a port, inside the running event loop."""

import contextlib
from collections.abc import AsyncGenerator
from pathlib import Path

from bot.asgi import serving
from bot.config import is_loopback
from bot.errors import StartError
from bot.playground.app import create_app
from bot.playground.state import saving
from bot.playground.world import World


@contextlib.asynccontextmanager
async def running(
    world: World, host: str = "127.0.0.1", port: int = 0, *, state: Path | None = None, password: str = ""
) -> AsyncGenerator[str]:
    """Serve `world` and yield the address, like "http://127.0.0.1:8080"; port 0 takes any free one.

    With `state` the world is saved there as it changes. With `password` people need it, and bots the token that
    `bot_token` makes of it. StartError if `host` is not this machine's loopback and there is no password, or if the
    port is taken.
    """
    if not (is_loopback(host) or password):
        raise StartError(
            f"--host, TERTULIA_PLAYGROUND_HOST: others can reach {host}, and whoever reaches the playground can write"
            " as anyone and read everything. Set TERTULIA_PLAYGROUND_PASSWORD too, or keep to 127.0.0.1."
        )
    world.reopen()
    keep = saving(world, state) if state else contextlib.nullcontext()
    # Saved once more after the server has stopped, so that nothing comes later.
    async with keep, serving(create_app(world, password=password), host, port) as address:
        try:
            yield address
        finally:
            world.close()
