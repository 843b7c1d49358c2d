"""What happens in a chat, told in words in each language."""

import httpx
import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import BEN, FORUM, GROUP, INES, LUCIA, BotSide, Playground

pytestmark = pytest.mark.browser


async def set_member(playground: Playground, chat: int, user: int, by: int, status: str) -> None:
    """Let somebody in, or out."""
    async with httpx.AsyncClient(base_url=playground.base) as http:
        answer = await http.put(f"/api/chats/{chat}/members/{user}", json={"from": by, "status": status})
    answer.raise_for_status()


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("es", ["Ben ha salido", "Ben se ha unido", "Inés ha expulsado a Ben", "Lucía ha añadido a Ben"]),
        ("en", ["Ben left", "Ben joined", "Inés removed Ben", "Lucía added Ben"]),
    ],
)
async def test_comings_and_goings(playground: Playground, chat_page: Page, language: str, words: list[str]) -> None:
    await set_member(playground, GROUP, BEN, BEN, "left")
    await set_member(playground, GROUP, BEN, BEN, "member")
    await set_member(playground, GROUP, BEN, INES, "kicked")
    await set_member(playground, GROUP, BEN, LUCIA, "member")
    await chat_page.get_by_test_id(f"language-{language}").click()
    await chat_page.get_by_test_id(f"chat-item-{GROUP}").click()
    await expect(chat_page.locator(".service")).to_have_text(words)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "es",
            ["Tema creado: Álgebra", "El tema cambió: Geometría", "Tema cerrado", "Tema reabierto",
             "Tertulia ha fijado un mensaje"],
        ),
        (
            "en",
            ["Topic created: Álgebra", "The topic changed: Geometría", "Topic closed", "Topic reopened",
             "Tertulia pinned a message"],
        ),
    ],
)  # fmt: skip
async def test_what_becomes_of_a_topic(chat_page: Page, bot_side: BotSide, language: str, words: list[str]) -> None:
    bot = bot_side.bot
    topic = (await bot.create_forum_topic(FORUM, "Álgebra")).message_thread_id
    await bot.edit_forum_topic(FORUM, topic, name="Geometría")
    await bot.close_forum_topic(FORUM, topic)
    await bot.reopen_forum_topic(FORUM, topic)
    message = await bot.send_message(FORUM, "Fichas", message_thread_id=topic)
    await bot.pin_chat_message(FORUM, message.message_id)
    await chat_page.get_by_test_id(f"language-{language}").click()
    await chat_page.get_by_test_id(f"chat-item-{FORUM}").click()
    await chat_page.get_by_test_id(f"topic-{topic}").click()
    await expect(chat_page.locator(".service")).to_have_text(words)
    await chat_page.get_by_role("button", name=words[-1]).last.click()
    await expect(chat_page.get_by_test_id(f"message-{message.message_id}")).to_be_focused()


async def test_a_hidden_general_topic_leaves_the_strip(chat_page: Page, bot_side: BotSide) -> None:
    await chat_page.get_by_test_id(f"chat-item-{FORUM}").click()
    await expect(chat_page.get_by_test_id("topic-1")).to_be_visible()
    await bot_side.bot.hide_general_forum_topic(FORUM)
    await expect(chat_page.get_by_test_id("topic-1")).to_have_count(0)
    await expect(chat_page.locator(".service").last).to_have_text("El tema General está oculto")
