"""Nothing secret reaches the log."""

import io
import logging
from collections.abc import Iterator

import pytest
import structlog
from telegram import Bot
from telegram.error import InvalidToken, NetworkError

from bot import app, logs
from bot.config import Settings
from bot.playground.world import PLAYGROUND_TOKEN
from tests.conftest import Script, Visitor

TOKEN = "7123456789:AAF-verySecretTokenOfATest_0123456789ab"


@pytest.fixture(params=["json", "console"])
def log(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """All that would stand on standard error, at the most talkative level."""
    stream = io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    ours = logging.getLogger("bot").level
    logs.set_up("debug", request.param)
    yield stream
    root.handlers[:] = before
    root.setLevel(level)
    logging.getLogger("bot").setLevel(ours)
    structlog.reset_defaults()


async def test_failing_requests_do_not_log_the_token(log: io.StringIO, address: str) -> None:
    logging.getLogger().setLevel(logging.DEBUG)  # as somebody might who looks for a fault
    bot = Bot(TOKEN, base_url=f"{address}/nowhere/bot")
    with pytest.raises((InvalidToken, NetworkError)):
        await bot.initialize()
    try:
        await Bot(TOKEN, base_url="http://127.0.0.1:9/bot").get_me()
    except NetworkError:
        logging.getLogger("some.library").exception("request to /bot%s/getMe failed", TOKEN)
        structlog.get_logger("bot").exception("failed", url=f"http://127.0.0.1:9/bot{TOKEN}/getMe")
    await bot.shutdown()
    written = log.getvalue()
    assert "some.library" in written
    assert "nowhere" in written, "the library's own request lines were seen"
    assert TOKEN not in written
    assert TOKEN.split(":")[1] not in written
    assert "<token>" in written


async def test_running_bot_logs_neither_token_nor_words(
    log: io.StringIO, settings: Settings, address: str, visitor: Visitor
) -> None:
    settings.telegram_url = address

    def broken(_: object) -> list[str | Exception]:
        return ["media palabra ", ValueError("boom")]

    async with app.running(settings, PLAYGROUND_TOKEN, Script(answer=broken)):
        await visitor.say("una confidencia inconfundible")
        explanation = await visitor.hear("Referencia: ")
    written = log.getvalue()
    reference = explanation["text"].split("Referencia: ")[1]
    assert reference in written, "the log carries the reference that the person was given"
    assert PLAYGROUND_TOKEN not in written
    assert "boom" in written
    assert "confidencia" not in written
    assert "media palabra" not in written


def test_libraries_that_raise_their_own_level_stay_quiet(log: io.StringIO) -> None:
    import bm25s

    bm25s.logger.setLevel(logging.DEBUG)  # as the first import does
    bm25s.BM25().index([["una", "frase"], ["otra"]], show_progress=False)
    bm25s.logger.warning("esto importa")
    written = log.getvalue()
    assert "esto importa" in written
    assert "Building index" not in written
