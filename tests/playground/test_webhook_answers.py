"""Calls in the answers of a bot's server."""

import httpx
import pytest
from starlette.responses import JSONResponse, Response
from telegram import Bot

from bot.playground.world import World

from .asked import until, until_none_pending
from .conftest import say
from .hook import Hook

CALL = {"method": "sendMessage", "chat_id": 1001, "text": "¡Hola!"}
BOUNDARY = "b0"
MULTIPART = "".join(
    f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in CALL.items()
)


@pytest.mark.parametrize(
    "answer",
    [
        JSONResponse(CALL),
        Response("method=sendMessage&chat_id=1001&text=%C2%A1Hola!", media_type="application/x-www-form-urlencoded"),
        Response(f"{MULTIPART}--{BOUNDARY}--\r\n", media_type=f"multipart/form-data; boundary={BOUNDARY}"),
    ],
    ids=["json", "form", "multipart"],
)
async def test_a_call_in_the_answer_is_carried_out(
    bot: Bot, people: httpx.AsyncClient, hook: Hook, world: World, answer: Response
) -> None:
    hook.answer = lambda _: answer
    await bot.set_webhook(hook.url)
    await say(people, 1001, 1001, "hola")
    await until(lambda: [m["text"] for m in world.chats[1001].messages.values()] == ["hola", "¡Hola!"])


@pytest.mark.parametrize(
    "answer",
    [
        JSONResponse({}),
        JSONResponse({"method": "sendNothing"}),
        JSONResponse({"method": ["sendMessage"]}),
        JSONResponse({"method": "sendMessage", "chat_id": 1001}),
        JSONResponse([1, 2]),
        Response("{", media_type="application/json"),
        Response("[" * 100_000, media_type="application/json"),
        Response(b"\xff\xfe", media_type="application/x-www-form-urlencoded"),
        Response("nothing", media_type="multipart/form-data"),
        Response("OK", media_type="text/plain"),
    ],
)
async def test_nonsense_in_the_answer_changes_nothing(
    bot: Bot, people: httpx.AsyncClient, hook: Hook, world: World, answer: Response
) -> None:
    hook.answer = lambda _: answer
    await bot.set_webhook(hook.url)
    await say(people, 1001, 1001, "uno")
    await say(people, 1001, 1001, "dos")
    await until(lambda: hook.taken == ["uno", "dos"])
    await until_none_pending(bot)
    assert len(world.chats[1001].messages) == 2


async def test_limits_and_faults_hold_in_answers_too(
    bot: Bot, people: httpx.AsyncClient, hook: Hook, world: World
) -> None:
    hook.answer = lambda _: JSONResponse(CALL)
    for kind in ("429", "500", "409", "drop", "timeout_after_delivery"):
        await people.post("/api/faults", json={"method": "sendMessage", "fault": kind})
    await bot.set_webhook(hook.url)
    for number in range(8):
        await say(people, 1001, 1001, str(number))
    await until(lambda: len(hook.taken) == 8)
    await until_none_pending(bot)
    assert not world.faults.pending
    await until(lambda: len(world.chats[1001].messages) == 12)  # the last of the faults came after delivery
    world.floods.switch(on=True)
    for number in range(8):
        await say(people, 1001, 1001, str(number))
    await until(lambda: len(hook.taken) == 16)
    await until_none_pending(bot)
    answers = [m for m in world.chats[1001].messages.values() if m["from"]["is_bot"]]
    assert len(answers) == 4 + 5
