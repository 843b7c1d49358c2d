"""Reply keyboards and forced replies on the page."""

import pytest
from playwright.async_api import Page, expect
from telegram import (
    ForceReply,
    KeyboardButton,
    KeyboardButtonPollType,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)

from tests.browser.conftest import BEN, GROUP, LUCIA, BotSide, PageMaker, Playground, open_chat

pytestmark = pytest.mark.browser


def board(*texts: str, **options: bool | str) -> ReplyKeyboardMarkup:
    """Return a keyboard of one row."""
    return ReplyKeyboardMarkup([list(texts)], **options)  # type: ignore[arg-type]  # options of several types


async def test_a_reply_keyboard_stays_until_it_is_removed(chat_page: Page, bot_side: BotSide) -> None:
    keyboard = chat_page.get_by_test_id("reply-keyboard")
    await bot_side.bot.send_message(
        LUCIA, "¿Qué hacemos?", reply_markup=board("Resumen", "Test", input_field_placeholder="Elige")
    )
    await expect(keyboard.get_by_role("button")).to_have_text(["Resumen", "Test"])
    await expect(chat_page.get_by_test_id("composer")).to_have_attribute("placeholder", "Elige")
    await chat_page.get_by_role("button", name="Test").click()
    assert await bot_side.next_text() == "Test"
    await expect(keyboard).to_be_visible()
    await chat_page.get_by_test_id("keyboard-toggle").click()
    await expect(keyboard).to_be_hidden()
    await expect(chat_page.get_by_test_id("composer")).to_have_attribute("placeholder", "Escribe un mensaje")
    await chat_page.get_by_test_id("keyboard-toggle").click()
    await expect(keyboard).to_be_visible()
    await chat_page.reload()
    await expect(keyboard).to_be_visible()
    await bot_side.bot.send_message(LUCIA, "Hecho", reply_markup=ReplyKeyboardRemove())
    await expect(keyboard).to_be_hidden()
    await expect(chat_page.get_by_test_id("keyboard-toggle")).to_be_hidden()


async def test_a_keyboard_for_one_use_is_put_away(chat_page: Page, bot_side: BotSide) -> None:
    await bot_side.bot.send_message(LUCIA, "¿Sí o no?", reply_markup=board("Sí", "No", one_time_keyboard=True))
    await chat_page.get_by_test_id("composer").fill("espera")
    await chat_page.get_by_test_id("send").click()
    assert await bot_side.next_text() == "espera"
    await chat_page.get_by_role("button", name="Sí", exact=True).click()
    assert await bot_side.next_text() == "Sí"
    await expect(chat_page.get_by_test_id("reply-keyboard")).to_be_hidden()
    await expect(chat_page.get_by_test_id("keyboard-toggle")).to_have_attribute("aria-expanded", "false")


async def test_a_persistent_keyboard_cannot_be_put_away(chat_page: Page, bot_side: BotSide) -> None:
    await bot_side.bot.send_message(LUCIA, "Menú", reply_markup=board("Ayuda", is_persistent=True))
    await expect(chat_page.get_by_test_id("reply-keyboard")).to_be_visible()
    await expect(chat_page.get_by_test_id("keyboard-toggle")).to_be_hidden()


async def test_keys_that_share_a_number_a_place_and_a_poll(chat_page: Page, bot_side: BotSide) -> None:
    rows = [
        [KeyboardButton("Mi número", request_contact=True), KeyboardButton("Mi sitio", request_location=True)],
        [KeyboardButton("Encuesta", request_poll=KeyboardButtonPollType("quiz"))],
    ]
    await bot_side.bot.send_message(LUCIA, "Comparte", reply_markup=ReplyKeyboardMarkup(rows))
    await chat_page.get_by_role("button", name="Mi número").click()
    await chat_page.get_by_test_id("contact-form-send").click()
    message = (await bot_side.next_update()).message
    assert message is not None
    assert message.contact is not None
    assert message.contact.user_id == LUCIA
    await chat_page.get_by_role("button", name="Mi sitio").click()
    await chat_page.get_by_test_id("place-form-send").click()
    message = (await bot_side.next_update()).message
    assert message is not None
    assert message.location is not None
    await chat_page.get_by_role("button", name="Encuesta").click()
    await expect(chat_page.get_by_test_id("poll-quiz")).to_be_checked()
    await expect(chat_page.get_by_test_id("poll-quiz")).to_be_disabled()


async def test_a_selective_keyboard_is_for_those_it_names(
    playground: Playground, chat_page: Page, bot_side: BotSide, new_page: PageMaker
) -> None:
    await chat_page.get_by_test_id(f"chat-item-{GROUP}").click()
    async with new_page() as other:
        await open_chat(other, playground.base)
        await other.get_by_test_id("person-switch").select_option(str(BEN))
        await other.get_by_test_id(f"chat-item-{GROUP}").click()
        await bot_side.bot.send_message(GROUP, "@ben_reads ¿vienes?", reply_markup=board("Yes", "No", selective=True))
        await expect(other.get_by_test_id("reply-keyboard")).to_be_visible()
    await expect(chat_page.get_by_test_id("messages")).to_contain_text("¿vienes?")
    await expect(chat_page.get_by_test_id("reply-keyboard")).to_be_hidden()


async def test_a_forced_reply_is_begun_and_sent(chat_page: Page, bot_side: BotSide) -> None:
    asked = await bot_side.bot.send_message(
        LUCIA, "¿Cómo se llama tu grupo?", reply_markup=ForceReply(input_field_placeholder="El nombre")
    )
    composer = chat_page.get_by_test_id("composer")
    await expect(chat_page.get_by_test_id("replying-to")).to_contain_text("¿Cómo se llama tu grupo?")
    await expect(composer).to_have_attribute("placeholder", "El nombre")
    await composer.fill("Los jueves")
    await composer.press("Enter")
    message = (await bot_side.next_update()).message
    assert message is not None
    assert message.reply_to_message is not None
    assert message.reply_to_message.message_id == asked.message_id
    await expect(composer).to_have_attribute("placeholder", "Escribe un mensaje")
