"""Updates pushed to a bot's server: how many at once, in which order, and what its answers may ask for."""

import asyncio
from collections import Counter
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import Response
from telegram import Bot

from bot.playground.webhook import lane
from bot.playground.world import PLAYGROUND_TOKEN

from .asked import until, until_none_pending
from .conftest import say
from .hook import Hook, text_of


def statuses(*codes: int) -> Callable[[dict[str, Any]], Response]:
    """Answer with these, then with 200."""
    left = list(codes)
    return lambda _: Response(status_code=left.pop(0) if left else 200)


async def test_chats_go_side_by_side_each_in_order(bot: Bot, people: httpx.AsyncClient, hook: Hook) -> None:
    hook.hold = {"lucia 0", "ben 0"}
    await bot.set_webhook(hook.url)
    for number in range(3):
        await say(people, 1001, 1001, f"lucia {number}")
        await say(people, 1002, 1002, f"ben {number}")
    await say(people, 1003, 1003, "ines")
    await until(lambda: hook.taken == ["ines"])
    await until(lambda: hook.most == 3)
    await until_pending(bot, 6)
    hook.hold = {"lucia 0"}
    await until(lambda: hook.taken[1:] == ["ben 0", "ben 1", "ben 2"])
    hook.hold.clear()
    await until(lambda: hook.taken[4:] == ["lucia 0", "lucia 1", "lucia 2"])
    await until_none_pending(bot)


async def test_no_more_at_once_than_the_bot_wants(bot: Bot, people: httpx.AsyncClient, hook: Hook) -> None:
    hook.hold = {"1001", "1002", "1003"}
    await bot.set_webhook(hook.url, max_connections=2)
    for person in (1001, 1002, 1003):
        await say(people, person, person, str(person))
    await until(lambda: hook.under_way == 2)
    hook.hold.clear()
    await until(lambda: len(hook.taken) == 3)
    assert hook.most == 2


async def test_one_that_fails_comes_again_while_others_go_on(bot: Bot, people: httpx.AsyncClient, hook: Hook) -> None:
    failures = Counter({"lucia 0": 2})

    def answer(update: dict[str, Any]) -> Response:
        text = text_of(update)
        failures[text] -= 1
        return Response(status_code=500 if failures[text] >= 0 else 200)

    hook.answer = answer
    await bot.set_webhook(hook.url)
    for number in range(20):
        await say(people, 1001, 1001, f"lucia {number}")
        await say(people, 1002, 1002, f"ben {number}")
    await until(lambda: len(hook.taken) == 40)
    for who in ("lucia", "ben"):
        assert [text for text in hook.taken if text.startswith(who)] == [f"{who} {n}" for n in range(20)]
    assert hook.taken.index("lucia 0") > hook.taken.index("ben 1")
    await until_none_pending(bot)
    assert (await bot.get_webhook_info()).last_error_message == (
        "Wrong response from the webhook: 500 Internal Server Error"
    )


@pytest.mark.parametrize("status", [302, 404, 410, 429, 500, 503])
async def test_only_a_2xx_takes_the_update(bot: Bot, people: httpx.AsyncClient, hook: Hook, status: int) -> None:
    hook.answer = statuses(status)
    await bot.set_webhook(hook.url)
    await say(people, 1001, 1001, "uno")
    await until(lambda: hook.taken == ["uno"])
    await until_none_pending(bot)
    error = (await bot.get_webhook_info()).last_error_message
    assert error is not None
    assert error.startswith(f"Wrong response from the webhook: {status} ")


async def test_the_webhook_can_move_while_an_update_is_under_way(
    bot: Bot, people: httpx.AsyncClient, hook: Hook
) -> None:
    hook.hold = {"uno"}
    await bot.set_webhook(hook.url)
    for text in ("uno", "dos"):
        await say(people, 1001, 1001, text)
    await until(lambda: hook.under_way == 1)
    await bot.set_webhook(f"{hook.url}?moved")
    await say(people, 1001, 1001, "tres")
    hook.hold.clear()
    await until(lambda: hook.taken == ["uno", "dos", "tres"])
    await until_none_pending(bot)


async def test_an_update_taken_after_the_webhook_was_deleted_does_not_come_again(
    bot: Bot, people: httpx.AsyncClient, hook: Hook
) -> None:
    hook.hold = {"uno"}
    await bot.set_webhook(hook.url)
    for text in ("uno", "dos"):
        await say(people, 1001, 1001, text)
    await until(lambda: hook.under_way == 1)
    await bot.delete_webhook()
    hook.hold.clear()
    await until_pending(bot, 1)
    assert [update.message.text for update in await bot.get_updates() if update.message] == ["dos"]
    assert hook.taken == ["uno"]
    await bot.set_webhook(hook.url)
    await until(lambda: hook.taken == ["uno", "dos"])


async def until_pending(bot: Bot, count: int) -> None:
    async with asyncio.timeout(10):
        while (await bot.get_webhook_info()).pending_update_count != count:
            await asyncio.sleep(0.005)


async def test_pending_updates_can_be_dropped_while_one_is_tried_again(
    bot: Bot, people: httpx.AsyncClient, hook: Hook
) -> None:
    hook.answer = statuses(500)
    await bot.set_webhook(hook.url)
    await say(people, 1001, 1001, "uno")
    await until_error(bot)
    await bot.set_webhook(hook.url, drop_pending_updates=True)
    await say(people, 1001, 1001, "dos")
    await until(lambda: hook.taken == ["dos"])


async def until_error(bot: Bot) -> None:
    async with asyncio.timeout(10):
        while not (await bot.get_webhook_info()).last_error_message:
            await asyncio.sleep(0.005)


async def test_what_is_not_known_of_a_webhook_is_accepted(bot: Bot, people: httpx.AsyncClient, hook: Hook) -> None:
    await bot.set_webhook(hook.url, ip_address="192.0.2.7")
    info = await bot.get_webhook_info()
    assert (info.url, info.has_custom_certificate, info.max_connections) == (hook.url, False, 40)


@pytest.mark.parametrize(
    ("update", "name"),
    [
        ({"message": {"chat": {"id": -5}, "from": {"id": 1}}}, "-5"),
        ({"callback_query": {"from": {"id": 1}, "message": {"chat": {"id": -5}}}}, "-5"),
        ({"callback_query": {"from": {"id": 1}, "inline_message_id": "x"}}, "1"),
        ({"inline_query": {"id": "x", "from": {"id": 1}}}, "1"),
        ({"poll_answer": {"poll_id": "x", "user": {"id": 1}}}, "1"),
        ({"poll_answer": {"poll_id": "x", "voter_chat": {"id": -7}}}, "-7"),
        ({"poll": {"id": "x"}}, "poll x"),
        ({"my_chat_member": {"chat": {"id": 1}, "from": {"id": 2}}}, "1"),
    ],
)
def test_what_keeps_its_order(update: dict[str, Any], name: str) -> None:
    assert lane({"update_id": 1, **update}) == name


async def test_a_bot_that_hangs_is_not_waited_for_at_the_end(
    bot: Bot, people: httpx.AsyncClient, hook: Hook, app: Starlette
) -> None:
    hook.hold = {"uno"}
    await bot.set_webhook(hook.url)
    await say(people, 1001, 1001, "uno")
    await until(lambda: hook.under_way == 1)
    answer = await people.get(f"/bot{PLAYGROUND_TOKEN}/getWebhookInfo")
    assert answer.json()["result"]["pending_update_count"] == 1
    async with asyncio.timeout(10):  # far less than it would hang
        await app.state.pusher.stop()
    assert hook.under_way == 1
