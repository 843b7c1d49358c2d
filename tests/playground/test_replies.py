"""Replies: words quoted, messages of other chats and other topics."""

from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import Bot, ReplyParameters

from bot.playground.api_error import ApiError
from bot.playground.rules.replies import quote
from bot.playground.text.entities import part, utf16_length
from bot.playground.world import CHANNEL_ID, FORUM_ID, GROUP_ID, PLAYGROUND_TOKEN

from .asked import JSON, ask, call, refused
from .conftest import say
from .pictures import PNG
from .test_hostile import VALUES

LUCIA, BEN = 1001, 1002
SEND = f"/bot{PLAYGROUND_TOKEN}/sendMessage"


async def sent_bold(people: httpx.AsyncClient) -> int:
    sent = await call(people, "sendMessage", chat_id=LUCIA, text="🙂 uno <b>dos</b> uno", parse_mode="HTML")
    return int(sent["message_id"])


async def test_words_are_quoted(bot: Bot, started: int) -> None:
    sent = await bot.send_message(LUCIA, "sí", reply_parameters=ReplyParameters(started, quote="ola"))
    assert sent.quote
    assert (sent.quote.text, sent.quote.position, sent.quote.is_manual) == ("ola", 1, True)
    assert sent.reply_to_message
    assert sent.reply_to_message.message_id == started


@pytest.mark.parametrize(
    ("reply", "quoted"),
    [
        ({"quote": "uno"}, {"text": "uno", "position": 3}),
        ({"quote": "uno", "quote_position": 9}, {"text": "uno", "position": 11}),
        (
            {"quote": "<b>dos</b>", "quote_parse_mode": "HTML"},
            {"text": "dos", "position": 7, "entities": [{"type": "bold", "offset": 0, "length": 3}]},
        ),
        (
            {"quote": "o do", "quote_entities": [{"type": "bold", "offset": 2, "length": 2}]},
            {"text": "o do", "position": 5, "entities": [{"type": "bold", "offset": 2, "length": 2}]},
        ),
    ],
)
async def test_quotes_are_found_with_their_format(
    people: httpx.AsyncClient, started: int, reply: JSON, quoted: JSON
) -> None:
    reply = {"message_id": await sent_bold(people)} | reply
    answer = await call(people, "sendMessage", chat_id=LUCIA, text="sí", reply_parameters=reply)
    assert answer["quote"] == quoted | {"is_manual": True}


@pytest.mark.parametrize(
    "reply", [{"quote": "tres"}, {"quote": "dos"}, {"quote": "*uno*", "quote_parse_mode": "Markdown"}]
)
async def test_what_is_not_there_cannot_be_quoted(people: httpx.AsyncClient, started: int, reply: JSON) -> None:
    reply = {"message_id": await sent_bold(people)} | reply
    said = await refused(people, "sendMessage", chat_id=LUCIA, text="sí", reply_parameters=reply)
    assert said == "Bad Request: QUOTE_TEXT_INVALID"


async def test_long_quotes_are_refused(people: httpx.AsyncClient, started: int) -> None:
    sent = await call(people, "sendMessage", chat_id=LUCIA, text="a" * 1025)
    for size, fits in ((1024, True), (1025, False)):
        reply = {"message_id": sent["message_id"], "quote": "a" * size}
        answer = await people.post(SEND, json={"chat_id": LUCIA, "text": "sí", "reply_parameters": reply})
        assert answer.json()["ok"] is fits


async def test_no_value_breaks_a_reply(people: httpx.AsyncClient, started: int) -> None:
    right = {"message_id": started, "quote": "ola", "quote_parse_mode": "HTML"}
    for name in (*right, "chat_id", "quote_entities", "quote_position", "allow_sending_without_reply"):
        for value in VALUES:
            reply = right | {name: value}
            answer = await people.post(SEND, json={"chat_id": LUCIA, "text": "a", "reply_parameters": reply})
            assert answer.status_code in {200, 400, 403}, (reply, answer.text)


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        ({"quote": "<b>", "quote_parse_mode": "HTML"}, "can't parse entities"),
        ({"quote": "a", "quote_parse_mode": "Pig"}, "unsupported parse_mode"),
        ({"quote": "a", "quote_entities": 5}, "can't parse entities: expected an Array"),
        ({"quote": []}, "can't parse quote: expected a String"),
        ({"message_id": []}, "can't parse message_id: expected a String"),
        ({"chat_id": 999}, "chat not found"),
    ],
)
async def test_broken_reply_parameters_are_refused(
    people: httpx.AsyncClient, started: int, reply: Any, words: str
) -> None:
    reply = {"message_id": started} | reply
    said = await refused(people, "sendMessage", chat_id=LUCIA, text="sí", reply_parameters=reply)
    assert said.startswith(f"Bad Request: {words}")


async def test_a_caption_is_quoted_too(bot: Bot, people: httpx.AsyncClient, started: int) -> None:
    photo = await bot.send_photo(LUCIA, PNG, caption="un pie")
    reply = {"message_id": photo.message_id, "quote": "pie"}
    sent = await call(people, "sendMessage", chat_id=LUCIA, text="sí", reply_parameters=reply)
    assert sent["quote"]["position"] == 3


async def test_messages_of_other_chats_are_shown_by_their_origin(people: httpx.AsyncClient, started: int) -> None:
    reply: JSON = {"message_id": started, "chat_id": LUCIA}
    sent = await call(people, "sendMessage", chat_id=GROUP_ID, text="mirad", reply_parameters=reply)
    origin = sent["external_reply"].pop("origin")
    assert (origin["type"], origin["sender_user"]["id"]) == ("user", LUCIA)
    # Of private chats and small groups nothing more is told.
    assert sent["external_reply"] == {}
    assert sent["quote"] == {"text": "hola", "position": 0}
    assert "reply_to_message" not in sent


async def test_posts_of_channels_are_named(bot: Bot, people: httpx.AsyncClient) -> None:
    post = await bot.send_photo(CHANNEL_ID, PNG, caption="un <b>anuncio</b>", parse_mode="HTML")
    reply = {"message_id": post.message_id, "chat_id": "@tertulia_novedades", "quote": "un "}
    sent = await call(people, "sendMessage", chat_id=GROUP_ID, text="mirad", reply_parameters=reply)
    external = sent["external_reply"]
    assert (external["chat"]["id"], external["message_id"]) == (CHANNEL_ID, post.message_id)
    assert external["photo"][0]["file_id"] == post.photo[0].file_id
    assert external["origin"]["type"] == "channel"
    assert sent["quote"] == {"text": "un ", "position": 0, "is_manual": True}


async def test_the_message_must_be_there(people: httpx.AsyncClient, started: int) -> None:
    reply = {"message_id": 5, "chat_id": LUCIA, "allow_sending_without_reply": True}
    said = await refused(people, "sendMessage", chat_id=GROUP_ID, text="a", reply_parameters=reply)
    assert said == "Bad Request: message to be replied not found"
    sent = await call(people, "sendMessage", chat_id=LUCIA, text="a", reply_parameters=reply)
    assert "reply_to_message" not in sent


async def test_messages_of_other_topics_are_elsewhere(people: httpx.AsyncClient) -> None:
    topic = await ask(people, "POST", f"/api/chats/{FORUM_ID}/topics", **{"from": LUCIA, "name": "Dudas"})
    thread = topic["message_thread_id"]
    reply = {"message_id": await say(people, FORUM_ID, BEN, "en General")}
    where = {"chat_id": FORUM_ID, "text": "a", "reply_parameters": reply}
    inside = await call(people, "sendMessage", **where, message_thread_id=thread)
    assert inside["external_reply"]["message_id"] == reply["message_id"]
    assert (inside["message_thread_id"], "reply_to_message" in inside) == (thread, False)
    assert (await call(people, "sendMessage", **where))["reply_to_message"]["text"] == "en General"


@given(st.text(alphabet="ab🙂", max_size=20), st.text(alphabet="ab🙂", min_size=1, max_size=3), st.integers(0, 50))
def test_the_nearest_place_is_chosen(source: str, text: str, wanted: int) -> None:
    places = [utf16_length(source[:at]) for at in range(len(source)) if source.startswith(text, at)]
    if not places:
        with pytest.raises(ApiError):
            quote({"text": source}, text, [], wanted)
        return
    position = quote({"text": source}, text, [], wanted)["position"]
    assert abs(position - wanted) == min(abs(place - wanted) for place in places)
    assert part(source, {"offset": position, "length": utf16_length(text)}) == text
