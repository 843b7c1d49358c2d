"""The page by keyboard alone: nothing here touches the mouse."""

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import BEN, FORUM, GROUP, LUCIA, BotSide, Playground

pytestmark = pytest.mark.browser


async def walk_to(page: Page, hook: str, key: str = "Tab") -> None:
    """Press a key until what has this data-testid has the focus; nothing is more than sixty steps away."""
    target = page.get_by_test_id(hook)
    for _ in range(60):
        if await target.evaluate("node => node === document.activeElement"):
            return
        await page.keyboard.press(key)
    await expect(target).to_be_focused()


async def open_last_menu(page: Page, message: int) -> None:
    """Open the menu of the newest message."""
    await expect(page.get_by_test_id(f"message-{message}")).to_be_visible()
    await walk_to(page, "messages", "Shift+Tab")
    await page.keyboard.press("ArrowUp")
    await expect(page.get_by_test_id(f"message-{message}")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_test_id("menu")).to_be_visible()


async def test_from_message_to_message_and_into_its_menu(playground: Playground, chat_page: Page) -> None:
    first = await playground.say(GROUP, BEN, "Chapter 3?")
    second = await playground.say(GROUP, LUCIA, "Sí, el viernes")
    await walk_to(chat_page, f"chat-item-{GROUP}", "Shift+Tab")
    await chat_page.keyboard.press("Enter")
    await expect(chat_page.get_by_test_id("composer")).to_be_focused()
    await walk_to(chat_page, "messages", "Shift+Tab")
    await chat_page.keyboard.press("ArrowUp")
    await expect(chat_page.get_by_test_id(f"message-{second}")).to_be_focused()
    await chat_page.keyboard.press("ArrowUp")
    await expect(chat_page.get_by_test_id(f"message-{first}")).to_be_focused()
    await chat_page.keyboard.press("Enter")
    await expect(chat_page.get_by_test_id("menu-reply")).to_be_focused()
    await chat_page.keyboard.press("Home")
    await expect(chat_page.get_by_test_id("react-👍")).to_be_focused()
    await chat_page.keyboard.press("Enter")
    await expect(chat_page.get_by_test_id("reaction-👍")).to_be_visible()
    await expect(chat_page.get_by_test_id("menu")).to_have_count(0)


async def test_escape_closes_a_menu_and_gives_the_focus_back(playground: Playground, chat_page: Page) -> None:
    said = await playground.say(LUCIA, LUCIA, "hola")
    await open_last_menu(chat_page, said)
    await chat_page.keyboard.press("ArrowDown")
    await expect(chat_page.get_by_test_id("menu-edit")).to_be_focused()
    await chat_page.keyboard.press("Escape")
    await expect(chat_page.get_by_test_id("menu")).to_have_count(0)
    await expect(chat_page.get_by_test_id(f"message-{said}")).to_be_focused()
    await chat_page.keyboard.press("Escape")
    await expect(chat_page.get_by_test_id("composer")).to_be_focused()


async def test_messages_are_one_stop_each_way(playground: Playground, chat_page: Page) -> None:
    await playground.say(LUCIA, LUCIA, "uno")
    last = await playground.say(LUCIA, LUCIA, "dos")
    await expect(chat_page.get_by_test_id(f"message-{last}")).to_be_visible()
    await chat_page.get_by_test_id("messages").focus()
    await chat_page.keyboard.press("Tab")
    await expect(chat_page.get_by_test_id("menu-button")).to_be_focused()
    await chat_page.keyboard.press("Shift+Tab")
    await expect(chat_page.get_by_test_id("messages")).to_be_focused()


async def test_a_topic_is_created_and_chosen(chat_page: Page, bot_side: BotSide) -> None:
    await walk_to(chat_page, f"chat-item-{FORUM}", "Shift+Tab")
    await chat_page.keyboard.press("Enter")
    await expect(chat_page.get_by_test_id("composer")).to_be_focused()
    await walk_to(chat_page, "topic-new", "Shift+Tab")
    await chat_page.keyboard.press("Enter")
    await expect(chat_page.get_by_test_id("ask-input")).to_be_focused()
    await chat_page.keyboard.type("Novela")
    await chat_page.keyboard.press("Enter")
    await expect(chat_page.locator("#topics [aria-current]")).to_have_text("Novela")
    await expect(chat_page.get_by_test_id("composer")).to_be_focused()
    await chat_page.keyboard.type("/start")
    await chat_page.keyboard.press("Enter")
    created, message = await bot_side.next_update(), await bot_side.next_update()
    assert created.message is not None
    assert created.message.forum_topic_created is not None
    assert message.message is not None
    assert message.message.message_thread_id == created.message.message_thread_id


async def test_settings_open_change_and_close(playground: Playground, chat_page: Page) -> None:
    await walk_to(chat_page, "settings-button", "Shift+Tab")
    await chat_page.keyboard.press("Enter")
    await walk_to(chat_page, "privacy_mode")
    async with chat_page.expect_response("**/api/settings"):
        await chat_page.keyboard.press("Space")
    assert playground.world.privacy_mode is False
    await chat_page.keyboard.press("Escape")
    await expect(chat_page.get_by_test_id("settings")).to_have_count(0)
    await expect(chat_page.get_by_test_id("settings-button")).to_be_focused()


async def test_a_message_is_forwarded(playground: Playground, chat_page: Page, bot_side: BotSide) -> None:
    said = await playground.say(LUCIA, LUCIA, "apuntes")
    await bot_side.next_update()
    await open_last_menu(chat_page, said)
    await walk_to(chat_page, "menu-forward", "ArrowDown")
    await chat_page.keyboard.press("Enter")
    await walk_to(chat_page, f"choose-{GROUP}")
    await chat_page.keyboard.press("Enter")
    await expect(chat_page.get_by_test_id("toast")).to_have_text("Reenviado a Grupo de lectura")


async def test_an_administrator_is_named(playground: Playground, chat_page: Page) -> None:
    await walk_to(chat_page, f"chat-item-{GROUP}", "Shift+Tab")
    await chat_page.keyboard.press("Enter")
    await walk_to(chat_page, "chat-info", "Shift+Tab")
    await chat_page.keyboard.press("Enter")
    await walk_to(chat_page, f"member-menu-{BEN}")
    await chat_page.keyboard.press("Enter")
    await expect(chat_page.get_by_test_id("member-promote")).to_be_focused()
    await chat_page.keyboard.press("Enter")
    await expect(chat_page.get_by_test_id(f"member-{BEN}")).to_contain_text("admin")
    await expect(chat_page.get_by_test_id(f"member-menu-{BEN}")).to_be_focused()
    assert BEN in playground.world.chats[GROUP].admins
