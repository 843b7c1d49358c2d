"""Messages: what the bot sends, edits and deletes, and how Telegram refuses."""

from typing import Any

import httpx
import pytest
from telegram import Bot, ForceReply, InlineKeyboardButton, InlineKeyboardMarkup, ReplyKeyboardMarkup
from telegram.error import BadRequest, Forbidden, InvalidToken

from bot.playground.world import GROUP_ID, PLAYGROUND_TOKEN

from .conftest import say

YES = InlineKeyboardMarkup([[InlineKeyboardButton("Sí", callback_data="yes")]])
NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a"
    " current content and reply markup of the message"
)


def keyboard(**button: Any) -> dict[str, Any]:
    return {"inline_keyboard": [[button]]}


async def events(people: httpx.AsyncClient, chat: int = 1001, after: int = 0) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await people.get(f"/api/chats/{chat}/events?after={after}")).json()["events"]
    return found


async def test_a_message_arrives_as_the_bot_got_it(bot: Bot, people: httpx.AsyncClient, started: int) -> None:
    sent = await bot.send_message(1001, "  ¿Seguimos? 🙂 #libro ", reply_markup=YES, reply_to_message_id=started)
    assert (sent.text, sent.from_user and sent.from_user.username) == ("¿Seguimos? 🙂 #libro", "tertulia_bot")
    assert [(e.type, e.offset, e.length) for e in sent.entities] == [("hashtag", 14, 6)]
    assert sent.reply_to_message is not None
    assert sent.reply_to_message.text == "hola"
    seen = (await events(people))[-1]
    assert seen["type"] == "message"
    assert seen["message"]["message_id"] == sent.message_id
    assert seen["message"]["reply_markup"] == YES.to_dict()


async def test_other_keyboards_are_accepted(bot: Bot, started: int) -> None:
    for markup in (ReplyKeyboardMarkup([["uno", "dos"]]), ForceReply()):
        assert (await bot.send_message(1001, "elige", reply_markup=markup)).reply_markup is None


async def test_people_come_first(bot: Bot, people: httpx.AsyncClient) -> None:
    with pytest.raises(Forbidden, match="bot can't initiate conversation with a user"):
        await bot.send_message(1002, "hola")
    with pytest.raises(BadRequest, match=r"(?i)chat not found"):
        await bot.get_chat(1002)
    await say(people, 1002, 1002, "hi")
    assert (await bot.send_message(1002, "hola")).chat.first_name == "Ben"


async def test_an_edit_replaces_text_and_buttons(bot: Bot, people: httpx.AsyncClient, started: int) -> None:
    sent = await bot.send_message(1001, "uno", reply_markup=YES)
    edited = await sent.edit_text("dos")
    assert not isinstance(edited, bool)
    assert (edited.text, edited.reply_markup, edited.edit_date is not None) == ("dos", None, True)
    edited = await sent.edit_reply_markup(YES)
    assert not isinstance(edited, bool)
    assert (edited.text, edited.reply_markup) == ("dos", YES)
    assert [event["type"] for event in await events(people)] == ["message", "message", "edit", "edit"]


async def test_a_message_can_be_deleted(bot: Bot, people: httpx.AsyncClient, started: int) -> None:
    assert await bot.delete_message(1001, started)
    last = (await events(people))[-1]
    assert (last["type"], last["message_id"]) == ("delete", started)
    with pytest.raises(BadRequest, match=r"(?i)message to delete not found"):
        await bot.delete_message(1001, started)
    others = await say(people, GROUP_ID, 1002, "mine")
    with pytest.raises(BadRequest, match=r"(?i)message can't be deleted"):
        await bot.delete_message(GROUP_ID, others)


async def test_drafts_and_actions_are_seen(bot: Bot, people: httpx.AsyncClient, started: int) -> None:
    await bot.send_chat_action(1001, "typing")
    await bot.send_message_draft(1001, 7, "")
    await bot.send_message_draft(1001, 7, "*Ho*", parse_mode="MarkdownV2")
    action, empty, draft = (await events(people))[1:]
    assert (action["type"], action["action"]) == ("action", "typing")
    assert (empty["draft_id"], empty["text"]) == (7, "…")
    assert (draft["text"], draft["entities"]) == ("Ho", [{"type": "bold", "offset": 0, "length": 2}])
    with pytest.raises(BadRequest, match=r"(?i)TEXTDRAFT_PEER_INVALID"):
        await bot.send_message_draft(GROUP_ID, 7, "hola")


async def test_a_tap_reaches_the_bot_and_its_answer_the_person(
    bot: Bot, people: httpx.AsyncClient, started: int
) -> None:
    sent = await bot.send_message(1001, "¿?", reply_markup=YES)
    taps = f"/api/chats/1001/messages/{sent.message_id}/taps"
    answer = await people.post(taps, json={"from": 1001, "data": "yes"})
    assert answer.status_code == 201
    query = (await bot.get_updates())[-1].callback_query
    assert query is not None
    assert (query.id, query.data, query.from_user.id) == (answer.json()["callback_query_id"], "yes", 1001)
    await query.answer("¡Bien!", show_alert=True)
    await query.answer("twice")
    last = (await events(people))[-1]
    expected = {"callback_query_id": query.id, "from": 1001, "text": "¡Bien!", "show_alert": True}
    assert expected.items() <= last.items()
    for body in ({"from": 1001, "data": "no"}, {"from": 1002, "data": "yes"}, {"from": 1001}):
        assert (await people.post(taps, json=body)).status_code in {400, 403}


BAD_CALLS: list[tuple[str, dict[str, Any], str]] = [
    ("sendMessage", {"text": "  \n "}, "message text is empty"),
    ("sendMessage", {}, "message text is empty"),
    ("sendMessage", {"text": "a" * 4097}, "message is too long"),
    ("sendMessage", {"text": "🙂" * 2049}, "message is too long"),
    ("sendMessage", {"text": "a", "chat_id": 999}, "chat not found"),
    ("sendMessage", {"text": "a", "chat_id": "@nobody"}, "chat not found"),
    ("sendMessage", {"text": "a", "chat_id": ""}, "chat_id is empty"),
    ("sendMessage", {"text": "a", "parse_mode": "Pig"}, "unsupported parse_mode"),
    ("sendMessage", {"text": "a", "reply_parameters": {"message_id": 1}}, "message to be replied not found"),
    ("sendMessage", {"text": "a", "reply_parameters": [1]}, "object expected as reply_parameters"),
    ("sendMessage", {"text": "a", "reply_markup": keyboard(text="b", callback_data="ñ" * 33)}, "BUTTON_DATA_INVALID"),
    (
        "sendMessage",
        {"text": "a", "reply_markup": keyboard(text="b")},
        "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
    ),
    (
        "sendMessage",
        {"text": "a", "reply_markup": keyboard(callback_data="b")},
        "can't parse inline keyboard button: Can't find field \"text\"",
    ),
    ("sendMessage", {"text": "a", "reply_markup": "{"}, "can't parse reply keyboard markup JSON object"),
    ("sendMessage", {"text": "a", "reply_markup": "[" * 100_000}, "can't parse reply keyboard markup JSON object"),
    ("sendMessage", {"text": {"a": 1}}, "can't parse text: expected a String"),
    ("sendMessageDraft", {"text": "a"}, "TEXTDRAFT_ID_INVALID"),
    ("sendMessageDraft", {"text": "a" * 4097, "draft_id": 1}, "message is too long"),
    ("sendChatAction", {"action": "dancing"}, "wrong parameter action in request"),
    ("editMessageText", {"text": "a", "message_id": 1}, "message to edit not found"),
    ("editMessageText", {"text": "a"}, "message identifier is not specified"),
    ("editMessageText", {"text": "a", "message_id": 2**70}, "invalid message_id specified"),
    ("answerCallbackQuery", {"callback_query_id": "1", "text": "a" * 201}, "MESSAGE_TOO_LONG"),
    (
        "answerCallbackQuery",
        {"callback_query_id": "1"},
        "query is too old and response timeout expired or query ID is invalid",
    ),
    ("getFile", {"file_id": "x"}, "invalid file_id"),
    ("sendDocument", {}, "there is no document in the request"),
    ("sendDocument", {"document": "https://a.org/b"}, "wrong file identifier/HTTP URL specified"),
    ("getChatMember", {"user_id": 5}, "member not found"),
    ("getChatAdministrators", {}, "there are no administrators in the private chat"),
]


@pytest.mark.parametrize(("method", "params", "words"), BAD_CALLS)
async def test_refusals_use_telegrams_words(
    people: httpx.AsyncClient, started: int, method: str, params: dict[str, Any], words: str
) -> None:
    answer = await people.post(f"/bot{PLAYGROUND_TOKEN}/{method}", json={"chat_id": 1001} | params)
    assert answer.status_code == 400
    assert answer.json() == {"ok": False, "error_code": 400, "description": f"Bad Request: {words}"}


async def test_longest_texts_pass(bot: Bot, started: int) -> None:
    assert len((await bot.send_message(1001, "a" * 4096)).text or "") == 4096
    assert len((await bot.send_message(1001, f"<b>{'a' * 4096}</b>", parse_mode="HTML")).text or "") == 4096


async def test_edits_that_change_nothing_are_refused(bot: Bot, people: httpx.AsyncClient, started: int) -> None:
    sent = await bot.send_message(1001, "uno", reply_markup=YES)
    same = {"chat_id": 1001, "message_id": sent.message_id, "text": "uno", "reply_markup": YES.to_dict()}
    answer = await people.post(f"/bot{PLAYGROUND_TOKEN}/editMessageText", json=same)
    assert answer.json()["description"] == NOT_MODIFIED
    with pytest.raises(BadRequest, match=r"(?i)message can't be edited"):
        await bot.edit_message_text("x", 1001, started)


async def test_a_reply_may_do_without_its_message(bot: Bot, started: int) -> None:
    sent = await bot.send_message(1001, "a", reply_to_message_id=1, allow_sending_without_reply=True)
    assert sent.reply_to_message is None


async def test_bodies_of_every_kind_are_read(people: httpx.AsyncClient, started: int) -> None:
    url, params = f"/bot{PLAYGROUND_TOKEN}/sendMessage", {"chat_id": "1001", "text": "¿?"}
    answers = [
        await people.get(url, params=params),
        await people.post(url, params=params),
        await people.post(url, json=params),
        await people.post(url, data=params),
        await people.post(url, data=params, files={"unused": b"x"}),
        await people.post(url.replace("sendMessage", "SENDMESSAGE"), json=params),
    ]
    assert [answer.json()["result"]["text"] for answer in answers] == ["¿?"] * 6


@pytest.mark.parametrize("body", [b"[1]", b"nonsense", b"\xff", b'{"text": "\\ud800"}', b'{"text": NaN}'])
async def test_broken_json_is_refused(people: httpx.AsyncClient, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    answer = await people.post(f"/bot{PLAYGROUND_TOKEN}/sendMessage", content=body, headers=headers)
    assert answer.json()["description"].startswith("Bad Request: can't parse request")


async def test_tokens_and_methods_are_checked(people: httpx.AsyncClient, bot: Bot) -> None:
    unknown = await people.post(f"/bot{PLAYGROUND_TOKEN}/makeCoffee")
    assert unknown.json() == {"ok": False, "error_code": 404, "description": "Not Found: method not found"}
    wrong = await people.get("/bot123/getMe")
    assert (wrong.status_code, wrong.json()["description"]) == (401, "Unauthorized")
    assert (await people.get("/file/bot123/documents/a")).status_code == 401
    with pytest.raises(InvalidToken):
        async with Bot("123:short", base_url=bot.base_url.removesuffix(bot.token), request=bot.request):
            raise AssertionError("a token of the wrong form was accepted")
