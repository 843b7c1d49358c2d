"""Writing on the page: commands, replies, files, and what is kept when something goes wrong."""

import asyncio
import struct
import zlib

import pytest
from playwright.async_api import FilePayload, Page, Route, expect
from telegram import BotCommand, BotCommandScopeAllGroupChats

from tests.browser.conftest import GROUP, LUCIA, BotSide, PageMaker, Playground, open_chat

pytestmark = pytest.mark.browser


def png(width: int, height: int) -> bytes:
    """Return a plain picture of this many pixels."""
    rows = b"".join(b"\0" + b"\x95\x40\x1f" * width for _ in range(height))
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows)),
        (b"IEND", b""),
    )
    framed = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(framed)


@pytest.fixture
async def commands(bot_side: BotSide) -> None:
    bot = bot_side.bot
    await bot.set_my_commands([BotCommand("start", "Start"), BotCommand("help", "Help")])
    spanish = [
        BotCommand("start", "Empezar"),
        BotCommand("help", "Ayuda"),
        BotCommand("generate", "Continuar un texto"),
    ]
    await bot.set_my_commands(spanish, language_code="es")
    await bot.set_my_commands([BotCommand("recap", "Recap")], scope=BotCommandScopeAllGroupChats())


async def test_the_command_menu_by_keyboard(chat_page: Page, bot_side: BotSide, commands: None) -> None:
    composer, menu = chat_page.get_by_test_id("composer"), chat_page.get_by_test_id("command-menu")
    chosen = menu.get_by_role("option", selected=True)
    await composer.press_sequentially("/")
    await expect(menu.get_by_role("option")).to_have_text(
        ["/startEmpezar", "/helpAyuda", "/generateContinuar un texto"]
    )
    await expect(chosen).to_have_text("/startEmpezar")
    await composer.press("ArrowUp")
    await expect(chat_page.get_by_test_id("command-generate")).to_have_attribute("aria-selected", "true")
    await expect(composer).to_have_attribute("aria-activedescendant", "option-generate")
    await composer.press("Tab")
    await expect(composer).to_have_value("/generate ")
    await expect(menu).to_be_hidden()
    await composer.fill("/")
    await expect(menu).to_be_visible()
    await composer.press("Escape")
    await expect(menu).to_be_hidden()
    await expect(composer).to_have_value("/")
    await composer.press_sequentially("he")
    await expect(menu.get_by_role("option")).to_have_count(1)
    await composer.press("Enter")
    assert await bot_side.next_text() == "/help"
    await expect(composer).to_have_value("")


async def test_a_command_typed_in_full_is_the_one_meant(chat_page: Page, bot_side: BotSide) -> None:
    await bot_side.bot.set_my_commands([BotCommand("models", "All"), BotCommand("model", "Choose")])
    await chat_page.get_by_test_id("composer").fill("/model")
    await expect(chat_page.get_by_test_id("command-models")).to_be_visible()
    await chat_page.get_by_test_id("composer").press("Enter")
    assert await bot_side.next_text() == "/model"


async def test_the_menu_button_shows_what_holds_in_this_chat(
    chat_page: Page, bot_side: BotSide, commands: None
) -> None:
    button, menu = chat_page.get_by_test_id("menu-button"), chat_page.get_by_test_id("command-menu")
    await button.click()
    await expect(menu.get_by_role("option")).to_have_count(3)
    await expect(button).to_have_attribute("aria-expanded", "true")
    await button.click()
    await expect(menu).to_be_hidden()
    await chat_page.get_by_test_id(f"chat-item-{GROUP}").click()
    await button.click()
    await chat_page.get_by_test_id("command-recap").click()
    assert await bot_side.next_text() == "/recap"


async def test_a_command_in_a_message_can_be_tapped(chat_page: Page, bot_side: BotSide) -> None:
    await bot_side.bot.send_message(LUCIA, "Mira /help si dudas")
    await chat_page.get_by_test_id("messages").get_by_role("button", name="/help").click()
    assert await bot_side.next_text() == "/help"


async def test_a_reply_quotes_and_leads_back(chat_page: Page, bot_side: BotSide) -> None:
    original = await bot_side.bot.send_message(LUCIA, "¿Capítulo 3?")
    filler = await bot_side.bot.send_message(LUCIA, "línea\n" * 60)
    await expect(chat_page.get_by_test_id(f"message-{filler.message_id}")).to_be_visible()
    await chat_page.get_by_test_id(f"reply-{original.message_id}").click()
    await expect(chat_page.get_by_test_id("replying-to")).to_contain_text("¿Capítulo 3?")
    composer = chat_page.get_by_test_id("composer")
    await expect(composer).to_be_focused()
    await composer.fill("Sí, el viernes")
    await composer.press("Enter")
    message = (await bot_side.next_update()).message
    assert message is not None
    assert message.reply_to_message is not None
    assert message.reply_to_message.message_id == original.message_id
    await expect(chat_page.get_by_test_id("replying-to")).to_be_hidden()
    quoted = chat_page.get_by_test_id(f"message-{original.message_id}")
    await expect(quoted).not_to_be_in_viewport()
    await chat_page.get_by_test_id(f"message-{message.message_id}").locator(".quote").click()
    await expect(quoted).to_be_in_viewport()
    await expect(quoted).to_be_focused()


async def test_escape_gives_up_a_reply(chat_page: Page, bot_side: BotSide) -> None:
    message = await bot_side.bot.send_message(LUCIA, "hola")
    await chat_page.get_by_test_id(f"reply-{message.message_id}").click()
    await chat_page.get_by_test_id("composer").press("Escape")
    await expect(chat_page.get_by_test_id("replying-to")).to_be_hidden()


async def test_a_picture_is_sent_and_shown(chat_page: Page, bot_side: BotSide) -> None:
    picture: FilePayload = {"name": "esquema.png", "mimeType": "image/png", "buffer": png(320, 200)}
    await chat_page.get_by_test_id("attach").set_input_files([picture])
    await expect(chat_page.get_by_test_id("attached")).to_contain_text("esquema.png")
    await chat_page.get_by_test_id("composer").fill("mi esquema")
    await chat_page.get_by_test_id("send").click()
    message = (await bot_side.next_update()).message
    assert message is not None
    assert message.photo
    assert message.caption == "mi esquema"
    image = chat_page.get_by_role("img", name="mi esquema")
    await expect(image).to_be_visible()
    await expect(image).to_have_js_property("naturalWidth", 320)
    await expect(chat_page.get_by_test_id("attached")).to_be_hidden()


async def test_pictures_do_not_push_the_talk_out_of_view(
    playground: Playground, bot_side: BotSide, phone_page: Page
) -> None:
    loaded = asyncio.Event()

    async def late(route: Route) -> None:
        await loaded.wait()
        await route.continue_()

    await phone_page.route("**/api/files/**", late)
    await phone_page.goto(playground.base)
    await phone_page.get_by_test_id("chat-item-1001").tap()
    for name in ("uno", "dos", "tres"):
        picture: FilePayload = {"name": f"{name}.png", "mimeType": "image/png", "buffer": png(900, 1200)}
        await phone_page.get_by_test_id("attach").set_input_files([picture])
        await phone_page.get_by_test_id("composer").fill(name)
        await phone_page.get_by_test_id("send").click()
        await bot_side.next_update()
    await bot_side.bot.send_message(1001, "¡Qué bonitas!")
    answer = phone_page.locator(".message.from-bot .text").last
    await expect(answer).to_be_in_viewport()
    before = await phone_page.get_by_test_id("messages").evaluate("log => log.scrollHeight")
    loaded.set()
    for name in ("uno", "dos", "tres"):
        await expect(phone_page.get_by_role("img", name=name)).to_have_js_property("naturalWidth", 900)
    assert await phone_page.get_by_test_id("messages").evaluate("log => log.scrollHeight") == before
    await expect(answer).to_be_in_viewport()


async def test_a_file_is_sent_and_comes_back(chat_page: Page, bot_side: BotSide) -> None:
    notes: FilePayload = {"name": "notas.txt", "mimeType": "text/plain", "buffer": "año nuevo".encode()}
    await chat_page.get_by_test_id("attach").set_input_files([notes])
    await chat_page.get_by_test_id("send").click()
    message = (await bot_side.next_update()).message
    assert message is not None
    assert message.document is not None
    file = await message.document.get_file()
    assert (await file.download_as_bytearray()).decode() == "año nuevo"
    link = chat_page.get_by_role("link", name="Descargar notas.txt")
    async with chat_page.expect_download() as starting:
        await link.click()
    path = await (await starting.value).path()
    assert path.read_text(encoding="utf-8") == "año nuevo"


async def test_a_file_too_large_for_the_bot_is_refused_before_it_travels(chat_page: Page) -> None:
    await chat_page.get_by_test_id("messages").evaluate(
        """list => {
          const transfer = new DataTransfer();
          transfer.items.add(new File([new Uint8Array(20 * 1024 * 1024 + 1)], "grande.bin"));
          transfer.items.add(new File(["b"], "b.txt"));
          list.dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true }));
        }"""
    )
    await expect(chat_page.get_by_test_id("toast")).to_have_text("Pasa de 20 MB y no se puede enviar: grande.bin")
    await expect(chat_page.get_by_test_id("attached").get_by_role("listitem")).to_have_text(["b.txt1 B"])


@pytest.mark.parametrize(
    ("language", "words"),
    [("es", "Este archivo no se puede enviar como imagen"), ("en", "This file cannot be sent as a picture")],
)
async def test_a_refusal_is_told_in_the_pages_language(
    playground: Playground, new_page: PageMaker, bot_side: BotSide, language: str, words: str
) -> None:
    async with new_page(refused=True) as page:
        await open_chat(page, playground.base)
        await page.get_by_test_id(f"language-{language}").click()
        fake: FilePayload = {"name": "a.png", "mimeType": "image/png", "buffer": b"x"}
        await page.get_by_test_id("attach").set_input_files([fake])
        await page.get_by_test_id("send").click()
        await expect(page.get_by_test_id("toast")).to_have_text(words)
        # What was not sent comes back.
        await expect(page.get_by_test_id("attached")).to_contain_text("a.png")


async def test_a_caption_is_changed_to_nothing(playground: Playground, chat_page: Page, bot_side: BotSide) -> None:
    picture: FilePayload = {"name": "a.png", "mimeType": "image/png", "buffer": png(300, 200)}
    await chat_page.get_by_test_id("attach").set_input_files([picture])
    composer = chat_page.get_by_test_id("composer")
    await composer.fill("sobra")
    await composer.press("Enter")
    await expect(chat_page.locator(".message .text")).to_have_text("sobra")
    await composer.press("ArrowUp")
    await expect(composer).to_have_value("sobra")
    await composer.fill("")
    await composer.press("Enter")
    await expect(chat_page.locator(".message .text")).to_have_count(0)
    await expect(chat_page.locator(".message .edited")).to_be_visible()


async def test_files_can_be_dropped_and_taken_back(chat_page: Page) -> None:
    await chat_page.get_by_test_id("messages").evaluate(
        """list => {
          const transfer = new DataTransfer();
          transfer.items.add(new File(["a"], "a.txt"));
          transfer.items.add(new File(["b"], "b.txt"));
          for (const type of ["dragover", "drop"]) {
            list.dispatchEvent(new DragEvent(type, { dataTransfer: transfer, bubbles: true, cancelable: true }));
          }
        }"""
    )
    attached = chat_page.get_by_test_id("attached").get_by_role("listitem")
    await expect(attached).to_have_count(2)
    await chat_page.get_by_role("button", name="Quitar a.txt").click()
    await expect(attached).to_have_text(["b.txt1 B"])


async def test_a_pasted_file_is_attached(chat_page: Page) -> None:
    await chat_page.get_by_test_id("composer").evaluate(
        """input => {
          const clipboardData = new DataTransfer();
          clipboardData.items.add(new File(["x"], "pegado.png", { type: "image/png" }));
          input.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
        }"""
    )
    await expect(chat_page.get_by_test_id("attached")).to_contain_text("pegado.png")


async def test_each_chat_keeps_what_was_begun_in_it(chat_page: Page) -> None:
    composer = chat_page.get_by_test_id("composer")
    await composer.fill("a medias")
    await chat_page.get_by_test_id(f"chat-item-{GROUP}").click()
    await expect(composer).to_have_value("")
    await chat_page.get_by_test_id(f"chat-item-{LUCIA}").click()
    await expect(composer).to_have_value("a medias")


async def test_what_could_not_be_sent_comes_back(playground: Playground, chat_page: Page) -> None:
    composer = chat_page.get_by_test_id("composer")
    await playground.stop()
    await composer.fill("no se pierde")
    await composer.press("Enter")
    await expect(chat_page.get_by_test_id("toast")).to_be_visible()
    await expect(composer).to_have_value("no se pierde")
