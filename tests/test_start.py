"""Starting and ending: what else runs, ports, data folders, broken parts."""

import socket

import pytest
from telegram.error import InvalidToken

from bot import app
from bot.config import Settings
from bot.errors import StartError
from bot.playground.world import PLAYGROUND_TOKEN
from tests.conftest import Script, Visitor


async def test_second_bot_on_a_data_folder_does_not_start(bot: app.Running, settings: Settings) -> None:
    assert bot.application.bot.username
    with pytest.raises(StartError, match="TERTULIA_DATA_DIR: another bot"):
        async with app.running(settings, PLAYGROUND_TOKEN, Script()):
            pass


async def test_taken_port_ends_the_bot_with_a_remedy(settings: Settings, address: str) -> None:
    settings.telegram_url = address
    with socket.create_server(("127.0.0.1", 0)) as other:
        settings.http_port = other.getsockname()[1]
        with pytest.raises(StartError, match="TERTULIA_HTTP_PORT"):
            async with app.running(settings, PLAYGROUND_TOKEN, Script()):
                pytest.fail("it said that it runs")


async def test_unknown_token_ends_the_bot(settings: Settings, address: str) -> None:
    settings.telegram_url = address
    with pytest.raises(InvalidToken):
        async with app.running(settings, "not-a-token", Script()):
            pass


async def test_bot_can_be_started_again_in_the_same_folder(settings: Settings, address: str, visitor: Visitor) -> None:
    settings.telegram_url = address
    for _ in range(2):
        async with app.running(settings, PLAYGROUND_TOKEN, Script()):
            await visitor.say("hola")
            await visitor.hear("Una respuesta.")


async def test_database_that_is_none_is_named_with_a_remedy(settings: Settings, address: str) -> None:
    settings.telegram_url = address
    (settings.data_dir / "tertulia.sqlite3").write_bytes(b"not a database at all, but long enough to look at" * 50)
    with pytest.raises(StartError, match=r"file is not a database.*TERTULIA_DATA_DIR"):
        async with app.running(settings, PLAYGROUND_TOKEN, Script()):
            pass
