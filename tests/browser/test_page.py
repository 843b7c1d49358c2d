"""The playground's page, used as a person uses it, with a real bot client on the other side."""

import re

import pytest
from playwright.async_api import Page, expect
from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from tests.browser.conftest import BEN, GROUP, LUCIA, BotSide, PageMaker, Playground, open_chat

pytestmark = pytest.mark.browser


def keyboard(*data: str) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton(each.upper(), callback_data=each) for each in data]])


async def test_an_empty_chat_says_what_to_try(chat_page: Page, bot_side: BotSide) -> None:
    welcome = chat_page.get_by_test_id("welcome")
    await expect(welcome).to_contain_text("Lucía")
    examples = welcome.locator(".example")
    await expect(examples).to_have_count(3)
    await expect(welcome.get_by_test_id("start")).to_have_text("Empezar")
    first = examples.first
    words = await first.inner_text()
    await first.click()
    assert await bot_side.next_text() == words
    await expect(welcome).to_have_count(0)
    await expect(chat_page.get_by_test_id("messages")).to_contain_text(words)


async def test_enter_sends_and_shift_enter_breaks_the_line(chat_page: Page, bot_side: BotSide) -> None:
    composer = chat_page.get_by_test_id("composer")
    await composer.press_sequentially("uno")
    before = await composer.bounding_box()
    await composer.press("Shift+Enter")
    await composer.press_sequentially("dos")
    after = await composer.bounding_box()
    await composer.press("Enter")
    assert await bot_side.next_text() == "uno\ndos"
    assert before is not None
    assert after is not None
    assert after["height"] > before["height"]
    await expect(composer).to_have_value("")
    await expect(chat_page.locator(".message.own")).to_contain_text("uno\ndos")


async def test_a_draft_grows_and_the_message_replaces_it(chat_page: Page, bot_side: BotSide) -> None:
    bot, draft = bot_side.bot, chat_page.get_by_test_id("draft")
    await bot.send_chat_action(LUCIA, "typing")
    await expect(chat_page.get_by_test_id("typing")).to_be_visible()
    await bot.send_message_draft(LUCIA, 7, "El caso")
    await expect(draft).to_have_text("El caso")
    await expect(chat_page.get_by_test_id("typing")).to_have_count(0)
    await bot.send_message_draft(LUCIA, 7, "El caso base termina")
    await expect(draft).to_have_text("El caso base termina")
    await expect(draft.locator(".caret")).to_have_count(1)
    message = await bot.send_message(LUCIA, "El caso base termina la recursión.")
    await expect(draft).to_have_count(0)
    final = chat_page.get_by_test_id(f"message-{message.message_id}")
    await expect(final).to_contain_text("termina la recursión.")
    await expect(chat_page.get_by_test_id("speaker")).to_contain_text("termina la recursión.")


async def test_a_thinking_bot_shows_dots(chat_page: Page, bot_side: BotSide) -> None:
    await bot_side.bot.send_message_draft(LUCIA, 3, "…")
    await expect(chat_page.get_by_test_id("draft").get_by_role("img")).to_be_visible()
    await expect(chat_page.get_by_test_id("stop")).to_be_visible()


async def test_a_click_is_not_lost_while_a_reply_streams(chat_page: Page, bot_side: BotSide) -> None:
    await bot_side.bot.send_message_draft(LUCIA, 1, "uno")
    await expect(chat_page.get_by_test_id("draft")).to_have_text("uno")
    await chat_page.get_by_test_id(f"chat-item-{GROUP}").hover()
    await chat_page.mouse.down()
    await bot_side.bot.send_message_draft(LUCIA, 1, "uno dos")
    await expect(chat_page.get_by_test_id("draft")).to_have_text("uno dos")
    await chat_page.mouse.up()
    await expect(chat_page.get_by_role("heading", name="Grupo de lectura")).to_be_visible()


async def test_typing_passes_after_five_seconds(playground: Playground, browser_page: Page, bot_side: BotSide) -> None:
    await browser_page.clock.install()
    await open_chat(browser_page, playground.base)
    await bot_side.bot.send_chat_action(LUCIA, "typing")
    await expect(browser_page.get_by_test_id("typing")).to_be_visible()
    await browser_page.clock.fast_forward(5_500)
    await expect(browser_page.get_by_test_id("typing")).to_have_count(0)


async def test_a_draft_passes_after_thirty_seconds(
    playground: Playground, browser_page: Page, bot_side: BotSide
) -> None:
    await browser_page.clock.install()
    await open_chat(browser_page, playground.base)
    await bot_side.bot.send_message_draft(LUCIA, 1, "a medio decir")
    await expect(browser_page.get_by_test_id("draft")).to_be_visible()
    await browser_page.clock.fast_forward(30_500)
    await expect(browser_page.get_by_test_id("draft")).to_have_count(0)


async def test_stop_asks_the_bot_to_cancel(chat_page: Page, bot_side: BotSide) -> None:
    stop = chat_page.get_by_test_id("stop")
    await expect(stop).to_be_hidden()
    await bot_side.bot.send_message_draft(LUCIA, 1, "Una respuesta muy larga")
    await stop.click()
    assert await bot_side.next_text() == "/cancel"
    await bot_side.bot.send_message(LUCIA, "Una respuesta muy")
    await expect(stop).to_be_hidden()


async def test_in_a_group_stop_shows_unless_the_message_has_a_button(chat_page: Page, bot_side: BotSide) -> None:
    stop = chat_page.get_by_test_id("stop")
    await chat_page.get_by_test_id(f"chat-item-{GROUP}").click()
    message = await bot_side.bot.send_message(GROUP, "Calls")
    await message.edit_text("Calls calling")
    await expect(stop).to_be_visible()
    await message.edit_text("Calls calling their calls", reply_markup=keyboard("stop"))
    await expect(stop).to_be_hidden()


async def test_a_tapped_button_waits_for_its_answer(chat_page: Page, bot_side: BotSide) -> None:
    await bot_side.bot.send_message(LUCIA, "¿Idioma?", reply_markup=keyboard("es", "en"))
    button = chat_page.locator("[data-testid=keyboard-button][data-data=en]")
    await button.click()
    await expect(button).to_have_attribute("aria-busy", "true")
    await expect(button).to_be_focused()
    query = (await bot_side.next_update()).callback_query
    assert query is not None
    assert query.data == "en"
    await query.answer("Hecho")
    await expect(chat_page.get_by_test_id("toast")).to_have_text("Hecho")
    await expect(button).not_to_have_attribute("aria-busy", "true")


async def test_an_alert_is_a_dialog(chat_page: Page, bot_side: BotSide) -> None:
    await bot_side.bot.send_message(LUCIA, "¿Borrar?", reply_markup=keyboard("wipe"))
    await chat_page.get_by_test_id("keyboard-button").click()
    query = (await bot_side.next_update()).callback_query
    assert query is not None
    await query.answer("Se borró todo", show_alert=True)
    dialog = chat_page.get_by_role("dialog", name="Se borró todo")
    await expect(dialog).to_be_visible()
    await dialog.get_by_role("button").click()
    await expect(dialog).to_have_count(0)


async def test_an_answer_shows_only_where_the_button_was_tapped(
    playground: Playground, chat_page: Page, new_page: PageMaker, bot_side: BotSide
) -> None:
    await bot_side.bot.send_message(LUCIA, "¿Idioma?", reply_markup=keyboard("es"))
    async with new_page() as other:
        await open_chat(other, playground.base)
        await chat_page.get_by_test_id("keyboard-button").click()
        query = (await bot_side.next_update()).callback_query
        assert query is not None
        await query.answer("Hecho")
        await expect(chat_page.get_by_test_id("toast")).to_have_text("Hecho")
        await bot_side.bot.send_message(LUCIA, "lo siguiente")
        # Events come in order, so by now the answer has come by here too.
        await expect(other.get_by_test_id("messages")).to_contain_text("lo siguiente")
        await expect(other.get_by_test_id("toast")).to_have_count(0)


async def test_messages_are_edited_and_deleted_in_place(chat_page: Page, bot_side: BotSide) -> None:
    first = await bot_side.bot.send_message(LUCIA, "primera")
    second = await bot_side.bot.send_message(LUCIA, "segunda")
    messages = chat_page.locator(".message .text")
    await expect(messages).to_have_text(["primera", "segunda"])
    await first.edit_text("corregida")
    await expect(messages).to_have_text(["corregida", "segunda"])
    await second.delete()
    await expect(messages).to_have_text(["corregida"])


async def test_another_person_sees_their_own_chats_in_their_language(chat_page: Page, bot_side: BotSide) -> None:
    await bot_side.bot.send_message(LUCIA, "solo para Lucía")
    await expect(chat_page.get_by_test_id("messages")).to_contain_text("solo para Lucía")
    await chat_page.get_by_test_id("person-switch").select_option(label="Ben")
    await expect(chat_page.get_by_test_id(f"chat-item-{BEN}")).to_be_visible()
    await expect(chat_page.get_by_test_id(f"chat-item-{LUCIA}")).to_have_count(0)
    await expect(chat_page.get_by_test_id("welcome")).to_contain_text("What shall we study today, Ben?")
    await expect(chat_page.get_by_test_id("messages")).not_to_contain_text("solo para Lucía")
    await chat_page.reload()
    await expect(chat_page.get_by_test_id("person-switch")).to_have_value(str(BEN))


async def test_the_language_changes_for_the_page_and_the_person(
    playground: Playground, chat_page: Page, bot_side: BotSide
) -> None:
    composer = chat_page.get_by_test_id("composer")
    await expect(composer).to_have_attribute("placeholder", "Escribe un mensaje")
    await chat_page.get_by_test_id("language-en").click()
    await expect(composer).to_have_attribute("placeholder", "Write a message")
    await expect(chat_page.locator("html")).to_have_attribute("lang", "en")
    await composer.fill("hi")
    await composer.press("Enter")
    message = (await bot_side.next_update()).message
    assert message is not None
    assert message.from_user is not None
    assert message.from_user.language_code == "en"
    assert playground.world.people[LUCIA].language_code == "en"


async def test_unread_messages_are_counted_until_they_are_read(chat_page: Page, bot_side: BotSide) -> None:
    item = chat_page.get_by_test_id(f"chat-item-{GROUP}")
    for text in ("uno", "dos"):
        await bot_side.bot.send_message(GROUP, text)
    await expect(item.locator(".unread")).to_have_text("2")
    await expect(chat_page).to_have_title("(2) Tertulia")
    await item.click()
    await expect(item.locator(".unread")).to_have_count(0)
    await expect(chat_page).to_have_title("Tertulia")


async def test_who_reads_above_stays_there(chat_page: Page, bot_side: BotSide) -> None:
    messages = chat_page.get_by_test_id("messages")
    for number in range(4):
        await bot_side.bot.send_message(LUCIA, f"{number}\n" * 20)
    await expect(chat_page.locator(".message")).to_have_count(4)
    await messages.evaluate("list => { list.scrollTop = 50; }")
    jump = chat_page.get_by_test_id("new-messages")
    await expect(jump).to_be_visible()
    await bot_side.bot.send_message(LUCIA, "abajo del todo")
    await expect(jump).to_contain_text("(1)")
    assert await messages.evaluate("list => list.scrollTop") == 50
    await jump.click()
    await expect(chat_page.locator(".message").last).to_be_in_viewport()
    await expect(jump).to_be_hidden()


async def test_after_a_restart_the_page_goes_on_where_it_was(
    playground: Playground, chat_page: Page, bot_side: BotSide
) -> None:
    await bot_side.bot.send_message(LUCIA, "antes")
    await expect(chat_page.get_by_test_id("messages")).to_contain_text("antes")
    port = playground.port
    await playground.stop()
    await expect(chat_page.get_by_test_id("reconnecting")).to_be_visible()
    await playground.start(port)
    await playground.say(LUCIA, LUCIA, "después")
    await expect(chat_page.get_by_test_id("reconnecting")).to_be_hidden()
    await expect(chat_page.locator(".message .text")).to_have_text(["antes", "después"])


async def test_a_new_world_behind_the_same_address_is_shown_afresh(
    playground: Playground, chat_page: Page, bot_side: BotSide
) -> None:
    await bot_side.bot.send_message(LUCIA, "del mundo viejo")
    await expect(chat_page.get_by_test_id("messages")).to_contain_text("del mundo viejo")
    port = playground.port
    await playground.stop()
    playground.world = type(playground.world)()
    await playground.start(port)
    await expect(chat_page.get_by_test_id("welcome")).to_be_visible()
    await playground.say(LUCIA, LUCIA, "del mundo nuevo")
    await expect(chat_page.locator(".message .text")).to_have_text(["del mundo nuevo"])


async def test_on_a_phone_the_list_and_the_chat_are_two_screens(
    playground: Playground, phone_page: Page, bot_side: BotSide
) -> None:
    await phone_page.goto(f"{playground.base}/")
    item, composer = phone_page.get_by_test_id(f"chat-item-{LUCIA}"), phone_page.get_by_test_id("composer")
    await expect(item).to_be_visible()
    await expect(composer).to_be_hidden()
    await item.tap()
    await expect(item).to_be_hidden()
    await composer.fill("desde el móvil")
    await phone_page.get_by_test_id("send").tap()
    assert await bot_side.next_text() == "desde el móvil"
    await expect(phone_page.locator(".message.own")).to_be_in_viewport()
    overflow = await phone_page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    assert overflow is False
    await phone_page.get_by_test_id("back").tap()
    await expect(item).to_be_visible()
    await expect(item).to_contain_text("desde el móvil")


async def test_the_theme_follows_the_system_until_it_is_chosen(playground: Playground, new_page: PageMaker) -> None:
    paper = "getComputedStyle(document.querySelector('#conversation')).backgroundColor"
    async with new_page(color_scheme="dark") as page:
        await open_chat(page, playground.base)
        dark = await page.evaluate(paper)
        toggle = page.get_by_test_id("theme-toggle")
        await toggle.click()
        await expect(toggle).to_have_attribute("aria-pressed", "false")
        light = await page.evaluate(paper)
        await page.reload()
        await expect(toggle).to_have_attribute("aria-pressed", "false")
        assert await page.evaluate(paper) == light
    assert brightness(dark) < 60
    assert brightness(light) > 200


def brightness(color: str) -> int:
    """The mean of the channels of a CSS colour like rgb(1, 2, 3)."""
    channels = [int(each) for each in re.findall(r"\d+", color)[:3]]
    return sum(channels) // 3
