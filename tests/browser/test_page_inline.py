"""Inline mode on the page."""

import pytest
from playwright.async_api import Page, expect
from telegram import InlineQueryResultArticle, InlineQueryResultsButton, InputTextMessageContent

from tests.browser.conftest import FORUM, BotSide

pytestmark = pytest.mark.browser


async def answer_inline(bot_side: BotSide, *titles: str, next_offset: str = "", starts: bool = True) -> str:
    """Answer the next inline query with articles, and a button that starts the bot, and return what it asked."""
    query = None
    while query is None:
        query = (await bot_side.next_update()).inline_query
    results = [
        InlineQueryResultArticle(f"{query.offset}{n}", title, InputTextMessageContent(f"Texto de {title}"))
        for n, title in enumerate(titles)
    ]
    button = InlineQueryResultsButton("Entrar", start_parameter="inline") if starts else None
    await query.answer(results, cache_time=0, next_offset=next_offset, button=button)
    return query.query


async def test_inline_results_are_chosen_by_keyboard(chat_page: Page, bot_side: BotSide) -> None:
    topic = (await bot_side.bot.create_forum_topic(FORUM, "Rayuela")).message_thread_id
    await chat_page.get_by_test_id(f"chat-item-{FORUM}").click()
    await chat_page.get_by_test_id(f"topic-{topic}").click()
    composer, results = chat_page.get_by_test_id("composer"), chat_page.get_by_test_id("inline-results")
    await composer.press_sequentially("@tertulia_bot rayuela")
    assert await answer_inline(bot_side, "Capítulo 7", "Capítulo 68", next_offset="2") == "rayuela"
    await expect(results.get_by_role("option")).to_have_count(4)
    await expect(results.get_by_role("option", selected=True)).to_contain_text("Capítulo 7")
    await composer.press("ArrowDown")
    await composer.press("ArrowDown")
    await composer.press("Enter")
    await answer_inline(bot_side, "Capítulo 93")
    await expect(results.get_by_role("option", selected=True)).to_contain_text("Capítulo 93")
    await composer.press("Enter")
    message = chat_page.locator(".message.own")
    await expect(message.locator(".text")).to_have_text("Texto de Capítulo 93")
    await expect(message).to_contain_text("vía @tertulia_bot")
    await expect(composer).to_have_value("")
    await expect(results).to_be_hidden()


async def test_escape_leaves_inline_mode_and_the_button_starts_the_bot(chat_page: Page, bot_side: BotSide) -> None:
    composer, results = chat_page.get_by_test_id("composer"), chat_page.get_by_test_id("inline-results")
    await composer.press_sequentially("@tertulia_bot uno")
    await answer_inline(bot_side, "Uno")
    await expect(results).to_be_visible()
    await composer.press("Escape")
    await expect(results).to_be_hidden()
    await expect(composer).to_have_value("@tertulia_bot uno")
    await composer.press_sequentially(" dos")
    await answer_inline(bot_side, "Dos")
    await chat_page.get_by_test_id("inline-button").click()
    assert await bot_side.next_text() == "/start inline"


async def test_a_button_without_results_is_chosen_by_keyboard(chat_page: Page, bot_side: BotSide) -> None:
    composer, results = chat_page.get_by_test_id("composer"), chat_page.get_by_test_id("inline-results")
    await composer.press_sequentially("@tertulia_bot nada")
    await answer_inline(bot_side)
    await expect(results.get_by_role("option", selected=True)).to_have_text("Entrar")
    await composer.press("Enter")
    assert await bot_side.next_text() == "/start inline"


async def test_a_last_page_without_results_leaves_the_keyboard_in_the_list(chat_page: Page, bot_side: BotSide) -> None:
    composer, results = chat_page.get_by_test_id("composer"), chat_page.get_by_test_id("inline-results")
    await composer.press_sequentially("@tertulia_bot uno")
    await answer_inline(bot_side, "Uno", next_offset="1", starts=False)
    await chat_page.get_by_test_id("inline-more").click()
    await answer_inline(bot_side, starts=False)
    await expect(results.get_by_role("option")).to_have_count(1)
    await expect(results.get_by_role("option", selected=True)).to_contain_text("Uno")
    await composer.press("Enter")
    await expect(chat_page.locator(".message.own .text")).to_have_text("Texto de Uno")
