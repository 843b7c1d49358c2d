"""pyTelegramBotAPI's asynchronous half: another HTTP client, and parameters in the body of a GET."""

from pathlib import Path

import httpx
import pytest

from bot.playground.world import World
from tests.clients.people import People
from tests.clients.process import ClientBot, missing, running_bot

pytestmark = pytest.mark.clients


async def test_each_message_is_echoed_once(address: str, world: World, tmp_path: Path) -> None:
    if why := missing("telebot"):
        pytest.skip(why)
    world.floods.switch(on=False)
    async with (
        httpx.AsyncClient(base_url=address) as http,
        running_bot(ClientBot("telebot", address, world, tmp_path, script="echo")),
    ):
        people = People(http, list(world.chats), world.seq)
        for word in ("uno", "dos"):
            await people.say(word)
            await people.hear(word)
        await people.send_file("a.txt", b"x" * 1234)
        await people.hear("1234 bytes")
        # Had the offset been lost, all of it would have come again before this.
        assert [message.get("text") for message in await people.messages() if message["from"]["is_bot"]] == [
            "uno",
            "dos",
            "1234 bytes",
        ]
