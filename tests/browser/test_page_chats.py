"""Groups, the forum and the channel on the page: topics, members, and what becomes of a chat."""

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import BEN, CHANNEL, FORUM, GROUP, INES, LUCIA, BotSide, Playground, open_chat

pytestmark = pytest.mark.browser

BOT = 7000


async def become(page: Page, person: int) -> None:
    """Look at the page as somebody else."""
    await page.get_by_test_id("person-switch").select_option(str(person))
    await expect(page.get_by_test_id(f"chat-item-{person}")).to_be_visible()


async def test_a_topic_shows_its_own_messages_and_is_written_in(chat_page: Page, bot_side: BotSide) -> None:
    algebra = (await bot_side.bot.create_forum_topic(FORUM, "Álgebra")).message_thread_id
    await bot_side.bot.send_message(FORUM, "en general")
    await bot_side.bot.send_message(FORUM, "en álgebra", message_thread_id=algebra)
    await chat_page.get_by_test_id(f"chat-item-{FORUM}").click()
    texts = chat_page.locator(".message .text")
    await expect(texts).to_have_text(["en general", "en álgebra"])
    await expect(chat_page.locator(".topic-label")).to_have_text(["# General", "# Álgebra"])
    await chat_page.get_by_test_id(f"topic-{algebra}").click()
    await expect(texts).to_have_text(["en álgebra"])
    await chat_page.get_by_test_id("composer").fill("/start")
    await chat_page.get_by_test_id("send").click()
    message = (await bot_side.next_update()).message
    assert message is not None
    assert message.message_thread_id == algebra
    assert message.is_topic_message
    # Telegram lets such a message reply to the one that began the topic; that is no quote.
    await expect(chat_page.get_by_test_id(f"message-{message.message_id}").locator(".quote")).to_have_count(0)
    await chat_page.get_by_test_id("topic-1").click()
    await expect(texts).to_have_text(["en general"])


async def test_unread_messages_are_counted_for_each_topic(chat_page: Page, bot_side: BotSide) -> None:
    algebra = (await bot_side.bot.create_forum_topic(FORUM, "Álgebra")).message_thread_id
    await chat_page.get_by_test_id(f"chat-item-{FORUM}").click()
    await chat_page.get_by_test_id("topic-1").click()
    await bot_side.bot.send_message(FORUM, "allí", message_thread_id=algebra)
    pill = chat_page.get_by_test_id(f"topic-{algebra}")
    await expect(pill.locator(".unread")).to_have_text("1")
    await pill.click()
    await expect(pill.locator(".unread")).to_have_count(0)
    await expect(chat_page.get_by_test_id(f"chat-item-{FORUM}").locator(".unread")).to_have_count(0)


async def test_a_draft_shows_only_in_its_topic(chat_page: Page, bot_side: BotSide) -> None:
    algebra = (await bot_side.bot.create_forum_topic(FORUM, "Álgebra")).message_thread_id
    await chat_page.get_by_test_id(f"chat-item-{FORUM}").click()
    await chat_page.get_by_test_id("topic-1").click()
    await bot_side.bot.send_chat_action(FORUM, "typing", message_thread_id=algebra)
    await bot_side.bot.send_message(FORUM, "hola")
    await expect(chat_page.locator(".message .text")).to_have_text(["hola"])
    await expect(chat_page.get_by_test_id("typing")).to_have_count(0)
    await bot_side.bot.send_chat_action(FORUM, "typing", message_thread_id=algebra)
    await chat_page.get_by_test_id(f"topic-{algebra}").click()
    await expect(chat_page.get_by_test_id("typing")).to_be_visible()


async def test_topics_are_created_renamed_closed_and_reopened(chat_page: Page) -> None:
    await chat_page.get_by_test_id(f"chat-item-{FORUM}").click()
    await chat_page.get_by_test_id("topic-new").click()
    await chat_page.get_by_test_id("ask-input").fill("Novela")
    await chat_page.get_by_test_id("ask-accept").click()
    chosen = chat_page.locator("#topics [aria-current]")
    await expect(chosen).to_have_text("Novela")
    await chat_page.get_by_test_id("topic-menu").click()
    await chat_page.get_by_test_id("topic-rename").click()
    await chat_page.get_by_test_id("ask-input").fill("Rayuela")
    await chat_page.get_by_test_id("ask-accept").click()
    await expect(chosen).to_have_text("Rayuela")
    await chat_page.get_by_test_id("topic-menu").click()
    await chat_page.get_by_test_id("topic-close").click()
    await expect(chosen.locator(".icon-lock")).to_be_visible()
    address = await chat_page.evaluate("location.hash")
    await expect(chat_page.locator(".service").last).to_have_text("Tema cerrado")
    await chat_page.get_by_test_id("topic-0").click()
    await expect(chat_page.locator(".service").last).to_have_text("Tema cerrado: Rayuela")
    await become(chat_page, BEN)
    await chat_page.evaluate("address => { location.hash = address; }", address)
    await expect(chat_page.get_by_test_id("obstacle")).to_have_text("This topic is closed.")
    await expect(chat_page.get_by_test_id("composer")).to_be_hidden()
    await become(chat_page, LUCIA)
    await expect(chat_page.get_by_test_id("composer")).to_be_visible()
    await chat_page.get_by_test_id("topic-menu").click()
    await chat_page.get_by_test_id("topic-close").click()
    await expect(chosen.locator(".icon-lock")).to_have_count(0)


async def test_what_one_says_by_another_name_is_not_unread(
    playground: Playground, chat_page: Page, bot_side: BotSide
) -> None:
    said = await playground.say(LUCIA, LUCIA, "Abrimos la inscripción")
    item = chat_page.get_by_test_id(f"chat-item-{CHANNEL}")
    await bot_side.bot.send_message(CHANNEL, "otra cosa")
    await expect(item.locator(".unread")).to_have_text("1")
    await chat_page.get_by_test_id(f"message-{said}").hover()
    await chat_page.get_by_test_id(f"more-{said}").click()
    await chat_page.get_by_test_id("menu-forward").click()
    await chat_page.get_by_test_id(f"choose-{CHANNEL}").click()
    await expect(item).to_contain_text("Abrimos la inscripción")
    await expect(item.locator(".unread")).to_have_count(0)
    await chat_page.reload()
    await expect(item).to_contain_text("Abrimos la inscripción")
    await expect(item.locator(".unread")).to_have_count(0)


async def test_a_pinned_message_stands_above_and_leads_to_itself(chat_page: Page, bot_side: BotSide) -> None:
    bar = chat_page.get_by_test_id("pinned")
    await chat_page.get_by_test_id(f"chat-item-{FORUM}").click()
    await expect(bar).to_be_hidden()
    first = await bot_side.bot.send_message(FORUM, "Normas del taller")
    second = await bot_side.bot.send_message(FORUM, "Fichas del jueves\n" * 40)
    for message in (first, second):
        await bot_side.bot.pin_chat_message(FORUM, message.message_id)
    await expect(bar).to_contain_text("Fichas del jueves")
    await expect(bar).to_contain_text("1/2")
    await bar.click()
    await expect(chat_page.get_by_test_id(f"message-{second.message_id}")).to_be_focused()
    await expect(bar).to_contain_text("Normas del taller")
    await bar.click()
    await expect(chat_page.get_by_test_id(f"message-{first.message_id}")).to_be_in_viewport()
    await bot_side.bot.unpin_all_chat_messages(FORUM)
    await expect(bar).to_be_hidden()


async def test_in_a_channel_only_administrators_write(chat_page: Page, bot_side: BotSide) -> None:
    await chat_page.get_by_test_id(f"chat-item-{CHANNEL}").click()
    await chat_page.get_by_test_id("composer").fill("Abrimos la inscripción")
    await chat_page.get_by_test_id("send").click()
    post = (await bot_side.next_update()).channel_post
    assert post is not None
    assert post.from_user is None
    await expect(chat_page.get_by_test_id(f"message-{post.message_id}")).to_contain_text("Abrimos la inscripción")
    await become(chat_page, BEN)
    await chat_page.get_by_test_id(f"chat-item-{CHANNEL}").click()
    await expect(chat_page.get_by_test_id("obstacle")).to_contain_text("Only administrators post")
    await expect(chat_page.get_by_test_id("composer")).to_be_hidden()
    await become(chat_page, INES)
    await expect(chat_page.get_by_test_id("composer")).to_be_visible()


async def test_the_bot_is_promoted_removed_and_added_again(chat_page: Page, bot_side: BotSide) -> None:
    await chat_page.get_by_test_id(f"chat-item-{GROUP}").click()
    await chat_page.get_by_test_id("chat-info").click()
    row = chat_page.get_by_test_id(f"member-{BOT}")
    for item, words, status in (
        ("member-promote", "bot, admin", "administrator"),
        ("member-demote", "bot, miembro", "member"),
        ("member-remove", "expulsado", "kicked"),
        ("member-add", "bot, miembro", "member"),
    ):
        await chat_page.get_by_test_id(f"member-menu-{BOT}").click()
        await chat_page.get_by_test_id(item).click()
        await expect(row).to_contain_text(words)
        change = None
        while change is None:
            change = (await bot_side.next_update()).my_chat_member
        assert change.new_chat_member.status.replace("left", "kicked") == status


async def test_people_leave_join_and_are_removed(chat_page: Page, playground: Playground) -> None:
    await become(chat_page, BEN)
    await chat_page.get_by_test_id(f"chat-item-{GROUP}").click()
    await chat_page.get_by_test_id("chat-info").click()
    await expect(chat_page.get_by_test_id(f"member-menu-{INES}")).to_have_count(0)
    await chat_page.get_by_test_id("leave").click()
    await expect(chat_page.get_by_test_id("chat-info-panel")).to_have_count(0)
    await expect(chat_page.get_by_test_id(f"chat-item-{GROUP}")).to_have_count(0)
    await chat_page.get_by_test_id(f"join-{GROUP}").click()
    await expect(chat_page.get_by_role("heading", name="Grupo de lectura")).to_be_visible()
    await expect(chat_page.get_by_test_id("messages")).to_contain_text("Ben left")
    await become(chat_page, LUCIA)
    await chat_page.get_by_test_id("chat-info").click()
    await chat_page.get_by_test_id(f"member-menu-{BEN}").click()
    await chat_page.get_by_test_id("member-remove").click()
    await expect(chat_page.get_by_test_id(f"member-{BEN}")).to_have_count(0)
    await chat_page.get_by_test_id("add-member").click()
    await chat_page.get_by_test_id(f"add-{BEN}").click()
    await expect(chat_page.get_by_test_id(f"member-{BEN}")).to_be_visible()
    assert BEN in playground.world.chats[GROUP].members


async def test_a_migrated_group_leads_to_its_successor(chat_page: Page, playground: Playground) -> None:
    await playground.say(GROUP, LUCIA, "en el grupo de antes")
    await chat_page.get_by_test_id(f"chat-item-{GROUP}").click()
    await chat_page.get_by_test_id("chat-info").click()
    await chat_page.get_by_test_id("migrate").click()
    successor = chat_page.locator("#chat-list [aria-current]")
    await expect(successor).not_to_have_attribute("data-chat", str(GROUP))
    await expect(chat_page.get_by_test_id(f"chat-item-{GROUP}")).to_have_count(0)
    await chat_page.keyboard.press("Escape")
    await chat_page.get_by_test_id("messages").get_by_role("button", name="Este supergrupo era un grupo").click()
    await expect(chat_page.get_by_test_id("messages")).to_contain_text("en el grupo de antes")
    await expect(chat_page.get_by_test_id("composer")).to_be_hidden()
    await chat_page.get_by_test_id("go-successor").click()
    await expect(chat_page.get_by_test_id("composer")).to_be_visible()


async def test_who_blocked_the_bot_can_unblock_it(chat_page: Page, playground: Playground, bot_side: BotSide) -> None:
    await chat_page.get_by_test_id("chat-info").click()
    await chat_page.get_by_test_id("block").click()
    await chat_page.keyboard.press("Escape")
    await expect(chat_page.get_by_test_id("obstacle")).to_contain_text("Has bloqueado al bot")
    blocked = (await bot_side.next_update()).my_chat_member
    assert blocked is not None
    assert blocked.new_chat_member.status == "kicked"
    await chat_page.get_by_test_id("unblock-here").click()
    await expect(chat_page.get_by_test_id("composer")).to_be_visible()


async def test_an_empty_chat_with_another_bot_says_what_that_bot_is(
    playground: Playground, browser_page: Page, bot_side: BotSide
) -> None:
    await bot_side.bot.set_my_name("Ajedrez")
    await bot_side.bot.set_my_description("Juega al ajedrez con tu grupo.")
    await open_chat(browser_page, playground.base)
    welcome = browser_page.get_by_test_id("welcome")
    await expect(welcome.get_by_role("heading")).to_have_text("Ajedrez")
    await expect(welcome).to_contain_text("Juega al ajedrez con tu grupo.")
    await expect(browser_page.locator("#chat-subtitle")).to_have_text("bot")
    await expect(welcome.locator(".example")).to_have_count(0)
    await browser_page.get_by_test_id(f"chat-item-{GROUP}").click()
    await expect(welcome.get_by_role("heading")).to_have_text("Vuestro grupo")
    await expect(welcome.locator(".example")).to_have_count(0)
    await bot_side.bot.send_chat_action(GROUP, "typing")
    await expect(browser_page.get_by_test_id(f"chat-item-{GROUP}")).to_contain_text("Ajedrez está respondiendo")
    await browser_page.get_by_test_id(f"chat-item-{LUCIA}").click()
    await welcome.get_by_test_id("start").click()
    assert await bot_side.next_text() == "/start"


async def test_the_chat_with_the_newest_message_comes_first(chat_page: Page, bot_side: BotSide) -> None:
    items = chat_page.locator("#chat-list .chat-item")
    await expect(items.first).to_have_attribute("data-chat", str(LUCIA))
    await chat_page.get_by_test_id(f"chat-item-{FORUM}").focus()
    await bot_side.bot.send_message(CHANNEL, "novedad")
    await expect(items.first).to_have_attribute("data-chat", str(CHANNEL))
    await expect(items.nth(1)).to_have_attribute("data-chat", str(LUCIA))
    await expect(chat_page.get_by_test_id(f"chat-item-{FORUM}")).to_be_focused()


async def test_no_chat_moves_while_one_is_pressed(chat_page: Page, bot_side: BotSide) -> None:
    items = chat_page.locator("#chat-list .chat-item")
    await chat_page.get_by_test_id(f"chat-item-{GROUP}").hover()
    await chat_page.mouse.down()
    await bot_side.bot.send_message(CHANNEL, "novedad")
    await expect(chat_page.get_by_test_id(f"chat-item-{CHANNEL}")).to_contain_text("novedad")
    await expect(items.first).to_have_attribute("data-chat", str(LUCIA))
    await chat_page.mouse.up()
    await expect(chat_page.get_by_role("heading", name="Grupo de lectura")).to_be_visible()
    await expect(items.first).to_have_attribute("data-chat", str(CHANNEL))
