"""The page on a phone: everything within reach of a thumb, and nothing wider than the screen."""

from itertools import pairwise

import pytest
from playwright.async_api import Page, expect
from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from tests.browser.conftest import BEN, CHANNEL, FORUM, GROUP, LUCIA, BotSide, Playground

pytestmark = pytest.mark.browser

WIDER = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


async def open_on_phone(page: Page, playground: Playground, chat: int) -> None:
    """Open one chat from the list."""
    await page.goto(f"{playground.base}/")
    await page.get_by_test_id(f"chat-item-{chat}").tap()
    await expect(page.get_by_test_id("messages")).to_be_visible()


async def test_a_row_of_eight_buttons_fits(playground: Playground, phone_page: Page, bot_side: BotSide) -> None:
    row = [InlineKeyboardButton(str(number) * 2, callback_data=str(number)) for number in range(8)]
    await bot_side.bot.send_message(LUCIA, "Elige un número de página", reply_markup=InlineKeyboardMarkup([row]))
    await open_on_phone(phone_page, playground, LUCIA)
    last = phone_page.get_by_test_id("keyboard-button").last
    await expect(last).to_be_in_viewport(ratio=1)
    boxes = await phone_page.get_by_test_id("keyboard-button").evaluate_all(
        "keys => keys.map(key => key.getBoundingClientRect()).map(({ left, right }) => [left, right])"
    )
    assert all(end <= begin for (_, end), (begin, _) in pairwise(boxes))


@pytest.mark.parametrize("chat", [LUCIA, GROUP, FORUM, CHANNEL])
async def test_nothing_is_wider_than_the_screen(
    playground: Playground, phone_page: Page, bot_side: BotSide, chat: int
) -> None:
    keys = InlineKeyboardMarkup([[InlineKeyboardButton("a" * 40, callback_data=str(n)) for n in range(3)]])
    message = await bot_side.bot.send_message(chat, "palabra" * 40 + "\n" + "x " * 200, reply_markup=keys)
    if chat == FORUM:
        for number in range(6):
            await bot_side.bot.create_forum_topic(FORUM, f"Tema número {number}")
        await bot_side.bot.pin_chat_message(FORUM, message.message_id)
    await open_on_phone(phone_page, playground, chat)
    await expect(phone_page.get_by_test_id(f"message-{message.message_id}")).to_be_visible()
    assert await phone_page.evaluate(WIDER) is False
    inside = "node => node.getBoundingClientRect().right <= innerWidth"
    assert await phone_page.get_by_test_id(f"message-{message.message_id}").evaluate(inside)


async def test_the_last_message_of_a_forum_is_in_view(
    playground: Playground, phone_page: Page, bot_side: BotSide
) -> None:
    first = await bot_side.bot.send_message(FORUM, "línea\n" * 40)
    await bot_side.bot.pin_chat_message(FORUM, first.message_id)
    last = await bot_side.bot.send_message(FORUM, "la última")
    await open_on_phone(phone_page, playground, FORUM)
    await expect(phone_page.get_by_test_id("pinned")).to_be_visible()
    await expect(phone_page.get_by_test_id(f"message-{last.message_id}")).to_be_in_viewport(ratio=1)
    await expect(phone_page.get_by_test_id("new-messages")).to_be_hidden()


async def test_a_menu_stays_on_the_screen(playground: Playground, phone_page: Page) -> None:
    said = await playground.say(GROUP, BEN, "Chapter 3?")
    await open_on_phone(phone_page, playground, GROUP)
    await phone_page.get_by_test_id(f"more-{said}").tap()
    await expect(phone_page.get_by_test_id("menu-reply")).to_be_in_viewport(ratio=1)
    await expect(phone_page.get_by_test_id("menu")).to_be_in_viewport(ratio=1)
    await phone_page.get_by_test_id("react-👍").tap()
    await expect(phone_page.get_by_test_id("reaction-👍")).to_be_visible()


async def test_topics_are_reached_by_thumb(playground: Playground, phone_page: Page, bot_side: BotSide) -> None:
    topics = [await bot_side.bot.create_forum_topic(FORUM, f"Tema número {number}") for number in range(8)]
    topic = topics[-1]
    await bot_side.bot.send_message(FORUM, "aquí", message_thread_id=topic.message_thread_id)
    await open_on_phone(phone_page, playground, FORUM)
    await phone_page.get_by_test_id(f"topic-{topic.message_thread_id}").tap()
    await expect(phone_page.locator(".message .text")).to_have_text(["aquí"])
    await expect(phone_page.get_by_test_id(f"topic-{topic.message_thread_id}")).to_be_in_viewport()


async def test_settings_and_chat_info_fill_the_screen(playground: Playground, phone_page: Page) -> None:
    await phone_page.goto(f"{playground.base}/")
    await phone_page.get_by_test_id("settings-button").tap()
    await expect(phone_page.get_by_test_id("add-fault")).to_be_visible()
    assert await phone_page.evaluate(WIDER) is False
    await phone_page.get_by_test_id("dialog-close").tap()
    await phone_page.get_by_test_id(f"chat-item-{GROUP}").tap()
    await phone_page.get_by_test_id("chat-info").tap()
    panel = phone_page.get_by_test_id("chat-info-panel")
    await expect(panel).to_contain_text("Inés")
    box = await panel.bounding_box()
    assert box is not None
    assert box["width"] == pytest.approx(390, abs=1)
    await phone_page.get_by_test_id("dialog-close").tap()
    await expect(panel).to_have_count(0)
