"""The page's settings: privacy mode, flood limits, faults and new people, on the real server."""

import httpx
import pytest
from playwright.async_api import Page, expect
from telegram.error import RetryAfter

from tests.browser.conftest import GROUP, LUCIA, BotSide, Playground

pytestmark = pytest.mark.browser


@pytest.fixture
async def panel(chat_page: Page) -> Page:
    """Lucía's page with the settings open."""
    await chat_page.get_by_test_id("settings-button").click()
    await expect(chat_page.get_by_test_id("settings")).to_be_visible()
    return chat_page


async def settings(playground: Playground) -> dict[str, object]:
    """What the server says of its settings."""
    async with httpx.AsyncClient(base_url=playground.base) as http:
        answer: dict[str, object] = (await http.get("/api/settings")).raise_for_status().json()
    return answer


async def test_privacy_mode_and_flood_limits_are_switched(playground: Playground, panel: Page) -> None:
    before = await settings(playground)
    for name in ("privacy_mode", "flood_limits"):
        box = panel.get_by_test_id(name)
        assert await box.is_checked() is before[name]
        async with panel.expect_response("**/api/settings"):
            await box.click()
        assert (await settings(playground))[name] is not before[name]


async def test_without_privacy_mode_the_bot_hears_everything(panel: Page, bot_side: BotSide) -> None:
    async with panel.expect_response("**/api/settings"):
        await panel.get_by_test_id("privacy_mode").uncheck()
    await panel.keyboard.press("Escape")
    await panel.get_by_test_id(f"chat-item-{GROUP}").click()
    await panel.get_by_test_id("composer").fill("entre nosotros")
    await panel.get_by_test_id("send").click()
    assert await bot_side.next_text() == "entre nosotros"


async def test_a_fault_is_added_met_and_cleared(panel: Page, bot_side: BotSide) -> None:
    faults = panel.get_by_test_id("faults")
    await expect(faults).to_have_text("Ningún fallo pendiente")
    await panel.get_by_test_id("fault-times").fill("2")
    await panel.get_by_test_id("fault-retry").fill("7")
    await panel.get_by_test_id("add-fault").click()
    await expect(faults).to_contain_text("sendMessage429: demasiadas peticiones (7 s)× 2")
    with pytest.raises(RetryAfter, match=r"7 seconds|0:00:07"):
        await bot_side.bot.send_message(LUCIA, "hola")
    await panel.get_by_test_id("clear-faults").click()
    await expect(faults).to_have_text("Ningún fallo pendiente")
    await bot_side.bot.send_message(LUCIA, "hola")
    await expect(panel.get_by_test_id("messages")).to_contain_text("hola")


async def test_a_fault_that_is_no_delay_asks_for_no_time(panel: Page) -> None:
    await panel.get_by_test_id("fault-method").fill("getUpdates")
    await panel.get_by_test_id("fault-kind").select_option("drop")
    await expect(panel.get_by_test_id("fault-retry")).to_be_hidden()
    await panel.get_by_test_id("add-fault").click()
    await expect(panel.get_by_test_id("faults")).to_contain_text("getUpdatesse corta la conexión× 1")


async def test_a_new_person_comes_in_and_can_be_chosen(panel: Page) -> None:
    await panel.get_by_test_id("person-name").fill("Marta")
    await panel.get_by_test_id("add-person").click()
    await panel.keyboard.press("Escape")
    await panel.get_by_test_id("person-switch").select_option(label="Marta")
    await expect(panel.get_by_test_id("welcome")).to_contain_text("Marta")
    await panel.get_by_test_id(f"chat-item-{GROUP}").click()
    await panel.get_by_test_id("chat-info").click()
    await expect(panel.get_by_test_id("chat-info-panel")).to_contain_text("Marta (tú)")


async def test_a_problem_is_said_above_the_panel(playground: Playground, panel: Page) -> None:
    await playground.stop()
    box = panel.get_by_test_id("privacy_mode")
    await box.click()
    toast = panel.get_by_test_id("toast")
    await expect(toast).to_have_text("No se pudo enviar: el servidor no responde")
    topmost = """node => {
      const { x, y, width, height } = node.getBoundingClientRect();
      node.style.pointerEvents = "auto";
      return document.elementFromPoint(x + width / 2, y + height / 2) === node;
    }"""
    assert await toast.evaluate(topmost)
    # The switch goes back to what still holds.
    await expect(box).to_be_checked()
