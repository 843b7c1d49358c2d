"""The connections to the Bot API."""

import asyncio
import ssl

from bot.connections import Connections
from bot.playground.world import PLAYGROUND_TOKEN


async def test_a_call_that_is_broken_off_holds_up_no_other(address: str) -> None:
    connections = Connections(1, read_timeout=20, trusted=ssl.create_default_context())
    bot = f"{address}/bot{PLAYGROUND_TOKEN}"
    for turns in range(12):
        waiting = asyncio.create_task(connections.do_request(f"{bot}/getUpdates?timeout=30", "GET"))
        for _ in range(turns):  # broken off at one stage after another
            await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        async with asyncio.timeout(15):
            status, _ = await connections.do_request(f"{bot}/getMe", "GET")
        assert status == 200
    await connections.shutdown()
