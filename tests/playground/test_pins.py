"""Pinned messages."""

import httpx
import pytest
from telegram import Bot
from telegram.error import BadRequest

from bot.playground.world import CHANNEL_ID, FORUM_ID, GROUP_ID

from .asked import ask, events, refused, updates
from .conftest import say


async def pinned(people: httpx.AsyncClient, chat_id: int) -> list[int]:
    chats = await ask(people, "GET", "/api/chats")
    found: list[int] = next(chat["pinned"] for chat in chats if chat["id"] == chat_id)
    return found


async def test_a_pin_shows_to_people_and_to_the_bot(bot: Bot, people: httpx.AsyncClient, started: int) -> None:
    reply = await say(people, 1001, 1001, "y esto", reply_to=started)
    await updates(people)
    assert await bot.pin_chat_message(1001, reply)
    (notice,) = await updates(people)
    assert notice["message"]["from"]["id"] == 7000
    assert notice["message"]["pinned_message"]["message_id"] == reply
    assert "reply_to_message" not in notice["message"]["pinned_message"]
    assert await pinned(people, 1001) == [reply]
    assert (await events(people, 1001, "chat"))[-1]["chat"]["pinned"] == [reply]
    about = await bot.get_chat(1001)
    assert about.pinned_message is not None
    assert about.pinned_message.message_id == reply


async def test_pinning_twice_says_nothing_new(bot: Bot, people: httpx.AsyncClient, started: int) -> None:
    await bot.pin_chat_message(1001, started)
    before = len(await events(people, 1001))
    assert await bot.pin_chat_message(1001, started)
    assert len(await events(people, 1001)) == before


async def test_unpinning_takes_the_newest_unless_told(bot: Bot, people: httpx.AsyncClient, started: int) -> None:
    first, second, third = [await say(people, 1001, 1001, text) for text in ("a", "b", "c")]
    for message in (third, first, second):
        await bot.pin_chat_message(1001, message)
    assert await pinned(people, 1001) == [third, first, second]
    await bot.unpin_chat_message(1001)
    assert await pinned(people, 1001) == [first, second]
    await bot.unpin_chat_message(1001, first)
    assert await bot.unpin_chat_message(1001, started)
    assert await pinned(people, 1001) == [second]
    await bot.unpin_all_chat_messages(1001)
    assert await pinned(people, 1001) == []
    with pytest.raises(BadRequest, match="Message to unpin not found"):
        await bot.unpin_chat_message(1001)


async def test_a_deleted_message_is_not_pinned(bot: Bot, people: httpx.AsyncClient, started: int) -> None:
    await bot.pin_chat_message(1001, started)
    await bot.delete_message(1001, started)
    assert await pinned(people, 1001) == []


async def test_topics_and_channels_have_pins(bot: Bot, people: httpx.AsyncClient) -> None:
    topic = await bot.create_forum_topic(FORUM_ID, "Dudas")
    inside = await bot.send_message(FORUM_ID, "a", message_thread_id=topic.message_thread_id)
    await inside.pin()
    notice = (await events(people, FORUM_ID, "message"))[-1]["message"]
    assert (notice["message_thread_id"], notice["is_topic_message"]) == (topic.message_thread_id, True)
    post = await bot.send_message(CHANNEL_ID, "b")
    await updates(people)
    await post.pin()
    (told,) = await updates(people)
    assert told["channel_post"]["pinned_message"]["message_id"] == post.message_id
    assert await pinned(people, CHANNEL_ID) == [post.message_id]


@pytest.mark.parametrize("method", ["pinChatMessage", "unpinChatMessage", "unpinAllChatMessages"])
async def test_members_may_not_pin(people: httpx.AsyncClient, method: str) -> None:
    written = await say(people, GROUP_ID, 1002, "/hola")
    assert await refused(people, method, chat_id=GROUP_ID, message_id=written) == (
        "Bad Request: not enough rights to manage pinned messages in the chat"
    )


async def test_what_cannot_be_pinned(bot: Bot, people: httpx.AsyncClient, started: int) -> None:
    topic = await bot.create_forum_topic(FORUM_ID, "Dudas")
    where = {"chat_id": FORUM_ID}
    service = await refused(people, "pinChatMessage", **where, message_id=topic.message_thread_id)
    assert service == "Bad Request: message can't be pinned"
    missing = await refused(people, "pinChatMessage", **where, message_id=5)
    assert missing == "Bad Request: message to pin not found"
    assert await refused(people, "unpinChatMessage", **where, message_id=5) == "Bad Request: message to unpin not found"
    assert await refused(people, "pinChatMessage", **where) == "Bad Request: message identifier is not specified"
