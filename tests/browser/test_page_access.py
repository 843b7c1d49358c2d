"""The page for everyone: names, contrast, keyboard, and a source that fetches nothing from elsewhere."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect
from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.playground import app
from tests.browser.conftest import GROUP, LUCIA, BotSide, PageMaker, Playground, open_chat

PAGE = Path(app.__file__).parent / "page"
SOURCES = sorted(path for path in PAGE.iterdir() if path.suffix in {".js", ".html", ".css", ".svg"})

# WCAG 2.2, 1.4.3: 4.5 to 1 for text, with relative luminance as defined there. Colours are read back from a canvas,
# whatever notation the style sheet used; translucent backgrounds are laid over those behind them.
LOW_CONTRAST = """() => {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 1;
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  const rgba = (color) => {
    pen.clearRect(0, 0, 1, 1);
    pen.fillStyle = color;
    pen.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = pen.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = (top, under) => [0, 1, 2].map((i) => top[i] * top[3] + under[i] * (1 - top[3])).concat(1);
  const background = (node) => {
    const layers = [];
    for (let at = node; at; at = at.parentElement) {
      layers.push(rgba(getComputedStyle(at).backgroundColor));
      if (layers.at(-1)[3] === 1) break;
    }
    return layers.reverse().reduce((under, top) => over(top, under), [255, 255, 255, 1]);
  };
  const luminance = (color) => {
    const linear = (c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    const [r, g, b] = color.slice(0, 3).map((c) => linear(c / 255));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let seen = 0;
  while (walker.nextNode()) {
    const node = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !node.checkVisibility({ visibilityProperty: true })) continue;
    if (node.closest(".visually-hidden, noscript, option")) continue;
    seen += 1;
    const behind = background(node);
    const before = over(rgba(getComputedStyle(node).color), behind);
    const [dark, light] = [luminance(before), luminance(behind)].sort((x, y) => x - y);
    const ratio = (light + 0.05) / (dark + 0.05);
    if (ratio < 4.5) found.push(`${walker.currentNode.data.trim()} (${node.className}): ${ratio.toFixed(2)}`);
  }
  return { seen, found };
}"""


async def furnish(page: Page, playground: Playground, bot_side: BotSide) -> None:
    """Fill Lucía's chat and the group with one of everything that has a colour or a name."""
    bot = bot_side.bot
    keys = InlineKeyboardMarkup(
        [[InlineKeyboardButton("Sí", callback_data="y"), InlineKeyboardButton("Web", url="https://example.org")]]
    )
    await playground.say(GROUP, LUCIA, "@ben_reads ¿vamos?")
    await bot.send_message(GROUP, "leído")
    question = await playground.say(LUCIA, LUCIA, "/start ya")
    html = (
        "<b>Hola</b> <code>x</code> <a href='https://example.org'>web</a> /help @lucia_lee"
        "<pre><code class='language-python'>y</code></pre><blockquote>z</blockquote>"
    )
    await bot.send_message(LUCIA, html, parse_mode="HTML", reply_to_message_id=question, reply_markup=keys)
    await bot.send_document(LUCIA, b"data", filename="guion.pdf")
    await bot.send_message_draft(LUCIA, 1, "Y sigo")
    await expect(page.get_by_test_id("draft")).to_be_visible()
    await page.locator(".reply-button").last.click()


@pytest.mark.browser
@pytest.mark.parametrize("language", ["es", "en"])
async def test_every_control_has_a_name(
    playground: Playground, chat_page: Page, bot_side: BotSide, language: str
) -> None:
    await chat_page.get_by_test_id(f"language-{language}").click()
    await furnish(chat_page, playground, bot_side)
    named = re.compile(r"\S")
    for role, least in (("button", 12), ("link", 3), ("textbox", 1), ("combobox", 1), ("log", 1), ("navigation", 1)):
        every = chat_page.get_by_role(role)  # type: ignore[arg-type]  # one of the roles, not any string
        count = await every.count()
        assert count >= least, role
        await expect(chat_page.get_by_role(role, name=named)).to_have_count(count)  # type: ignore[arg-type]
    unnamed = "input:not([aria-label]), select:not([aria-label]):not(label select), textarea:not([aria-label])"
    await expect(chat_page.locator(unnamed)).to_have_count(0)


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_text_stands_out_from_its_background(
    playground: Playground, new_page: PageMaker, bot_side: BotSide, scheme: str
) -> None:
    async with new_page(color_scheme=scheme, reduced_motion="reduce") as page:
        await open_chat(page, playground.base)
        await furnish(page, playground, bot_side)
        result: dict[str, Any] = await page.evaluate(LOW_CONTRAST)
        assert result["found"] == []
        assert result["seen"] > 25
        await page.get_by_test_id(f"chat-item-{GROUP}").click()
        await expect(page.get_by_test_id("messages")).to_contain_text("leído")
        assert (await page.evaluate(LOW_CONTRAST))["found"] == []


@pytest.mark.browser
async def test_the_keyboard_alone_reaches_a_button_and_shows_where_it_is(chat_page: Page, bot_side: BotSide) -> None:
    keys = InlineKeyboardMarkup([[InlineKeyboardButton("Sí", callback_data="yes")]])
    await bot_side.bot.send_message(LUCIA, "¿Seguimos?", reply_markup=keys)
    button = chat_page.get_by_test_id("keyboard-button")
    await expect(button).to_be_visible()
    await chat_page.get_by_test_id("messages").focus()
    await chat_page.keyboard.press("Tab")
    await expect(button).to_be_focused()
    assert await button.evaluate("button => getComputedStyle(button).outlineStyle") == "solid"
    await chat_page.keyboard.press("Enter")
    query = (await bot_side.next_update()).callback_query
    assert query is not None
    assert query.data == "yes"


@pytest.mark.browser
async def test_who_wants_less_motion_gets_less(playground: Playground, new_page: PageMaker, bot_side: BotSide) -> None:
    async with new_page(reduced_motion="reduce") as page:
        await open_chat(page, playground.base)
        await bot_side.bot.send_message_draft(LUCIA, 1, "quieto")
        caret = page.locator(".caret")
        await expect(caret).to_be_visible()
        assert await caret.evaluate("caret => getComputedStyle(caret).animationIterationCount") == "1"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_the_source_brings_nothing_inline_and_nothing_from_elsewhere(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    # A namespace is a name, not an address that anything is fetched from; `https://` alone begins what people type.
    assert set(re.findall(r"https?://[\w.]+", text)) <= {"http://www.w3.org"}
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", text)
    if path.suffix == ".html":
        assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)", text)
    if path.suffix == ".js":
        assert len(text.splitlines()) <= 300
