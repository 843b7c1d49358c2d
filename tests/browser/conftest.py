"""Chromium, the playground on a port, and the bot's side of it: what the browser tests share."""

import contextlib
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.async_api import Browser, Page, async_playwright, expect
from telegram import Bot, Update
from telegram.request import HTTPXRequest

from bot.playground.server import running
from bot.playground.world import PLAYGROUND_TOKEN, World

LUCIA, BEN, INES = 1001, 1002, 1003
GROUP, FORUM, CHANNEL = -4001, -1001000004002, -1001000004003
DESKTOP = {"width": 1280, "height": 800}
AXE = Path(__file__).parent / "node_modules/axe-core/axe.min.js"
PHONE = {"width": 390, "height": 844}
PATIENCE_MS = 20_000
CHROMIUM_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]

PageMaker = Callable[..., AbstractAsyncContextManager[Page]]


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of Chromium; without one the browser tests are skipped."""
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("no chromium on the PATH (Debian: apt-get install chromium)")
    return path


@pytest.fixture(scope="session")
def axe() -> str:
    """axe-core's source; without it the tests that ask it are skipped."""
    if not AXE.exists():
        pytest.skip("axe-core is not installed: make clients")
    return AXE.read_text(encoding="utf-8")


@pytest.fixture
async def browser(chromium: str) -> AsyncIterator[Browser]:
    """A browser of its own for each test, since each test has an event loop of its own."""
    expect.set_options(timeout=PATIENCE_MS)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_OPTIONS)
        yield browser
        await browser.close()


@pytest.fixture
def new_page(browser: Browser) -> PageMaker:
    """Opens pages with options of `browser.new_context`; a page that raised an error fails its test.

    With `refused=True` the server may refuse what the page asks: the browser itself reports that as an error.
    """

    @contextlib.asynccontextmanager
    async def open_page(*, refused: bool = False, **options: Any) -> AsyncIterator[Page]:
        context = await browser.new_context(**{"viewport": DESKTOP, "locale": "es", **options})
        context.set_default_timeout(PATIENCE_MS)
        page = await context.new_page()
        problems: list[str] = []
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda line: problems.append(line.text) if is_problem(line.type, line.text) else None)
        yield page
        await context.close()
        assert [problem for problem in problems if not (refused and "status of 400" in problem)] == []

    return open_page


def is_problem(kind: str, text: str) -> bool:
    """Tell whether a console line is the page's own fault; a server that is down is not."""
    return kind == "error" and "net::ERR_" not in text


@pytest.fixture
async def browser_page(new_page: PageMaker) -> AsyncIterator[Page]:
    """A page on a desktop's screen."""
    async with new_page() as page:
        yield page


@pytest.fixture
async def phone_page(new_page: PageMaker) -> AsyncIterator[Page]:
    """A page on a phone's screen, with touch."""
    async with new_page(viewport=PHONE, has_touch=True, is_mobile=True) as page:
        yield page


class Playground:
    """The real server on a port, which can be stopped and started again at the same place."""

    def __init__(self) -> None:
        self.world = World(flood_limits=False)
        self.base = ""
        self._server = AsyncExitStack()

    async def start(self, port: int = 0) -> None:
        """Serve the world, by default on any free port."""
        self.base = await self._server.enter_async_context(running(self.world, port=port))

    async def stop(self) -> None:
        """Stop serving; the world stays."""
        await self._server.aclose()

    @property
    def port(self) -> int:
        """The port it serves on."""
        return int(self.base.rpartition(":")[2])

    def bot(self) -> Bot:
        """Return a real python-telegram-bot client of this server."""
        return Bot(
            PLAYGROUND_TOKEN,
            base_url=f"{self.base}/bot",
            base_file_url=f"{self.base}/file/bot",
            request=HTTPXRequest(connection_pool_size=4),
        )

    async def say(self, chat: int, person: int, text: str) -> int:
        """Say something as a person and return the message's id."""
        async with httpx.AsyncClient(base_url=self.base) as http:
            response = await http.post(f"/api/chats/{chat}/messages", json={"from": person, "text": text})
        return int(response.raise_for_status().json()["message_id"])


@pytest.fixture
async def playground() -> AsyncIterator[Playground]:
    """A fresh world, served."""
    playground = Playground()
    await playground.start()
    yield playground
    await playground.stop()


class BotSide:
    """What the test's own bot receives, in order; it answers only what the test tells it to."""

    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        self._offset = 0

    async def next_update(self) -> Update:
        """Wait for the next update."""
        while True:
            for update in await self.bot.get_updates(offset=self._offset, limit=1, timeout=20):
                self._offset = update.update_id + 1
                return update

    async def next_text(self) -> str:
        """Wait for the next message and return its text."""
        message = (await self.next_update()).message
        assert message is not None
        return message.text or ""


@pytest.fixture
async def bot_side(playground: Playground) -> AsyncIterator[BotSide]:
    """A bot that has been started by both people."""
    for person in (LUCIA, BEN):
        playground.world.people[person].started = True
    async with playground.bot() as bot:
        yield BotSide(bot)


@pytest.fixture
async def chat_page(playground: Playground, browser_page: Page, bot_side: BotSide) -> Page:
    """Lucía's page, open at her chat with the bot."""
    await open_chat(browser_page, playground.base)
    return browser_page


async def open_chat(page: Page, base: str) -> None:
    """Load the page and wait until it is ready to write in."""
    await page.goto(f"{base}/")
    await expect(page.get_by_test_id("composer")).to_be_editable()
    await expect(page.get_by_test_id(f"chat-item-{LUCIA}")).to_be_visible()
