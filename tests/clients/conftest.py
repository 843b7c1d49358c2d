"""Each client bot by polling and by webhook, started once a module, and people who talk with it."""

from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio

from bot.playground.server import running
from bot.playground.world import World
from tests.clients.people import People
from tests.clients.process import LIBRARIES, MODES, ClientBot, free_port, missing, running_bot

EACH = [pytest.param((library, mode), id=f"{library}-{mode}") for library in LIBRARIES for mode in MODES]


@pytest_asyncio.fixture(loop_scope="module", scope="module", params=EACH)
async def client(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[ClientBot]:
    """A bot that runs in a world of its own, without flood limits."""
    library, mode = request.param
    if why := missing(library):
        pytest.skip(why)
    world = World(flood_limits=False)
    async with running(world) as address:
        port = free_port() if mode == "webhook" else 0
        async with running_bot(ClientBot(library, address, world, tmp_path_factory.mktemp(library), port)) as bot:
            yield bot


@pytest_asyncio.fixture(loop_scope="module")
async def people(client: ClientBot) -> AsyncIterator[People]:
    """People in the world of `client`, who see what happens from now on."""
    async with httpx.AsyncClient(base_url=client.address) as http:
        yield People(http, list(client.world.chats), client.world.seq)
    print(client.log())  # noqa: T201 - pytest shows it with a failure
