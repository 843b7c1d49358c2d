"""axe-core over every kind of view: it finds nothing serious or critical."""

from typing import Any

import pytest
from playwright.async_api import FilePayload, Page, expect
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, KeyboardButton, ReplyKeyboardMarkup

from tests.browser.conftest import CHANNEL, FORUM, GROUP, LUCIA, BotSide, PageMaker, Playground, open_chat

pytestmark = pytest.mark.browser

KEYS = InlineKeyboardMarkup(
    [[InlineKeyboardButton("Sí", callback_data="y"), InlineKeyboardButton("Web", url="https://example.org")]]
)
VIEWS: dict[str, dict[str, Any]] = {
    "desktop-light": {"color_scheme": "light"},
    "desktop-dark": {"color_scheme": "dark"},
    "phone": {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True},
}


async def findings(page: Page, axe: str) -> list[str]:
    """Return what axe holds against the page as it is now: each rule with the elements that break it."""
    await page.evaluate(axe)
    result: dict[str, Any] = await page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    return [
        f"{rule['id']} ({rule['impact']}): {[node['html'][:200] for node in rule['nodes']]}"
        for rule in result["violations"]
        if rule["impact"] in {"serious", "critical"}
    ]


async def furnish(playground: Playground, bot_side: BotSide) -> None:
    """Put one of everything into every kind of chat."""
    bot = bot_side.bot
    question = await playground.say(LUCIA, LUCIA, "/start ya")
    html = "<b>Hola</b> <code>x</code> <pre>y</pre><blockquote>z</blockquote> @lucia_lee <tg-spoiler>s</tg-spoiler>"
    await bot.send_message(LUCIA, html, parse_mode="HTML", reply_to_message_id=question, reply_markup=KEYS)
    await bot.send_document(LUCIA, b"data", filename="guion.pdf")
    await bot.send_location(LUCIA, 40.4, -3.7)
    await bot.send_contact(LUCIA, "+34600111222", "Inés")
    said = await playground.say(GROUP, LUCIA, "¿Seguimos?")
    await bot.set_message_reaction(GROUP, said, "👍")
    topic = await bot.create_forum_topic(FORUM, "Álgebra")
    pinned = await bot.send_message(FORUM, "Fichas del jueves", message_thread_id=topic.message_thread_id)
    await bot.pin_chat_message(FORUM, pinned.message_id)
    await bot.send_message(CHANNEL, "Abrimos la inscripción", reply_markup=KEYS)


@pytest.mark.parametrize("view", VIEWS)
async def test_nothing_serious_is_found_in_any_chat(
    playground: Playground, bot_side: BotSide, new_page: PageMaker, axe: str, view: str
) -> None:
    await furnish(playground, bot_side)
    async with new_page(bypass_csp=True, reduced_motion="reduce", **VIEWS[view]) as page:
        await page.goto(playground.base)
        await expect(page.get_by_test_id(f"chat-item-{LUCIA}")).to_be_visible()
        assert await findings(page, axe) == []
        for chat in (LUCIA, GROUP, FORUM, CHANNEL):
            if await page.get_by_test_id("back").is_visible():
                await page.get_by_test_id("back").click()
            await page.get_by_test_id(f"chat-item-{chat}").click()
            await expect(page.locator("#messages .message").first).to_be_visible()
            assert await findings(page, axe) == [], chat


@pytest.mark.parametrize("view", VIEWS)
async def test_nothing_serious_is_found_in_menus_and_panels(
    playground: Playground, bot_side: BotSide, new_page: PageMaker, axe: str, view: str
) -> None:
    said = await playground.say(GROUP, LUCIA, "¿Seguimos?")
    async with new_page(bypass_csp=True, reduced_motion="reduce", **VIEWS[view]) as page:
        await page.goto(playground.base)
        await page.get_by_test_id("settings-button").click()
        await expect(page.get_by_test_id("settings")).to_be_visible()
        assert await findings(page, axe) == []
        await page.keyboard.press("Escape")
        await page.get_by_test_id(f"chat-item-{GROUP}").click()
        await page.get_by_test_id("chat-info").click()
        await expect(page.get_by_test_id("chat-info-panel")).to_be_visible()
        assert await findings(page, axe) == []
        await page.keyboard.press("Escape")
        await page.get_by_test_id(f"more-{said}").click()
        await expect(page.get_by_test_id("menu")).to_be_visible()
        assert await findings(page, axe) == []
        await page.keyboard.press("Escape")
        await page.get_by_test_id("attach-menu").click()
        await page.get_by_test_id("attach-poll").click()
        await expect(page.get_by_test_id("poll-form")).to_be_visible()
        assert await findings(page, axe) == []


async def test_axe_does_find_what_is_wrong(playground: Playground, new_page: PageMaker, axe: str) -> None:
    async with new_page(bypass_csp=True) as page:
        await open_chat(page, playground.base)
        await page.evaluate("document.querySelector('main').append(document.createElement('button'))")
        assert any(finding.startswith("button-name (critical)") for finding in await findings(page, axe))


@pytest.mark.parametrize("view", VIEWS)
async def test_nothing_serious_is_found_around_the_composer(
    playground: Playground, bot_side: BotSide, new_page: PageMaker, axe: str, view: str
) -> None:
    await bot_side.bot.set_my_commands([("help", "Help"), ("start", "Start")])
    keys = ReplyKeyboardMarkup([["Resumen", KeyboardButton("Mi número", request_contact=True)]])
    await bot_side.bot.send_message(LUCIA, "¿Qué hacemos?", reply_markup=keys)
    async with new_page(bypass_csp=True, reduced_motion="reduce", **VIEWS[view]) as page:
        await page.goto(f"{playground.base}/#/{LUCIA}")
        await expect(page.get_by_test_id("reply-keyboard")).to_be_visible()
        picture: FilePayload = {"name": "a.png", "mimeType": "image/png", "buffer": b"x"}
        await page.get_by_test_id("attach").set_input_files([picture])
        await expect(page.get_by_test_id("send-as")).to_be_visible()
        assert await findings(page, axe) == []
        await page.get_by_test_id("composer").fill("/")
        await expect(page.get_by_test_id("command-help")).to_be_visible()
        assert await findings(page, axe) == []
        await page.get_by_test_id("attach-menu").click()
        await expect(page.get_by_test_id("attach-poll")).to_be_visible()
        assert await findings(page, axe) == []
