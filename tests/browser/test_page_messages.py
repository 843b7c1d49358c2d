"""What can be done with a message on the page: reactions, changing, deleting, forwarding, links to the bot."""

import pytest
from playwright.async_api import FilePayload, Page, expect
from telegram import CopyTextButton, InlineKeyboardButton, InlineKeyboardMarkup

from tests.browser.conftest import BEN, FORUM, GROUP, LUCIA, BotSide, PageMaker, Playground, open_chat

pytestmark = pytest.mark.browser


async def press_in_menu(page: Page, message: int, item: str) -> None:
    """Open a message's menu and choose from it."""
    await page.get_by_test_id(f"message-{message}").hover()
    await page.get_by_test_id(f"more-{message}").click()
    await page.get_by_test_id(item).click()


async def test_reactions_are_given_and_taken_back(
    playground: Playground, chat_page: Page, bot_side: BotSide, new_page: PageMaker
) -> None:
    said = await playground.say(GROUP, BEN, "Chapter 3?")
    await chat_page.get_by_test_id(f"chat-item-{GROUP}").click()
    await press_in_menu(chat_page, said, "react-👍")
    thumb = chat_page.get_by_test_id("reaction-👍")
    await expect(thumb).to_have_text("👍1")
    await expect(thumb).to_have_attribute("aria-pressed", "true")
    await bot_side.bot.set_message_reaction(GROUP, said, "👍")
    await expect(thumb).to_have_text("👍2")
    await expect(thumb).to_have_attribute("title", "Lucía, Tertulia")
    async with new_page() as other:
        await open_chat(other, playground.base)
        await other.get_by_test_id("person-switch").select_option(str(BEN))
        await other.get_by_test_id(f"chat-item-{GROUP}").click()
        await expect(other.get_by_test_id("reaction-👍")).to_have_attribute("aria-pressed", "false")
    await thumb.click()
    await expect(thumb).to_have_text("👍1")
    await expect(thumb).to_have_attribute("aria-pressed", "false")
    await expect(thumb).to_be_focused()


async def test_the_last_own_message_is_changed_with_the_arrow(chat_page: Page, bot_side: BotSide) -> None:
    composer = chat_page.get_by_test_id("composer")
    await composer.fill("capitulo tres")
    await composer.press("Enter")
    message = (await bot_side.next_update()).message
    assert message is not None
    await bot_side.bot.send_message(LUCIA, "¿Seguro?")
    await expect(chat_page.locator(".message.from-bot")).to_be_visible()
    await composer.press("ArrowUp")
    await expect(composer).to_have_value("capitulo tres")
    await expect(chat_page.get_by_test_id("replying-to")).to_contain_text("Editar el mensaje")
    await composer.fill("capítulo tres")
    await composer.press("Enter")
    edited = (await bot_side.next_update()).edited_message
    assert edited is not None
    assert edited.text == "capítulo tres"
    bubble = chat_page.get_by_test_id(f"message-{message.message_id}")
    await expect(bubble).to_contain_text("capítulo tres")
    await expect(bubble).to_contain_text("editado")
    await expect(chat_page.get_by_test_id("replying-to")).to_be_hidden()


async def test_escape_gives_up_a_change(chat_page: Page, bot_side: BotSide) -> None:
    composer = chat_page.get_by_test_id("composer")
    await composer.fill("así")
    await composer.press("Enter")
    await expect(chat_page.locator(".message.own")).to_be_visible()
    await composer.press("ArrowUp")
    await expect(composer).to_have_value("así")
    await composer.press("Escape")
    await expect(composer).to_have_value("")
    await expect(chat_page.get_by_test_id("replying-to")).to_be_hidden()


async def test_only_ones_own_messages_can_be_changed(playground: Playground, chat_page: Page) -> None:
    own, other = await playground.say(GROUP, LUCIA, "mío"), await playground.say(GROUP, BEN, "suyo")
    await chat_page.get_by_test_id(f"chat-item-{GROUP}").click()
    await chat_page.get_by_test_id(f"more-{own}").click()
    await expect(chat_page.get_by_test_id("menu-edit")).to_be_visible()
    await chat_page.keyboard.press("Escape")
    await expect(chat_page.get_by_test_id("menu")).to_have_count(0)
    await chat_page.get_by_test_id(f"more-{other}").click()
    await expect(chat_page.get_by_test_id("menu-reply")).to_be_visible()
    await expect(chat_page.get_by_test_id("menu-edit")).to_have_count(0)


async def test_a_message_is_deleted(playground: Playground, chat_page: Page) -> None:
    said = await playground.say(GROUP, LUCIA, "sobra")
    await chat_page.get_by_test_id(f"chat-item-{GROUP}").click()
    await press_in_menu(chat_page, said, "menu-delete")
    await expect(chat_page.get_by_test_id(f"message-{said}")).to_have_count(0)
    assert said not in playground.world.chats[GROUP].messages


async def test_a_message_is_forwarded_to_a_chosen_chat(
    playground: Playground, chat_page: Page, bot_side: BotSide
) -> None:
    said = await playground.say(GROUP, BEN, "Chapter 3 for Friday")
    await chat_page.get_by_test_id(f"chat-item-{GROUP}").click()
    await press_in_menu(chat_page, said, "menu-forward")
    await chat_page.get_by_test_id(f"choose-{LUCIA}").click()
    message = (await bot_side.next_update()).message
    assert message is not None
    assert message.forward_origin is not None
    assert message.text == "Chapter 3 for Friday"
    await expect(chat_page.get_by_test_id("toast")).to_have_text("Reenviado a Tertulia")
    await chat_page.get_by_test_id(f"chat-item-{LUCIA}").click()
    await expect(chat_page.get_by_test_id(f"message-{message.message_id}")).to_contain_text("Reenviado de Ben")


@pytest.mark.parametrize(
    "address", ["t.me/tertulia_bot?start=curso_7", "https://telegram.me/Tertulia_Bot?start=curso_7"]
)
async def test_a_link_to_the_bot_starts_it_with_its_payload(chat_page: Page, bot_side: BotSide, address: str) -> None:
    await bot_side.bot.send_message(GROUP, f"Apúntate en {address}")
    await chat_page.get_by_test_id(f"chat-item-{GROUP}").click()
    await chat_page.get_by_role("link", name=address).click()
    assert await bot_side.next_text() == "/start curso_7"
    await expect(chat_page.get_by_role("heading", name="Tertulia", level=2)).to_be_visible()
    await expect(chat_page.locator(".message.own")).to_contain_text("/start curso_7")


async def test_an_answer_with_a_link_to_the_bot_can_be_followed(chat_page: Page, bot_side: BotSide) -> None:
    keys = InlineKeyboardMarkup([[InlineKeyboardButton("Apuntarme", callback_data="join")]])
    await bot_side.bot.send_message(GROUP, "Taller", reply_markup=keys)
    await chat_page.get_by_test_id(f"chat-item-{GROUP}").click()
    await chat_page.get_by_test_id("keyboard-button").click()
    query = (await bot_side.next_update()).callback_query
    assert query is not None
    await query.answer(url="t.me/tertulia_bot?start=taller")
    await chat_page.get_by_test_id("offered-link").click()
    assert await bot_side.next_text() == "/start taller"


async def test_buttons_copy_and_lead_elsewhere(playground: Playground, bot_side: BotSide, new_page: PageMaker) -> None:
    rows = [
        [InlineKeyboardButton("Copiar", copy_text=CopyTextButton("isbn 84-376"))],
        [InlineKeyboardButton("Buscar aquí", switch_inline_query_current_chat="rayuela")],
        [InlineKeyboardButton("Buscar allí", switch_inline_query="cortázar")],
    ]
    await bot_side.bot.send_message(LUCIA, "Herramientas", reply_markup=InlineKeyboardMarkup(rows))
    async with new_page(permissions=["clipboard-read", "clipboard-write"]) as page:
        await open_chat(page, playground.base)
        await page.get_by_role("button", name="Copiar", exact=True).click()
        await expect(page.get_by_test_id("toast")).to_have_text("Copiado")
        assert await page.evaluate("navigator.clipboard.readText()") == "isbn 84-376"
        await page.get_by_role("button", name="Buscar aquí").click()
        composer = page.get_by_test_id("composer")
        await expect(composer).to_have_value("@tertulia_bot rayuela")
        await page.get_by_role("button", name="Buscar allí").click()
        await page.get_by_test_id(f"choose-{FORUM}").click()
        await expect(page.get_by_role("heading", name="Taller de lectura")).to_be_visible()
        await expect(composer).to_have_value("@tertulia_bot cortázar")


async def test_texts_are_copied_where_the_clipboard_is_kept_to_secure_pages(
    playground: Playground, bot_side: BotSide, new_page: PageMaker
) -> None:
    keys = InlineKeyboardMarkup([[InlineKeyboardButton("Copiar esto", copy_text=CopyTextButton("de la tecla"))]])
    text = "del mensaje"
    message = await bot_side.bot.send_message(LUCIA, text, reply_markup=keys)
    await bot_side.bot.send_message(LUCIA, "<pre>del código</pre>", parse_mode="HTML")
    async with new_page() as page:
        await page.add_init_script("delete Navigator.prototype.clipboard")
        await open_chat(page, playground.base)
        composer, toast = page.get_by_test_id("composer"), page.get_by_test_id("toast")
        for copy, copied in (
            (page.get_by_role("button", name="Copiar esto"), "de la tecla"),
            (page.locator(".code-block .copy"), "del código"),
        ):
            await copy.click()
            await expect(toast).to_have_text("Copiado")
            await expect(copy).to_be_focused()
            await composer.press("Control+v")
            await expect(composer).to_have_value(copied)
            await composer.fill("")
        await press_in_menu(page, message.message_id, "menu-copy")
        await composer.press("Control+v")
        await expect(composer).to_have_value(text)
        await page.evaluate("document.execCommand = () => false")
        await page.get_by_role("button", name="Copiar esto").click()
        await expect(toast).to_have_text("No se pudo copiar")


async def test_an_administrator_writes_as_the_group(chat_page: Page) -> None:
    await chat_page.get_by_test_id(f"chat-item-{FORUM}").click()
    await chat_page.get_by_test_id("attach-menu").click()
    await chat_page.get_by_test_id("attach-anonymous").click()
    composer = chat_page.get_by_test_id("composer")
    await expect(composer).to_have_attribute("placeholder", "Escribe en nombre del grupo")
    await composer.fill("Aviso")
    await composer.press("Enter")
    message = chat_page.locator(".message:not(.own)")
    await expect(message.locator(".sender")).to_have_text("Taller de lectura")
    await expect(message).to_contain_text("Aviso")
    fichas: FilePayload = {"name": "fichas.txt", "mimeType": "text/plain", "buffer": b"uno"}
    await chat_page.get_by_test_id("attach").set_input_files([fichas])
    await chat_page.get_by_test_id("send").click()
    await expect(message.locator(".attachment")).to_contain_text("fichas.txt")
    await chat_page.get_by_test_id("attach-menu").click()
    await chat_page.get_by_test_id("attach-place").click()
    await chat_page.get_by_test_id("place-form-send").click()
    await expect(message.locator(".place")).to_be_visible()
    await expect(message).to_have_count(3)
    await expect(chat_page.locator(".message.own")).to_have_count(0)
    # The bot's results would go out in one's own name.
    async with chat_page.expect_request("**/api/chats/*/commands*"):
        await composer.press_sequentially("@tertulia_bot uno")
        await composer.fill("/")
    await expect(chat_page.get_by_test_id("inline-results")).to_be_hidden()
