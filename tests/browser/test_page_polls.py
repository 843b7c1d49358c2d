"""Polls on the page: voting, results, right and wrong, time, and polls that people make."""

import time

import httpx
import pytest
from playwright.async_api import Page, expect
from telegram import Message

from bot.playground.rules.polls import of_message
from tests.browser.conftest import BEN, CHANNEL, GROUP, INES, LUCIA, BotSide, Playground
from tests.browser.test_page_axe import findings

pytestmark = pytest.mark.browser

DAYS = ["El viernes", "El sábado", "El domingo"]


async def vote(playground: Playground, chat: int, message: Message, person: int, *options: int) -> None:
    """Vote as somebody else."""
    async with httpx.AsyncClient(base_url=playground.base) as http:
        path = f"/api/chats/{chat}/messages/{message.message_id}/votes"
        (await http.post(path, json={"from": person, "options": options})).raise_for_status()


async def next_answers(bot_side: BotSide, count: int) -> list[tuple[int, ...]]:
    """Wait for the next votes, past the polls' own updates, and return what each chose."""
    chosen: list[tuple[int, ...]] = []
    while len(chosen) < count:
        answer = (await bot_side.next_update()).poll_answer
        if answer:
            chosen.append(answer.option_ids)
    return chosen


@pytest.fixture
async def group_page(chat_page: Page) -> Page:
    """Lucía's page, open at the group."""
    await chat_page.get_by_test_id(f"chat-item-{GROUP}").click()
    return chat_page


async def test_a_vote_shows_the_result_and_reaches_the_bot(
    playground: Playground, group_page: Page, bot_side: BotSide
) -> None:
    message = await bot_side.bot.send_poll(GROUP, "¿Qué día?", DAYS, is_anonymous=False)
    poll = group_page.get_by_test_id("poll")
    await expect(poll).to_contain_text("Nadie ha votado")
    await expect(poll.locator(".share")).to_have_count(0)
    await group_page.get_by_test_id("poll-option-1").click()
    assert await next_answers(bot_side, 1) == [(1,)]
    await expect(poll.locator(".share")).to_have_text(["0 %", "100 %", "0 %"])
    await vote(playground, GROUP, message, BEN, 0)
    await expect(poll.locator(".share")).to_have_text(["50 %", "50 %", "0 %"])
    await expect(group_page.get_by_test_id("poll-option-0")).to_contain_text("Ben")
    await expect(group_page.get_by_test_id("poll-option-1")).to_contain_text("tu voto")
    await expect(poll).to_contain_text("2 votos")


async def test_a_vote_is_taken_back(group_page: Page, bot_side: BotSide) -> None:
    await bot_side.bot.send_poll(GROUP, "¿Qué día?", DAYS, is_anonymous=False)
    await group_page.get_by_test_id("poll-option-2").click()
    await group_page.get_by_test_id("poll-retract").click()
    await expect(group_page.get_by_test_id("poll")).to_contain_text("Nadie ha votado")
    assert await next_answers(bot_side, 2) == [(2,), ()]


async def test_an_anonymous_poll_shows_ones_own_vote_and_no_names(
    playground: Playground, group_page: Page, bot_side: BotSide
) -> None:
    message = await bot_side.bot.send_poll(GROUP, "¿Qué día?", DAYS)
    await vote(playground, GROUP, message, BEN, 0)
    await expect(group_page.get_by_test_id("poll")).to_contain_text("Encuesta anónima")
    await group_page.get_by_test_id("poll-option-0").click()
    await expect(group_page.get_by_test_id("poll-option-0")).to_contain_text("tu voto")
    await expect(group_page.get_by_test_id("poll-option-0")).to_contain_text("100 %")
    await expect(group_page.get_by_test_id("poll")).not_to_contain_text("Ben")
    await group_page.reload()
    await expect(group_page.get_by_test_id("poll-option-0")).to_contain_text("tu voto")


async def test_several_answers_are_ticked_and_sent_together(
    playground: Playground, group_page: Page, bot_side: BotSide
) -> None:
    message = await bot_side.bot.send_poll(GROUP, "¿Qué días?", DAYS, is_anonymous=False, allows_multiple_answers=True)
    send = group_page.get_by_test_id("poll-vote")
    await expect(send).to_be_disabled()
    await group_page.get_by_test_id("poll-option-0").check()
    # Somebody else's vote draws the poll anew; what was ticked stays.
    await vote(playground, GROUP, message, BEN, 1)
    await expect(group_page.get_by_test_id("poll")).to_contain_text("1 voto")
    await expect(group_page.get_by_test_id("poll-option-0")).to_be_checked()
    await group_page.get_by_test_id("poll-option-2").check()
    button, moment = await send.bounding_box(), await group_page.locator(".message time").bounding_box()
    assert button is not None
    assert moment is not None
    assert button["y"] + button["height"] <= moment["y"]
    await send.click()
    await expect(group_page.locator(".share")).to_have_text(["50 %", "50 %", "50 %"])
    assert await next_answers(bot_side, 2) == [(1,), (0, 2)]


async def test_a_quiz_tells_right_from_wrong_and_explains(
    playground: Playground, group_page: Page, bot_side: BotSide
) -> None:
    options = ["Donde se llama", "Donde termina"]
    message = await bot_side.bot.send_poll(
        GROUP, "¿El caso base?", options, type="quiz", correct_option_ids=[1], explanation="Sin él no termina."
    )
    await expect(group_page.get_by_test_id("poll-lamp")).to_have_count(0)
    await expect(group_page.locator(".right")).to_have_count(0)
    await group_page.get_by_test_id("poll-option-0").click()
    await expect(group_page.get_by_test_id("poll-option-0")).to_contain_text("tu respuesta, incorrecta")
    await expect(group_page.get_by_test_id("poll-option-1")).to_contain_text("correcta")
    # Who was wrong is told why at once; the lamp puts it away and brings it back.
    await expect(group_page.get_by_test_id("poll-explanation")).to_have_text("Sin él no termina.")
    await group_page.get_by_test_id("poll-lamp").click()
    await expect(group_page.get_by_test_id("poll-explanation")).to_have_count(0)
    await expect(group_page.get_by_test_id("poll-lamp")).to_be_focused()
    await expect(group_page.get_by_test_id("poll-retract")).to_have_count(0)
    await group_page.get_by_test_id("person-switch").select_option(str(INES))
    await expect(group_page.get_by_test_id("poll-lamp")).to_have_count(0)  # hers is not answered yet
    await group_page.get_by_test_id("poll-option-1").click()
    await expect(group_page.get_by_test_id("poll-explanation")).to_have_count(0)
    await group_page.get_by_test_id("poll-lamp").click()
    await expect(group_page.get_by_test_id("poll-explanation")).to_be_visible()
    poll = of_message(playground.world, playground.world.chats[GROUP].messages[message.message_id])
    assert poll is not None
    assert poll.votes == {LUCIA: [0], INES: [1]}


async def test_a_closed_poll_shows_its_result_to_all(group_page: Page, bot_side: BotSide) -> None:
    message = await bot_side.bot.send_poll(GROUP, "¿Qué día?", DAYS)
    await expect(group_page.get_by_test_id("poll-option-0")).to_have_role("button")
    await bot_side.bot.stop_poll(GROUP, message.message_id)
    await expect(group_page.get_by_test_id("poll")).to_contain_text("Resultado final")
    await expect(group_page.locator(".share")).to_have_text(["0 %", "0 %", "0 %"])
    await expect(group_page.get_by_test_id("poll-retract")).to_have_count(0)


async def test_an_open_period_counts_down(group_page: Page, bot_side: BotSide) -> None:
    sent = await bot_side.bot.send_poll(GROUP, "¿Qué día?", DAYS, close_date=int(time.time()) + 90)
    assert sent.poll is not None
    left = group_page.get_by_test_id("countdown")
    first = await left.inner_text()
    assert first.startswith("1:")
    await expect(left).not_to_have_text(first)


async def test_a_person_makes_a_poll(group_page: Page, bot_side: BotSide) -> None:
    await group_page.get_by_test_id("attach-menu").click()
    await group_page.get_by_test_id("attach-poll").click()
    await group_page.get_by_test_id("poll-question").fill("¿Qué capítulo?")
    for place, text in enumerate(["Uno", "Dos", "Tres"]):
        await group_page.get_by_test_id(f"poll-input-{place}").fill(text)
    await group_page.get_by_test_id("poll-several").check()
    await group_page.get_by_test_id("poll-form-send").click()
    await expect(group_page.get_by_test_id("poll")).to_contain_text("Varias respuestas")
    await expect(group_page.locator(".option")).to_have_text(["Uno", "Dos", "Tres"])


async def test_a_quiz_for_the_channel_is_anonymous(chat_page: Page, bot_side: BotSide) -> None:
    await chat_page.get_by_test_id(f"chat-item-{CHANNEL}").click()
    await chat_page.get_by_test_id("attach-menu").click()
    await chat_page.get_by_test_id("attach-poll").click()
    await expect(chat_page.get_by_test_id("poll-anonymous")).to_be_disabled()
    await chat_page.get_by_test_id("poll-question").fill("¿2 + 2?")
    await chat_page.get_by_test_id("poll-input-0").fill("3")
    await chat_page.get_by_test_id("poll-input-1").fill("4")
    await chat_page.get_by_test_id("poll-quiz").check()
    await chat_page.get_by_role("radio", name="Opción 2").check()
    await chat_page.get_by_test_id("poll-form-send").click()
    post = (await bot_side.next_update()).channel_post
    assert post is not None
    assert post.poll is not None
    assert post.poll.type == "quiz"
    assert post.poll.is_anonymous
    await chat_page.get_by_test_id("poll-option-1").click()
    await expect(chat_page.get_by_test_id("poll-option-1")).to_contain_text("correcta")


async def test_polls_by_keyboard_alone(group_page: Page, bot_side: BotSide) -> None:
    await bot_side.bot.send_poll(GROUP, "¿Qué día?", DAYS)
    await expect(group_page.get_by_test_id("poll")).to_be_visible()
    await group_page.get_by_test_id("messages").focus()
    await group_page.keyboard.press("Tab")
    await expect(group_page.get_by_test_id("poll-option-0")).to_be_focused()
    await group_page.keyboard.press("Tab")
    await group_page.keyboard.press("Enter")
    await expect(group_page.get_by_test_id("poll-option-1")).to_contain_text("tu voto")


async def test_a_quiz_asks_for_the_words_of_its_right_answer(group_page: Page, bot_side: BotSide) -> None:
    await group_page.get_by_test_id("attach-menu").click()
    await group_page.get_by_test_id("attach-poll").click()
    await group_page.get_by_test_id("poll-question").fill("¿2 + 2?")
    await group_page.get_by_test_id("poll-input-0").fill("4")
    await group_page.get_by_test_id("poll-input-1").fill("5")
    await group_page.get_by_test_id("poll-quiz").check()
    await group_page.get_by_role("radio", name="Opción 3").check()
    await group_page.get_by_test_id("poll-form-send").click()
    third = group_page.get_by_test_id("poll-input-2")
    await expect(third).to_be_focused()
    await expect(third).to_have_js_property("validationMessage", "Escribe la respuesta que está marcada como correcta")
    await group_page.get_by_role("radio", name="Opción 2").check()
    await group_page.get_by_test_id("poll-form-send").click()
    await group_page.get_by_test_id("poll").get_by_role("button", name="5").click()
    await expect(group_page.locator(".right")).to_contain_text("5")


async def test_axe_finds_nothing_serious_in_polls(
    playground: Playground, group_page: Page, bot_side: BotSide, axe: str
) -> None:
    await bot_side.bot.send_poll(GROUP, "¿Qué día?", DAYS)
    await bot_side.bot.send_poll(GROUP, "¿Qué días?", DAYS, allows_multiple_answers=True, open_period=300)
    quiz = await bot_side.bot.send_poll(
        GROUP, "¿2 + 2?", ["3", "4"], type="quiz", correct_option_ids=[1], explanation="Se cuenta."
    )
    await vote(playground, GROUP, quiz, LUCIA, 0)
    await expect(group_page.get_by_test_id("poll-explanation")).to_be_visible()
    context = group_page.context.browser
    assert context is not None
    for scheme in ("light", "dark"):
        page = await context.new_page(bypass_csp=True, color_scheme=scheme, reduced_motion="reduce")
        await page.goto(f"{playground.base}/#/{GROUP}")
        await expect(page.get_by_test_id("poll-explanation")).to_be_visible()
        assert await findings(page, axe) == []
        await page.close()
