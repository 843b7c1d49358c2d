"""Sending within Telegram's limits, against a Bot API that refuses on demand."""

import asyncio
from collections.abc import AsyncGenerator, Callable

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from telegram import Bot, InlineKeyboardMarkup, MessageEntity
from telegram.error import BadRequest, Forbidden, TimedOut
from telegram.request import HTTPXRequest

from bot.asgi import serving
from bot.delivery import Delivery, Place
from bot.live import LiveReply
from bot.markdown import Part

PRIVATE, GROUP = Place(5, private=True), Place(-7)
NOTHING = InlineKeyboardMarkup([])
MESSAGE = {"message_id": 3, "date": 1, "chat": {"id": 5, "type": "private", "first_name": "A"}, "text": "hola"}
FLOOD = {"ok": False, "error_code": 429, "description": "Too Many Requests", "parameters": {"retry_after": 1}}


def refusal(code: int, description: str) -> dict[str, object]:
    return {"ok": False, "error_code": code, "description": description}


class Api:
    """A Bot API that answers with what stands in `answers`, in order, and then with success."""

    def __init__(self) -> None:
        self.answers: list[dict[str, object] | None] = []
        self.calls: list[str] = []
        self.texts: list[str] = []
        self.hang = asyncio.Event()

    async def answer(self, request: Request) -> Response:
        method = request.path_params["method"]
        self.calls.append(method)
        self.texts.append(str((await request.form()).get("text")))
        if self.answers:
            answer = self.answers.pop(0)
            if answer is None:
                await self.hang.wait()
            return JSONResponse(answer, status_code=int(str((answer or {}).get("error_code", 200))))
        return JSONResponse({"ok": True, "result": MESSAGE if method in ("sendMessage", "editMessageText") else True})


@pytest.fixture
async def api() -> Api:
    return Api()


@pytest.fixture
async def delivery(api: Api) -> AsyncGenerator[Delivery]:
    app = Starlette(routes=[Route("/bot{token}/{method}", api.answer, methods=["POST"])])
    async with serving(app, "127.0.0.1", 0) as address:
        request = HTTPXRequest(read_timeout=1)
        yield Delivery(Bot("1:x", base_url=f"{address}/bot", request=request))
        api.hang.set()
        await request.shutdown()


async def test_flood_control_is_waited_out_for_what_must_arrive(api: Api, delivery: Delivery) -> None:
    api.answers = [FLOOD]
    assert await delivery.send(PRIVATE, Part("hola")) == 3
    assert api.calls == ["sendMessage", "sendMessage"]


async def test_previews_are_dropped_while_telegram_wants_silence(api: Api, delivery: Delivery) -> None:
    api.answers = [FLOOD]
    await delivery.draft(PRIVATE, 1, Part("h"))
    await delivery.draft(PRIVATE, 1, Part("ho"))
    await delivery.typing(PRIVATE)
    assert api.calls == ["sendMessageDraft"]
    await delivery.draft(Place(6, private=True), 1, Part("other chats go on"))
    assert len(api.calls) == 2


async def test_server_errors_are_tried_again(api: Api, delivery: Delivery) -> None:
    api.answers = [refusal(502, "Bad Gateway"), refusal(500, "Internal Server Error")]
    assert await delivery.send(PRIVATE, Part("hola")) == 3
    assert len(api.calls) == 3


async def test_message_that_may_have_arrived_is_not_sent_twice(api: Api, delivery: Delivery) -> None:
    api.answers = [None]
    with pytest.raises(TimedOut):
        await delivery.send(PRIVATE, Part("hola"))
    assert api.calls == ["sendMessage"]


async def test_edit_that_may_have_arrived_is_made_again(api: Api, delivery: Delivery) -> None:
    api.answers = [None]
    assert await delivery.edit(PRIVATE, 3, Part("hola"))
    assert api.calls == ["editMessageText", "editMessageText"]


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (refusal(403, "Forbidden: bot was blocked by the user"), Forbidden),
        (refusal(400, "Bad Request: chat not found"), BadRequest),
    ],
)
async def test_final_refusals_are_not_tried_again(
    api: Api, delivery: Delivery, answer: dict[str, object], error: type[Exception]
) -> None:
    api.answers = [answer]
    with pytest.raises(error):
        await delivery.send(PRIVATE, Part("hola"))
    assert len(api.calls) == 1


async def test_edit_tells_whether_the_message_still_stands(api: Api, delivery: Delivery) -> None:
    api.answers = [refusal(400, "Bad Request: message is not modified: the same")]
    assert await delivery.edit(GROUP, 3, Part("hola"))
    api.answers = [refusal(400, "Bad Request: message to edit not found")]
    assert not await delivery.edit(GROUP, 3, Part("hola"))


async def test_refused_preview_is_no_error(api: Api, delivery: Delivery) -> None:
    api.answers = [refusal(400, "Bad Request: message is not modified: the same")]
    await delivery.preview_edit(GROUP, 3, Part("hola"), NOTHING)
    assert api.calls == ["editMessageText"]


def put_with(
    delivery: Delivery, place: Place
) -> Callable[[int, Part, InlineKeyboardMarkup | None], "asyncio.Future[int]"]:
    def put(_: int, part: Part, keyboard: InlineKeyboardMarkup | None) -> "asyncio.Future[int]":
        return asyncio.ensure_future(delivery.send(place, part, keyboard))

    return put


async def test_last_words_arrive_though_every_preview_was_dropped(api: Api, delivery: Delivery) -> None:
    api.answers = [FLOOD, FLOOD, FLOOD]
    live = LiveReply(delivery, PRIVATE, 1, put_with(delivery, PRIVATE), NOTHING)
    async with live.growing():
        for word in ("uno ", "dos ", "tres"):
            live.write(word)
            await asyncio.sleep(0)
    await live.finish()
    assert api.calls[-1] == "sendMessage"
    assert api.texts[-1] == "uno dos tres"


async def test_first_words_do_not_wait_because_of_a_status(
    api: Api, delivery: Delivery, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.live._PAINT_EVERY", 1000.0)
    live = LiveReply(delivery, PRIVATE, 1, put_with(delivery, PRIVATE), NOTHING)
    async with live.growing(), asyncio.timeout(20):
        live.say("⏳")
        while "⏳" not in api.texts:
            await asyncio.sleep(0.01)
        live.write("Una")
        while "Una" not in api.texts:
            await asyncio.sleep(0.01)


async def test_refused_entities_leave_the_words(api: Api, delivery: Delivery) -> None:
    api.answers = [refusal(400, "Bad Request: can't parse entities: entity beginning at byte offset 0 is odd")]
    part = Part("hola", (MessageEntity(MessageEntity.BOLD, 0, 4),))
    assert await delivery.send(PRIVATE, part) == 3
    assert api.texts == ["hola", "hola"]


async def test_edits_of_one_chat_keep_their_distance(api: Api, delivery: Delivery) -> None:
    for message_id in (1, 2, 3):
        await delivery.preview_edit(GROUP, message_id, Part("hola"), NOTHING)
    await delivery.preview_edit(Place(-8), 4, Part("hola"), NOTHING)
    assert api.calls == ["editMessageText"] * 2
    assert await delivery.edit(GROUP, 1, Part("the last words do not wait"))


async def test_previews_leave_room_for_what_must_arrive(api: Api, delivery: Delivery) -> None:
    for number in range(13):
        await delivery.send(GROUP, Part(str(number)))
    await delivery.preview_edit(GROUP, 1, Part("the fourteenth"), NOTHING)
    later = Delivery(delivery._bot)
    later._sent = delivery._sent
    await later.preview_edit(GROUP, 1, Part("too much"), NOTHING)
    await later.preview_edit(Place(-8), 1, Part("other chats go on"), NOTHING)
    await later.edit(GROUP, 1, Part("so does what must arrive"))
    assert api.texts[13:] == ["the fourteenth", "other chats go on", "so does what must arrive"]


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        ({"ok": True, "result": True}, True),
        (refusal(400, "Bad Request: REACTION_EMPTY"), True),
        (refusal(400, "Bad Request: message to react not found"), False),
        (refusal(400, "Bad Request: MESSAGE_ID_INVALID"), False),
        (refusal(400, "Bad Request: not enough rights to change message reactions"), None),
        (refusal(400, "Bad Request: REACTION_INVALID"), None),
        (refusal(403, "Forbidden: bot was kicked from the group chat"), None),
        (refusal(502, "Bad Gateway"), True),
        (None, True),
    ],
)
async def test_only_what_telegram_says_is_gone_is_gone(
    delivery: Delivery, api: Api, answer: dict[str, object] | None, verdict: bool | None
) -> None:
    api.answers = [answer]
    assert await delivery.stands(GROUP, 3) is verdict
    assert api.calls == ["setMessageReaction"]


async def test_flood_limit_of_looking_holds_up_looking_alone(delivery: Delivery, api: Api) -> None:
    api.answers = [FLOOD]
    assert await delivery.stands(GROUP, 3) is True
    assert await delivery.stands(GROUP, 3) is True
    await delivery.typing(GROUP)
    assert api.calls == ["setMessageReaction", "sendChatAction"]
