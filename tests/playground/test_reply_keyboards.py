"""Reply keyboards, their removal and forced replies: what people see of them, and what Telegram refuses."""

from typing import Any

import httpx
import pytest
from telegram import Bot, ForceReply, KeyboardButton, KeyboardButtonPollType, ReplyKeyboardMarkup, ReplyKeyboardRemove

from bot.playground.world import CHANNEL_ID, GROUP_ID, PLAYGROUND_TOKEN

from .asked import call, events, refused
from .conftest import say
from .pictures import PNG
from .test_hostile import VALUES

ROW = {"keyboard": [["uno", "dos"]]}


async def shown(people: httpx.AsyncClient, chat: int = 1001) -> Any:
    """Return the reply keyboard that came with the newest message."""
    return (await events(people, chat, "message"))[-1].get("reply_keyboard")


async def test_people_see_the_keyboard_and_the_message_does_not_carry_it(
    bot: Bot, people: httpx.AsyncClient, started: int
) -> None:
    asks = [
        KeyboardButton("teléfono", request_contact=True),
        KeyboardButton("lugar", request_location=True),
        KeyboardButton("quiz", request_poll=KeyboardButtonPollType("quiz")),
        KeyboardButton("encuesta", request_poll=KeyboardButtonPollType()),
        KeyboardButton("lo que sea", request_poll=KeyboardButtonPollType()),
    ]
    markup = ReplyKeyboardMarkup(
        [["uno", "dos"], asks], resize_keyboard=True, one_time_keyboard=True, input_field_placeholder="elige"
    )
    sent = await bot.send_message(1001, "¿cuál?", reply_markup=markup)
    assert sent.reply_markup is None
    assert await shown(people) == {
        "keyboard": [
            [{"text": "uno"}, {"text": "dos"}],
            [
                {"text": "teléfono", "request_contact": True},
                {"text": "lugar", "request_location": True},
                {"text": "quiz", "request_poll": {"type": "quiz"}},
                {"text": "encuesta", "request_poll": {}},
                {"text": "lo que sea", "request_poll": {}},
            ],
        ],
        "resize_keyboard": True,
        "one_time_keyboard": True,
        "input_field_placeholder": "elige",
    }


async def test_keyboards_go_away_and_replies_are_asked_for(bot: Bot, people: httpx.AsyncClient, started: int) -> None:
    await bot.send_message(1001, "ya", reply_markup=ReplyKeyboardRemove(selective=True))
    assert await shown(people) == {"remove_keyboard": True, "selective": True}
    await bot.send_message(1001, "¿y?", reply_markup=ForceReply(input_field_placeholder="di"))
    assert await shown(people) == {"force_reply": True, "input_field_placeholder": "di"}
    await bot.send_message(1001, "nada")
    assert await shown(people) is None


@pytest.mark.parametrize("markup", [{}, None, {"keyboard": []}, {"keyboard": [[]]}, {"remove_keyboard": False}])
async def test_an_empty_keyboard_is_none(people: httpx.AsyncClient, started: int, markup: Any) -> None:
    sent = await call(people, "sendMessage", chat_id=1001, text="a", reply_markup=markup)
    assert "reply_markup" not in sent
    assert await shown(people) is None


async def test_other_messages_bring_keyboards_too(bot: Bot, people: httpx.AsyncClient, started: int) -> None:
    note = await bot.send_photo(1001, PNG, reply_markup=ReplyKeyboardMarkup([["uno"]]))
    assert await shown(people) == {"keyboard": [[{"text": "uno"}]]}
    await note.copy(1001, reply_markup=ReplyKeyboardRemove())
    assert await shown(people) == {"remove_keyboard": True}
    await bot.send_location(1001, 40.4, -3.7, reply_markup=ForceReply())
    assert await shown(people) == {"force_reply": True}


async def test_long_keyboards_are_cut(people: httpx.AsyncClient, started: int) -> None:
    await call(people, "sendMessage", chat_id=1001, text="a", reply_markup={"keyboard": [["a"] * 20] * 30})
    assert [len(row) for row in (await shown(people))["keyboard"]] == [12] * 25
    hint = {"force_reply": True, "input_field_placeholder": "a" * 65}
    await call(people, "sendMessage", chat_id=1001, text="a", reply_markup=hint)
    assert len((await shown(people))["input_field_placeholder"]) == 64


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ({"request_contact": True}, "phone number can be requested in private chats only"),
        ({"request_location": True}, "location can be requested in private chats only"),
        ({"request_poll": {"type": "quiz"}}, "poll can be requested in private chats only"),
    ],
)
async def test_only_in_private_are_people_asked_for_more(
    people: httpx.AsyncClient, key: dict[str, Any], words: str
) -> None:
    markup = {"keyboard": [[{"text": "a", **key}]]}
    said = await refused(people, "sendMessage", chat_id=GROUP_ID, text="a", reply_markup=markup)
    assert said == f"Bad Request: {words}"


@pytest.mark.parametrize("markup", [ROW, {"remove_keyboard": True}, {"force_reply": True}])
async def test_channels_and_edits_take_inline_keyboards_only(
    people: httpx.AsyncClient, started: int, markup: dict[str, Any]
) -> None:
    said = await refused(people, "sendMessage", chat_id=CHANNEL_ID, text="a", reply_markup=markup)
    assert said == "Bad Request: inline keyboard expected"
    sent = await call(people, "sendMessage", chat_id=1001, text="a", reply_markup=markup)
    where = {"chat_id": 1001, "message_id": sent["message_id"]}
    for method in ("editMessageText", "editMessageReplyMarkup"):
        said = await refused(people, method, **where, text="b", reply_markup=markup)
        assert said == "Bad Request: inline keyboard expected"


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        ({"keyboard": "a"}, 'field "keyboard" of the ReplyKeyboardMarkup must be an Array'),
        ({"keyboard": ["a"]}, 'field "keyboard" of the ReplyKeyboardMarkup must be an Array of Arrays'),
        ({"inline_keyboard": [1]}, 'field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays'),
        ({"keyboard": [[1]]}, "can't parse keyboard button: KeyboardButton must be a String or an Object"),
        ({"keyboard": [[{}]]}, "can't parse keyboard button: Can't find field \"text\""),
        ({"keyboard": [[{"text": []}]]}, 'can\'t parse keyboard button: Field "text" must be of type String'),
        ({"keyboard": [[" "]]}, "keyboard button text must be non-empty"),
        (
            {"keyboard": [[{"text": "a", "request_contact": 5}]]},
            'can\'t parse keyboard button: Field "request_contact" must be of type Boolean',
        ),
        (
            {"keyboard": [[{"text": "a", "request_poll": "quiz"}]]},
            'can\'t parse keyboard button: Field "request_poll" must be of type Object',
        ),
        (
            {"keyboard": [[{"text": "a", "request_poll": {"type": 1}}]]},
            'can\'t parse keyboard button: Field "type" must be of type String',
        ),
        (
            {"keyboard": [[{"text": "a", "request_users": {"request_id": "x"}}]]},
            'can\'t parse keyboard button: Field "request_id" must be a valid Number',
        ),
        ({"keyboard": [[{"text": "a", "web_app": {"url": []}}]]}, 'can\'t parse keyboard button: Field "url"'),
        (ROW | {"resize_keyboard": "x"}, 'field "resize_keyboard" must be of the type Boolean'),
        ({"force_reply": 1}, 'field "force_reply" must be of the type Boolean'),
        (ROW | {"input_field_placeholder": 1}, 'field "input_field_placeholder" must be of the type String'),
        ([ROW], "object expected as reply markup"),
        ("{", "can't parse reply keyboard markup JSON object"),
    ],
)
async def test_broken_markup_is_refused(people: httpx.AsyncClient, started: int, markup: Any, words: str) -> None:
    said = await refused(people, "sendMessage", chat_id=1001, text="a", reply_markup=markup)
    assert said.startswith(f"Bad Request: {words}")


async def test_groups_have_keyboards_for_some(people: httpx.AsyncClient) -> None:
    asked = await say(people, GROUP_ID, 1002, "/start")
    markup = ROW | {"selective": True, "is_persistent": True}
    reply = {"message_id": asked}
    await call(people, "sendMessage", chat_id=GROUP_ID, text="a", reply_markup=markup, reply_parameters=reply)
    keyboard = {"keyboard": [[{"text": "uno"}, {"text": "dos"}]], "selective": True, "is_persistent": True}
    assert await shown(people, GROUP_ID) == keyboard


KEY = (
    "text",
    "style",
    "request_contact",
    "request_location",
    "request_poll",
    "request_users",
    "request_chat",
    "web_app",
)
AROUND = ("keyboard", "resize_keyboard", "selective", "input_field_placeholder", "remove_keyboard", "force_reply")


async def test_no_value_breaks_a_keyboard(people: httpx.AsyncClient, started: int) -> None:
    keys = [{"keyboard": [[{"text": "a"} | {name: value}]]} for name in KEY for value in VALUES]
    for markup in keys + [ROW | {name: value} for name in AROUND for value in VALUES]:
        body = {"chat_id": 1001, "text": "a", "reply_markup": markup}
        answer = await people.post(f"/bot{PLAYGROUND_TOKEN}/sendMessage", json=body)
        assert answer.status_code in {200, 400}, (markup, answer.text)
