"""The whole bot in a browser, as a newcomer meets it."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from bot import app
from bot.config import Settings
from bot.inference import weights
from bot.inference.catalog import find
from bot.playground.world import PLAYGROUND_TOKEN
from tests.browser.conftest import open_chat
from tests.conftest import Script

pytestmark = pytest.mark.browser


@pytest.fixture
async def page(bot: app.Running, address: str, browser_page: Page) -> Page:
    """Lucía's chat with the running bot."""
    assert bot.application.bot.username == "tertulia_bot"
    await open_chat(browser_page, address)
    return browser_page


async def send(page: Page, text: str) -> None:
    await page.get_by_test_id("composer").fill(text)
    await page.get_by_test_id("send").click()


async def test_answer_streams_and_is_stopped_with_the_stop_button(page: Page, script: Script) -> None:
    script.hold_after = 1
    await send(page, "¿Qué es la atención?")
    await expect(page.get_by_test_id("draft")).to_have_text("Una ")
    await page.get_by_test_id("stop").click()
    await expect(page.locator(".message.from-bot .text").last).to_contain_text("Detenido aquí")
    await expect(page.get_by_test_id("draft")).to_have_count(0)
    assert script.running == 0


async def test_button_is_tapped_and_the_language_changes(page: Page) -> None:
    await send(page, "/language")
    await page.get_by_test_id("keyboard-button").filter(has_text="English").click()
    await expect(page.locator(".message.from-bot .text").last).to_contain_text("I'll speak English")
    await send(page, "/cancel")
    await expect(page.locator(".message.from-bot .text").last).to_contain_text("No answer is being written")


async def test_the_pages_language_is_the_persons_and_the_bot_follows(page: Page) -> None:
    await page.get_by_test_id("language-en").click()
    await send(page, "/start")
    await expect(page.locator(".message.from-bot .text").last).to_contain_text("Hi, Lucía!")


async def test_command_menu_offers_the_bots_commands(page: Page) -> None:
    await page.get_by_test_id("composer").press_sequentially("/ge")
    await page.get_by_test_id("command-generar").click()
    await expect(page.locator(".message.from-bot .text").last).to_contain_text("¿Qué escribo?")


@pytest.fixture
async def real_bot(address: str, tmp_path: Path) -> AsyncGenerator[app.Running]:
    """The bot with the chat model that newcomers get."""
    real = Settings(telegram_bot_token=None)
    if not weights.installed(find(real.chat_model), real.weights_dir):
        pytest.skip("the chat model's weights are not on disk: make setup")
    (tmp_path / "models").symlink_to(real.weights_dir)
    settings = real.model_copy(update={"data_dir": tmp_path, "telegram_url": address, "max_new_tokens": 64})
    async with app.running(settings, PLAYGROUND_TOKEN) as running:
        yield running


@pytest.mark.weights
async def test_spanish_question_gets_a_streamed_spanish_answer(
    real_bot: app.Running, address: str, browser_page: Page
) -> None:
    assert "qwen2.5-coder-1.5b" in [state.id for state in real_bot.inference.states()]
    await open_chat(browser_page, address)
    await send(browser_page, "¿Cuál es la capital de Francia? Explica en tres frases por qué es conocida.")
    draft = browser_page.get_by_test_id("draft")
    await expect(draft).to_contain_text("capital", timeout=240_000)
    await expect(draft).to_have_count(0, timeout=120_000)
    answer = browser_page.locator(".message.from-bot .text").last
    await expect(answer).to_contain_text("París")
    assert " es " in await answer.inner_text()
