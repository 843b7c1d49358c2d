"""Replies that quote a part of a message, or a message of another chat."""

import pytest
from playwright.async_api import Page, expect
from telegram import ReplyParameters

from tests.browser.conftest import FORUM, GROUP, LUCIA, BotSide, Playground

pytestmark = pytest.mark.browser


async def test_a_reply_shows_what_it_quotes(playground: Playground, chat_page: Page, bot_side: BotSide) -> None:
    said = await playground.say(LUCIA, LUCIA, "Quedamos el viernes a las siete")
    await bot_side.bot.send_message(LUCIA, "Sí", reply_parameters=ReplyParameters(said, quote="el viernes"))
    await expect(chat_page.locator(".quote span")).to_have_text("el viernes")


async def test_a_reply_to_another_chat_leads_there(playground: Playground, chat_page: Page, bot_side: BotSide) -> None:
    said = await playground.say(FORUM, LUCIA, "Fichas del jueves")
    elsewhere = ReplyParameters(said, chat_id=FORUM, quote="Fichas")
    await bot_side.bot.send_message(GROUP, "Ya están", reply_parameters=elsewhere)
    await chat_page.get_by_test_id(f"chat-item-{GROUP}").click()
    quote = chat_page.locator(".quote")
    await expect(quote).to_contain_text("Lucía · Taller de lectura")
    await expect(quote).to_contain_text("Fichas")
    await quote.click()
    await expect(chat_page.get_by_role("heading", name="Taller de lectura")).to_be_visible()
