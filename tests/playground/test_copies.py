"""Forwarding, copying and deleting messages, one and many."""

from typing import Any

import httpx
import pytest
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    MessageOriginChannel,
    MessageOriginChat,
    MessageOriginUser,
)
from telegram.error import BadRequest

from bot.playground.world import CHANNEL_ID, FORUM_ID, GROUP_ID

from .asked import ask, call, events, refused
from .conftest import say
from .pictures import PNG


async def test_a_forwarded_message_tells_who_wrote_it(bot: Bot, started: int) -> None:
    sent = await bot.forward_message(GROUP_ID, 1001, started)
    origin = sent.forward_origin
    assert isinstance(origin, MessageOriginUser)
    assert (sent.text, origin.sender_user.id, sent.from_user and sent.from_user.id) == ("hola", 1001, 7000)
    again = await bot.forward_message(1001, GROUP_ID, sent.message_id)
    assert again.forward_origin == origin


async def test_channels_and_anonymous_administrators_are_origins(
    bot: Bot, people: httpx.AsyncClient, started: int
) -> None:
    post = await say(people, CHANNEL_ID, 1001, "nuevo")
    from_channel = (await bot.forward_message(1001, CHANNEL_ID, post)).forward_origin
    assert isinstance(from_channel, MessageOriginChannel)
    assert (from_channel.chat.id, from_channel.message_id) == (CHANNEL_ID, post)
    body = {"from": 1003, "text": "hola a todos", "anonymous": True}
    anonymous = await ask(people, "POST", f"/api/chats/{FORUM_ID}/messages", 201, **body)
    from_group = (await bot.forward_message(1001, FORUM_ID, anonymous["message_id"])).forward_origin
    assert isinstance(from_group, MessageOriginChat)
    assert from_group.sender_chat.id == FORUM_ID


async def test_a_copy_is_the_bots_own(bot: Bot, people: httpx.AsyncClient, started: int) -> None:
    photo = await bot.send_photo(1001, PNG, caption="_uno_", parse_mode="MarkdownV2", reply_to_message_id=started)
    plain = await bot.copy_message(GROUP_ID, 1001, photo.message_id)
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("a", callback_data="a")]])
    await bot.copy_message(
        GROUP_ID, 1001, photo.message_id, caption="dos", show_caption_above_media=True, reply_markup=keyboard
    )
    await bot.copy_message(GROUP_ID, 1001, photo.message_id, caption="")
    first, second, third = (event["message"] for event in await events(people, GROUP_ID, "message"))
    assert first["message_id"] == plain.message_id
    assert (first["caption"], first["caption_entities"][0]["type"]) == ("uno", "italic")
    assert not {"forward_origin", "reply_to_message", "reply_markup"} & first.keys()
    assert (second["caption"], second["show_caption_above_media"]) == ("dos", True)
    assert "caption_entities" not in second
    assert second["reply_markup"] == keyboard.to_dict()
    assert "caption" not in third


async def test_copies_go_into_topics_and_answer(bot: Bot, people: httpx.AsyncClient, started: int) -> None:
    topic = await bot.create_forum_topic(FORUM_ID, "Dudas")
    asked = await say(people, FORUM_ID, 1002, "¿?")
    await bot.copy_message(FORUM_ID, 1001, started, message_thread_id=topic.message_thread_id)
    await bot.copy_message(FORUM_ID, 1001, started, reply_to_message_id=asked, protect_content=True)
    in_topic, answer = (event["message"] for event in (await events(people, FORUM_ID, "message"))[-2:])
    assert (in_topic["message_thread_id"], in_topic["is_topic_message"]) == (topic.message_thread_id, True)
    assert (answer["reply_to_message"]["message_id"], answer["has_protected_content"]) == (asked, True)


async def test_what_cannot_go_on(bot: Bot, people: httpx.AsyncClient, started: int) -> None:
    secret = await bot.send_message(1001, "a", protect_content=True)
    topic = await bot.create_forum_topic(FORUM_ID, "Dudas")
    for chat_id, message_id in ((1001, secret.message_id), (FORUM_ID, topic.message_thread_id)):
        with pytest.raises(BadRequest, match="The message can't be forwarded"):
            await bot.forward_message(1001, chat_id, message_id)
        with pytest.raises(BadRequest, match="The message can't be copied"):
            await bot.copy_message(1001, chat_id, message_id)
    left_out = await bot.forward_messages(1001, 1001, sorted([started, secret.message_id]))
    assert len(left_out) == 1


REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("forwardMessage", {"message_id": 1}, 'parameter "from_chat_id" is required'),
    ("forwardMessage", {"from_chat_id": 5, "message_id": 1}, "chat not found"),
    ("forwardMessage", {"from_chat_id": 1001}, "message identifier is not specified"),
    ("forwardMessage", {"from_chat_id": 1001, "message_id": 1}, "message to forward not found"),
    ("copyMessage", {"from_chat_id": 1001, "message_id": 1}, "message to copy not found"),
    ("copyMessages", {"from_chat_id": 1001}, "message identifiers are not specified"),
    ("copyMessages", {"from_chat_id": 1001, "message_ids": []}, "message identifiers are not specified"),
    ("copyMessages", {"from_chat_id": 1001, "message_ids": {}}, "expected an Array of message identifiers"),
    ("copyMessages", {"from_chat_id": 1001, "message_ids": [True]}, "invalid message identifier specified"),
    ("copyMessages", {"from_chat_id": 1001, "message_ids": ["٣"]}, "invalid message identifier specified"),
    ("copyMessages", {"from_chat_id": 1001, "message_ids": [0]}, "invalid message identifier specified"),
    ("copyMessages", {"from_chat_id": 1001, "message_ids": [9, 9]},
     "message identifiers must be in a strictly increasing order"),
    ("forwardMessages", {"from_chat_id": 1001, "message_ids": list(range(1, 102))},
     "too many message identifiers specified"),
    ("forwardMessages", {"from_chat_id": 1001, "message_ids": [1, 2]}, "there are no messages to forward"),
    ("deleteMessages", {"message_ids": list(range(1, 102))}, "too many message identifiers specified"),
    ("deleteMessages", {}, "message identifiers are not specified"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "params", "reason"), REFUSED)
async def test_what_is_refused(
    people: httpx.AsyncClient, started: int, method: str, params: dict[str, Any], reason: str
) -> None:
    assert await refused(people, method, chat_id=1001, **params) == f"Bad Request: {reason}"


async def test_many_go_in_order_and_albums_stay_together(bot: Bot, people: httpx.AsyncClient, started: int) -> None:
    album = await bot.send_media_group(1001, [InputMediaPhoto(PNG, caption="a"), InputMediaPhoto(PNG)])
    alone = await bot.send_media_group(1001, [InputMediaPhoto(PNG), InputMediaPhoto(PNG)])
    ids = [started, *(message.message_id for message in album), alone[0].message_id]
    forwarded = await bot.forward_messages(GROUP_ID, 1001, ids)
    copied = await bot.copy_messages(GROUP_ID, 1001, ids, remove_caption=True)
    shown = [event["message"] for event in await events(people, GROUP_ID, "message")]
    assert [message["message_id"] for message in shown] == [one.message_id for one in (*forwarded, *copied)]
    groups = [message.get("media_group_id") for message in shown]
    assert [group is not None for group in groups] == [False, True, True, False] * 2
    assert len(set(groups) - {None, album[0].media_group_id}) == 2
    assert ["caption" in message for message in shown] == [False, True] + [False] * 6
    assert ["forward_origin" in message for message in shown] == [True] * 4 + [False] * 4


async def test_what_a_group_knew_can_be_read_after_it_moved(people: httpx.AsyncClient, started: int) -> None:
    written = await say(people, GROUP_ID, 1002, "/antes")
    await ask(people, "POST", "/api/migrate", 201, chat_id=GROUP_ID)
    sent = await call(people, "forwardMessage", chat_id=1001, from_chat_id=GROUP_ID, message_id=written)
    assert sent["text"] == "/antes"


async def test_many_are_deleted_and_missing_ones_are_skipped(bot: Bot, people: httpx.AsyncClient, started: int) -> None:
    sent = await bot.send_message(1001, "a")
    assert await bot.delete_messages(1001, [started, 7, sent.message_id, sent.message_id])
    assert [event["message_id"] for event in await events(people, 1001, "delete")] == [started, sent.message_id]


async def test_nothing_is_deleted_if_one_may_not_be(bot: Bot, people: httpx.AsyncClient, started: int) -> None:
    theirs = await say(people, GROUP_ID, 1002, "/hola")
    own = await bot.send_message(GROUP_ID, "a")
    with pytest.raises(BadRequest, match="Message can't be deleted"):
        await bot.delete_messages(GROUP_ID, [own.message_id, theirs])
    assert await events(people, GROUP_ID, "delete") == []
