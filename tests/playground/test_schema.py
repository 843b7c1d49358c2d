"""Every method's answer and every kind of update is what the Bot API says it is."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from telegram import Bot, Update

from bot.playground.methods import METHODS
from bot.playground.world import GROUP_ID, PLAYGROUND_TOKEN

from .conftest import say
from .pictures import PNG
from .schema import BotApiSchema

Call = Callable[..., Awaitable[Any]]
KEYBOARD = {"inline_keyboard": [[{"text": "Sí", "callback_data": "yes"}, {"text": "Web", "url": "https://a.org"}]]}


@pytest.fixture
def schema() -> BotApiSchema:
    return BotApiSchema()


@pytest.fixture
def call(people: httpx.AsyncClient, schema: BotApiSchema) -> Call:
    """Calls a method with a JSON body (or files) and checks the answer against the schema."""

    async def call(method: str, files: Any = None, **params: Any) -> Any:
        body = {"data": params, "files": files} if files else {"json": params}
        answer = (await people.post(f"/bot{PLAYGROUND_TOKEN}/{method}", **body)).json()
        assert answer["ok"], answer
        assert schema.problems_of_result(method, answer["result"]) == []
        return answer["result"]

    return call


async def _send(call: Call, people: httpx.AsyncClient, started: int) -> None:
    reply = {"message_id": started}
    sent = await call(
        "sendMessage", chat_id=1001, text="<b>uno</b>", parse_mode="HTML", reply_parameters=reply, reply_markup=KEYBOARD
    )
    await call("sendMessageDraft", chat_id=1001, draft_id=5, text="un")
    await call("sendChatAction", chat_id=1001, action="typing")
    where = {"chat_id": 1001, "message_id": sent["message_id"]}
    await call("editMessageText", **where, text="dos", reply_markup=KEYBOARD)
    tap = {"from": 1001, "data": "yes"}
    tapped = (await people.post(f"/api/chats/1001/messages/{sent['message_id']}/taps", json=tap)).json()
    await call("answerCallbackQuery", callback_query_id=tapped["callback_query_id"], text="ok")
    await call("editMessageReplyMarkup", **where)
    await call("deleteMessage", **where)


async def _media(call: Call) -> None:
    await call("sendPhoto", files={"photo": ("a.png", PNG)}, chat_id="1001", caption="#foto")
    sent = await call("sendDocument", files={"document": ("a.txt", b"hola")}, chat_id="1001")
    await call("getFile", file_id=sent["document"]["file_id"])


async def _chats(call: Call) -> None:
    for chat_id in (1001, GROUP_ID):
        await call("getChat", chat_id=chat_id)
        await call("getChatMemberCount", chat_id=chat_id)
    for user_id in (1001, 1002, 7000):
        await call("getChatMember", chat_id=GROUP_ID, user_id=user_id)
    await call("getChatMember", chat_id=1001, user_id=1002)
    await call("getChatAdministrators", chat_id=GROUP_ID)
    await call("setChatMenuButton", chat_id=1001, menu_button={"type": "commands"})
    await call("getChatMenuButton", chat_id=1001)
    await call("getChatMenuButton")


async def _settings(call: Call) -> None:
    await call("getMe")
    await call("setMyCommands", commands=[{"command": "help", "description": "Ayuda"}], language_code="es")
    assert len(await call("getMyCommands", language_code="es")) == 1
    await call("deleteMyCommands", language_code="es")
    await call("getUpdates")
    await call("setWebhook", url="http://127.0.0.1:9/hook", allowed_updates=["message"])
    await call("getWebhookInfo")
    await call("deleteWebhook")
    await call("getWebhookInfo")


async def test_every_method_answers_as_described(people: httpx.AsyncClient, started: int, call: Call) -> None:
    called: set[str] = set()

    async def counted(method: str, **params: Any) -> Any:
        called.add(method)
        return await call(method, **params)

    await _send(counted, people, started)
    await _media(counted)
    await _chats(counted)
    await _settings(counted)
    assert called == METHODS.keys()


async def test_every_update_is_as_described(
    people: httpx.AsyncClient, call: Call, bot: Bot, schema: BotApiSchema
) -> None:
    first = await say(people, 1001, 1001, "/start hola @ben_reads #uno https://a.org")
    await say(people, GROUP_ID, 1002, "/help@tertulia_bot")
    await say(people, 1001, 1001, "sí", reply_to=first)
    for name, data in (("a.png", PNG), ("notas.pdf", b"%PDF-1.7")):
        form = {"from": "1001", "text": "mira"}
        answer = await people.post("/api/chats/1001/messages", data=form, files={"file": (name, data)})
        assert answer.status_code == 201
    sent = await call("sendMessage", chat_id=1001, text="¿?", reply_markup=KEYBOARD)
    await people.post(f"/api/chats/1001/messages/{sent['message_id']}/taps", json={"from": 1001, "data": "yes"})
    updates = await call("getUpdates")
    kinds = [next(name for name in update if name != "update_id") for update in updates]
    assert kinds == ["message"] * 5 + ["callback_query"]
    assert [schema.problems("Update", update) for update in updates] == [[]] * 6
    for update in updates:
        assert _contains(Update.de_json(update, bot).to_dict(), update)


def _contains(larger: Any, smaller: Any) -> bool:
    """Tell whether all of `smaller` survived; python-telegram-bot adds fields that are false."""
    if isinstance(smaller, dict):
        return all(name in larger and _contains(larger[name], value) for name, value in smaller.items())
    if isinstance(smaller, list):
        return len(larger) == len(smaller) and all(map(_contains, larger, smaller))
    return bool(larger == smaller)


def test_the_check_finds_what_is_wrong(schema: BotApiSchema) -> None:
    user = {"id": 1, "is_bot": False, "first_name": "A"}
    assert schema.problems("User", user) == []
    assert schema.problems("User", user | {"id": "1"}) == ["User.id: '1' is no Integer"]
    assert schema.problems("User", user | {"new": 1}) == ["User.new is not in the Bot API"]
    assert schema.problems("User", {"id": 1, "is_bot": False}) == ["User.first_name is missing"]
    assert schema.problems("ChatMember", {"status": "alien", "user": user})
