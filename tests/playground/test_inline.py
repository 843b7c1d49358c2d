"""Inline mode: queries, results, what is sent by way of the bot, and changing it later."""

from typing import Any

import httpx
import pytest
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InlineQueryResultCachedDocument,
    InlineQueryResultCachedPhoto,
    InlineQueryResultContact,
    InlineQueryResultsButton,
    InlineQueryResultVenue,
    InputMediaPhoto,
    InputTextMessageContent,
)
from telegram.error import BadRequest

from bot.playground.chat import KEPT_EVENTS
from bot.playground.rules.inline import inline_message_id
from bot.playground.world import CHANNEL_ID, FORUM_ID, GROUP_ID, KEPT_INLINE_QUERIES, World

from .asked import JSON, ask, call, events, refused, updates
from .pictures import PNG

LUCIA, BEN = 1001, 1002
BUTTONS = InlineKeyboardMarkup([[InlineKeyboardButton("Otra", callback_data="more")]])
TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"


def article(result_id: str = "1", text: str = "Un *trozo* de texto", **more: Any) -> InlineQueryResultArticle:
    return InlineQueryResultArticle(result_id, "Token", InputTextMessageContent(text, parse_mode="MarkdownV2"), **more)


async def query(people: httpx.AsyncClient, chat: int = GROUP_ID, text: str = "token", person: int = BEN) -> str:
    asked = await ask(people, "POST", "/api/inline", **{"from": person, "chat_id": chat, "query": text})
    return str(asked["inline_query_id"])


async def choose(
    people: httpx.AsyncClient, query_id: str, result: str = "1", status: int = 0, *, person: int = BEN, thread: int = 0
) -> Any:
    body = {"from": person, "result_id": result} | ({"thread": thread} if thread else {})
    return await ask(people, "POST", f"/api/inline/{query_id}/choose", status, **body)


async def sent_with_buttons(people: httpx.AsyncClient, bot: Bot) -> tuple[JSON, str]:
    """Let Ben send a result with buttons into the group; return his message and its inline_message_id."""
    asked = await query(people)
    await bot.answer_inline_query(asked, [article(reply_markup=BUTTONS)])
    message = await choose(people, asked)
    (chosen,) = [one for one in await updates(people) if "chosen_inline_result" in one]
    return message, chosen["chosen_inline_result"]["inline_message_id"]


async def test_a_query_reaches_the_bot(people: httpx.AsyncClient) -> None:
    for chat, kind in ((GROUP_ID, "group"), (BEN, "sender"), (FORUM_ID, "supergroup")):
        asked = await query(people, chat, "¿qué?")
        (update,) = await updates(people)
        told = update["inline_query"]
        assert (told["id"], told["from"]["id"], told["query"], told["offset"]) == (asked, BEN, "¿qué?", "")
        assert told["chat_type"] == kind


async def test_results_are_shown_and_one_is_sent(people: httpx.AsyncClient, bot: Bot) -> None:
    asked = await query(people)
    button = InlineQueryResultsButton("Ajustes", start_parameter="settings")
    results = [article(description="en corto"), article("2", "otro")]
    assert await bot.answer_inline_query(asked, results, next_offset="2", button=button)
    (shown,) = await events(people, GROUP_ID, "inline_answer")
    expected = {"inline_query_id": asked, "from": BEN, "next_offset": "2", "button": button.to_dict()}
    assert expected.items() <= shown.items()
    listed = {"id": "1", "type": "article", "title": "Token", "description": "en corto", "text": "Un trozo de texto"}
    assert shown["results"][0] == listed
    message = await choose(people, asked)
    assert (message["from"]["id"], message["via_bot"]["username"], message["text"]) == (
        BEN,
        "tertulia_bot",
        "Un trozo de texto",
    )
    assert message["entities"] == [{"type": "bold", "offset": 3, "length": 5}]
    told = await updates(people)
    assert [next(iter(update)) for update in told] == ["inline_query", "message", "chosen_inline_result"]
    assert told[1]["message"] == message
    chosen = told[2]["chosen_inline_result"]
    # Without buttons the bot gets no name for the message.
    assert (chosen["result_id"], chosen["query"], "inline_message_id" in chosen) == ("1", "token", False)


async def test_more_results_are_asked_for_by_their_offset(people: httpx.AsyncClient) -> None:
    body = {"from": BEN, "chat_id": GROUP_ID, "query": "", "offset": "20"}
    await ask(people, "POST", "/api/inline", **body)
    (update,) = await updates(people)
    assert (update["inline_query"]["query"], update["inline_query"]["offset"]) == ("", "20")


async def test_a_message_with_buttons_can_be_changed_later(people: httpx.AsyncClient, bot: Bot) -> None:
    message, name = await sent_with_buttons(people, bot)
    assert await bot.edit_message_text("Dos", inline_message_id=name, reply_markup=BUTTONS) is True
    edited = (await events(people, GROUP_ID, "edit"))[-1]["message"]
    assert (edited["message_id"], edited["text"], edited["from"]["id"]) == (message["message_id"], "Dos", BEN)
    with pytest.raises(BadRequest, match="not modified"):
        await bot.edit_message_text("Dos", inline_message_id=name, reply_markup=BUTTONS)
    assert await bot.edit_message_reply_markup(inline_message_id=name) is True
    assert "reply_markup" not in (await events(people, GROUP_ID, "edit"))[-1]["message"]
    with pytest.raises(BadRequest, match=r"(?i)message can't be edited"):
        await bot.edit_message_text("Tres", GROUP_ID, message["message_id"])


async def test_taps_name_the_message_and_do_not_show_it(people: httpx.AsyncClient, bot: Bot) -> None:
    message, name = await sent_with_buttons(people, bot)
    taps = f"/api/chats/{GROUP_ID}/messages/{message['message_id']}/taps"
    tapped = await ask(people, "POST", taps, **{"from": LUCIA, "data": "more"})
    (update,) = await updates(people)
    told = update["callback_query"]
    assert (told["inline_message_id"], told["data"], "message" in told) == (name, "more", False)
    assert await bot.answer_callback_query(tapped["callback_query_id"], "ok")


@pytest.mark.parametrize("name", ["x", "ñ", "AAAA", inline_message_id(GROUP_ID, 1), inline_message_id(5, 1)])
async def test_unknown_inline_messages_are_refused(people: httpx.AsyncClient, name: str) -> None:
    said = await refused(people, "editMessageText", text="a", inline_message_id=name)
    assert said == "Bad Request: MESSAGE_ID_INVALID"
    said = await refused(people, "editMessageText", text="a")
    assert said == "Bad Request: message identifier is not specified"


async def test_other_messages_have_no_inline_name(people: httpx.AsyncClient, bot: Bot) -> None:
    sent = await call(people, "sendMessage", chat_id=CHANNEL_ID, text="a")
    name = inline_message_id(CHANNEL_ID, sent["message_id"])
    said = await refused(people, "editMessageText", text="b", inline_message_id=name)
    assert said == "Bad Request: MESSAGE_ID_INVALID"


async def test_files_places_and_people_can_be_results(people: httpx.AsyncClient, bot: Bot, started: int) -> None:
    photo = (await bot.send_photo(LUCIA, PNG)).photo[0].file_id
    document = await bot.send_document(LUCIA, b"hola", filename="a.txt")
    assert document.document
    asked = await query(people)
    results = [
        InlineQueryResultCachedPhoto("p", photo, caption="<b>una</b>", parse_mode="HTML", reply_markup=BUTTONS),
        InlineQueryResultCachedDocument("d", "Documento", document.document.file_id),
        InlineQueryResultVenue("v", 40.4, -3.7, "Biblioteca", "Calle Mayor 1"),
        InlineQueryResultContact("c", "+34600", "Ana"),
    ]
    await bot.answer_inline_query(asked, results)
    sent = [await choose(people, asked, result.id) for result in results]
    assert [sent[0]["photo"][0]["file_id"], sent[0]["caption"]] == [photo, "una"]
    assert sent[1]["document"]["file_name"] == "a.txt"
    assert sent[2]["venue"]["title"] == "Biblioteca"
    assert sent[3]["contact"]["first_name"] == "Ana"
    name = inline_message_id(GROUP_ID, sent[0]["message_id"])
    assert await bot.edit_message_caption(inline_message_id=name, caption="dos") is True


async def test_new_files_do_not_go_into_inline_messages(people: httpx.AsyncClient, bot: Bot, started: int) -> None:
    photo = (await bot.send_photo(LUCIA, PNG)).photo[0].file_id
    asked = await query(people)
    await bot.answer_inline_query(asked, [InlineQueryResultCachedPhoto("1", photo, reply_markup=BUTTONS)])
    name = inline_message_id(GROUP_ID, (await choose(people, asked))["message_id"])
    media: JSON = {"type": "photo", "media": photo, "caption": "dos"}
    assert await call(people, "editMessageMedia", inline_message_id=name, media=media) is True
    with pytest.raises(BadRequest, match=r"(?i)invalid message content specified"):
        await bot.edit_message_media(InputMediaPhoto(PNG), inline_message_id=name)


async def test_results_go_into_topics_and_channels(people: httpx.AsyncClient, bot: Bot) -> None:
    topic = await ask(people, "POST", f"/api/chats/{FORUM_ID}/topics", **{"from": LUCIA, "name": "Dudas"})
    asked = await query(people, FORUM_ID)
    await bot.answer_inline_query(asked, [article()])
    message = await choose(people, asked, thread=topic["message_thread_id"])
    assert message["message_thread_id"] == topic["message_thread_id"]
    asked = await query(people, CHANNEL_ID, person=LUCIA)
    await bot.answer_inline_query(asked, [article()])
    post = await choose(people, asked, person=LUCIA)
    assert ("from" in post, post["sender_chat"]["id"]) == (False, CHANNEL_ID)


async def test_only_who_asked_chooses(people: httpx.AsyncClient, bot: Bot) -> None:
    asked = await query(people)
    await choose(people, asked, status=404)
    await bot.answer_inline_query(asked, [article()])
    await choose(people, asked, status=403, person=LUCIA)
    await choose(people, asked, "2", status=404)
    await choose(people, "5", status=404)
    body = {"from": BEN, "chat_id": CHANNEL_ID, "query": ""}
    await ask(people, "POST", "/api/inline", 403, **body)


@pytest.mark.parametrize("body", [{"query": 5}, {"query": "a" * 257}, {"offset": "ñ" * 33}, {"chat_id": "x"}])
async def test_broken_questions_are_refused(people: httpx.AsyncClient, body: JSON) -> None:
    await ask(people, "POST", "/api/inline", 400, **({"from": BEN, "chat_id": GROUP_ID, "query": ""} | body))


async def test_a_query_is_answered_once(people: httpx.AsyncClient, bot: Bot) -> None:
    asked = await query(people)
    assert await bot.answer_inline_query(asked, [])
    for query_id in (asked, "1", ""):
        assert await refused(people, "answerInlineQuery", inline_query_id=query_id, results=[]) == TOO_OLD


async def test_old_queries_are_forgotten(people: httpx.AsyncClient, world: World) -> None:
    first = await query(people)
    for _ in range(KEPT_INLINE_QUERIES):
        await query(people)
    assert len(world.inline_queries) == KEPT_INLINE_QUERIES
    assert await refused(people, "answerInlineQuery", inline_query_id=first, results=[]) == TOO_OLD


async def test_answers_do_not_push_messages_out(people: httpx.AsyncClient, bot: Bot, world: World) -> None:
    await call(people, "sendMessage", chat_id=CHANNEL_ID, text="a")
    kept = len(world.chats[CHANNEL_ID].events)
    await bot.answer_inline_query(await query(people, CHANNEL_ID, person=LUCIA), [article()])
    assert len(world.chats[CHANNEL_ID].events) == kept < KEPT_EVENTS


async def test_old_bots_are_understood(people: httpx.AsyncClient) -> None:
    asked = await query(people)
    old = {"type": "article", "id": "1", "title": "a", "message_text": "b"}
    button = {"switch_pm_text": "Ajustes", "switch_pm_parameter": "x"}
    await call(people, "answerInlineQuery", inline_query_id=asked, results=[old], **button)
    (shown,) = await events(people, GROUP_ID, "inline_answer")
    assert shown["button"] == {"text": "Ajustes", "start_parameter": "x"}
    assert (await choose(people, asked))["text"] == "b"


async def test_files_on_the_web_are_shown_and_cannot_be_sent(people: httpx.AsyncClient) -> None:
    asked = await query(people)
    result = {"type": "photo", "id": "1", "photo_url": "https://a.org/a.jpg", "thumbnail_url": "https://a.org/b.jpg"}
    await call(people, "answerInlineQuery", inline_query_id=asked, results=[result])
    (shown,) = await events(people, GROUP_ID, "inline_answer")
    assert shown["results"] == [{"id": "1", "type": "photo", "title": "photo", "text": ""}]
    assert "on the web" in (await choose(people, asked, status=409))["error"]


async def test_an_address_may_stand_beside_words(people: httpx.AsyncClient) -> None:
    asked = await query(people)
    linked = {
        "type": "photo",
        "id": "1",
        "photo_url": "https://a.org/a.jpg",
        "input_message_content": {"message_text": "b"},
    }
    await call(people, "answerInlineQuery", inline_query_id=asked, results=[linked])
    assert (await choose(people, asked))["text"] == "b"
