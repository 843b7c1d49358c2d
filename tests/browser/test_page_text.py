"""Texts with entities as the page shows them, hostile ones included."""

import pytest
from playwright.async_api import Locator, Page, expect
from telegram import MessageEntity

from tests.browser.conftest import LUCIA, BotSide

pytestmark = pytest.mark.browser


def entity(kind: str, offset: int, length: int, url: str | None = None, language: str | None = None) -> MessageEntity:
    return MessageEntity(kind, offset, length, url=url, language=language)


async def shown(page: Page, bot_side: BotSide, text: str, entities: list[MessageEntity]) -> Locator:
    """Send a text and return the element that shows it."""
    message = await bot_side.bot.send_message(LUCIA, text, entities=entities)
    body = page.get_by_test_id(f"message-{message.message_id}").locator(".text")
    await expect(body).to_be_visible()
    return body


async def test_entities_nest_and_count_in_utf16(chat_page: Page, bot_side: BotSide) -> None:
    # 🎓 takes two units, so "negrita" begins at 3.
    entities = [
        entity("bold", 3, 14),
        entity("italic", 11, 6),
        entity("underline", 18, 2),
        entity("strikethrough", 21, 1),
    ]
    body = await shown(chat_page, bot_side, "🎓 negrita y más su ta", entities)
    await expect(body.locator("strong")).to_have_text("negrita y más ")
    await expect(body.locator("strong > em")).to_have_text("y más ")
    await expect(body.locator("u")).to_have_text("u ")
    await expect(body.locator("s")).to_have_text("a")


async def test_code_blocks_keep_their_lines(chat_page: Page, bot_side: BotSide) -> None:
    text = "Mira:\nif x:\n    y()\nListo"
    body = await shown(chat_page, bot_side, text, [entity("pre", 6, 13, language="python")])
    await expect(body.locator(".code-head")).to_have_text("python")
    assert await body.locator("pre").inner_text() == "if x:\n    y()"
    # The block itself breaks the lines around it; the line feeds beside it add no empty ones.
    assert await body.evaluate("body => [body.firstChild.data, body.lastChild.data]") == ["Mira:", "Listo"]


async def test_hashtags_and_cashtags_stand_out(chat_page: Page, bot_side: BotSide) -> None:
    body = await shown(chat_page, bot_side, "#libros a 9 $EUR", [])
    await expect(body.locator(".hashtag")).to_have_text(["#libros", "$EUR"])
    color = "node => getComputedStyle(node).color"
    assert await body.locator(".hashtag").first.evaluate(color) != await body.evaluate(color)


async def test_marks_piled_on_a_letter_stay_in_their_bubble(chat_page: Page, bot_side: BotSide) -> None:
    body = await shown(chat_page, bot_side, "Z" + "\u0301" * 60, [])
    assert await body.evaluate("body => getComputedStyle(body.closest('.bubble')).overflow") == "clip"


async def test_quotes_and_spoilers(chat_page: Page, bot_side: BotSide) -> None:
    body = await shown(chat_page, bot_side, "cita y secreto", [entity("blockquote", 0, 4), entity("spoiler", 7, 7)])
    await expect(body.locator("blockquote")).to_have_text("cita")
    secret = body.get_by_text("secreto")
    await expect(secret).to_be_hidden()
    await body.get_by_role("button", name="Texto oculto").press("Enter")
    await expect(secret).to_be_visible()


async def test_only_harmless_addresses_become_links(chat_page: Page, bot_side: BotSide) -> None:
    text = "uno dos tres example.org"
    entities = [
        entity("text_link", 0, 3, url="https://example.org/a?b=1"),
        entity("text_link", 4, 3, url="javascript:alert(1)"),
        entity("text_link", 8, 4, url="tg://user?id=1"),
        entity("url", 13, 11),
    ]
    body = await page_text(chat_page, bot_side, text, [each.to_dict() for each in entities])
    links = body.get_by_role("link")
    await expect(links).to_have_text(["uno", "tres", "example.org"])
    await expect(links.first).to_have_attribute("href", "https://example.org/a?b=1")
    await expect(links.first).to_have_attribute("rel", "noopener noreferrer")
    await expect(links.last).to_have_attribute("href", "https://example.org/")


async def page_text(page: Page, bot_side: BotSide, text: str, entities: list[dict[str, object]]) -> Locator:
    """Show entities just as given: the page must not rely on the server to have checked them."""
    message = await bot_side.bot.send_message(LUCIA, text)
    body = page.get_by_test_id(f"message-{message.message_id}").locator(".text")
    await expect(body).to_be_visible()
    await body.evaluate(
        """async (body, [text, entities]) => {
          const { renderText } = await import("/page/entities.js");
          body.replaceChildren(...renderText(text, entities, {}).childNodes);
        }""",
        [text, entities],
    )
    return body


async def test_markup_in_a_text_stays_text(chat_page: Page, bot_side: BotSide) -> None:
    text = "<img src=x onerror=alert(1)><b>no</b>"
    body = await shown(chat_page, bot_side, text, [])
    await expect(body).to_have_text(text)
    assert await body.evaluate("body => body.children.length") == 0


async def test_entities_that_cross_or_overrun_lose_no_text(chat_page: Page, bot_side: BotSide) -> None:
    text = "abcdefghij"
    crossing: list[dict[str, object]] = [
        {"type": "bold", "offset": 0, "length": 6},
        {"type": "italic", "offset": 3, "length": 5},
        {"type": "code", "offset": 8, "length": 500},
        {"type": "never_heard_of", "offset": 1, "length": 2},
        {"type": "bold", "offset": 50, "length": 5},
        {"type": "italic", "offset": 2, "length": -4},
    ]
    body = await page_text(chat_page, bot_side, text, crossing)
    assert await body.inner_text() == text
    await expect(body.locator("strong")).to_have_text("abcdef")
    await expect(body.locator("em")).to_have_text(["def", "gh"])
    await expect(body.locator("code")).to_have_text("ij")


async def test_a_hundred_crossing_entities_are_quick_to_show(chat_page: Page, bot_side: BotSide) -> None:
    text = "x" * 300
    staircase: list[dict[str, object]] = [{"type": "bold", "offset": n, "length": 150} for n in range(100)]
    body = await page_text(chat_page, bot_side, text, staircase)
    assert await body.inner_text() == text
    assert await body.evaluate("body => body.querySelectorAll('*').length") < 10_000
