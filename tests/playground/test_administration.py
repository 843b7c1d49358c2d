"""What a bot that runs a chat may do with it, and what it may not."""

from typing import Any

import httpx
import pytest
from telegram import Bot
from telegram.error import BadRequest

from bot.playground.world import CHANNEL_ID, FORUM_ID, GROUP_ID

from .asked import ask, events, refused, updates


async def listed(people: httpx.AsyncClient, chat_id: int) -> dict[str, Any]:
    chats: list[dict[str, Any]] = await ask(people, "GET", "/api/chats")
    return next(chat for chat in chats if chat["id"] == chat_id)


async def test_title_and_description(bot: Bot, people: httpx.AsyncClient) -> None:
    await bot.set_chat_title(FORUM_ID, "  Taller   de verano ")
    await bot.set_chat_description(FORUM_ID, "Los martes")
    chat = await listed(people, FORUM_ID)
    assert (chat["title"], chat["description"]) == ("Taller de verano", "Los martes")
    (told,) = await updates(people)
    assert (told["message"]["new_chat_title"], told["message"]["from"]["id"]) == ("Taller de verano", 7000)
    about = await bot.get_chat(FORUM_ID)
    assert (about.title, about.description) == ("Taller de verano", "Los martes")
    with pytest.raises(BadRequest, match="Chat description is not modified"):
        await bot.set_chat_description(FORUM_ID, "Los martes")


async def test_a_ban_removes_a_person_until_it_is_lifted(bot: Bot, people: httpx.AsyncClient) -> None:
    await updates(people, "message", "chat_member")
    assert await bot.ban_chat_member(FORUM_ID, 1002)
    change, notice = await updates(people)
    assert change["chat_member"]["from"]["id"] == 7000
    assert change["chat_member"]["new_chat_member"]["status"] == "kicked"
    assert notice["message"]["left_chat_member"]["id"] == 1002
    assert 1002 not in (await listed(people, FORUM_ID))["members"]
    back = f"/api/chats/{FORUM_ID}/members/1002"
    await ask(people, "PUT", back, 403, **{"from": 1002, "status": "member"})
    assert await bot.unban_chat_member(FORUM_ID, 1002)
    await ask(people, "PUT", back, **{"from": 1002, "status": "member"})


async def test_unbanning_removes_members_unless_told(bot: Bot, people: httpx.AsyncClient) -> None:
    await bot.unban_chat_member(FORUM_ID, 1002, only_if_banned=True)
    assert 1002 in (await listed(people, FORUM_ID))["members"]
    await bot.unban_chat_member(FORUM_ID, 1002)
    assert 1002 not in (await listed(people, FORUM_ID))["members"]
    assert (await bot.get_chat_member(FORUM_ID, 1002)).status == "left"


async def test_members_are_promoted_and_demoted(bot: Bot, people: httpx.AsyncClient) -> None:
    await bot.promote_chat_member(CHANNEL_ID, 1002, can_post_messages=True)
    assert 1002 in (await listed(people, CHANNEL_ID))["admins"]
    await bot.promote_chat_member(CHANNEL_ID, 1002)
    assert 1002 not in (await listed(people, CHANNEL_ID))["admins"]
    assert await events(people, CHANNEL_ID, "message") == []


async def test_the_link_stays_the_same(bot: Bot) -> None:
    link = await bot.export_chat_invite_link(FORUM_ID)
    assert link.startswith("https://t.me/+")
    assert await bot.export_chat_invite_link(FORUM_ID) == link
    assert await bot.export_chat_invite_link(CHANNEL_ID) != link


RESTRICT = "not enough rights to restrict/unrestrict chat member"
SHARED_ONLY = "method is available for supergroup and channel chats only"
REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("setChatTitle", {"chat_id": 1001, "title": "a"}, "can't change private chat title"),
    ("setChatTitle", {"chat_id": GROUP_ID, "title": "a"}, "not enough rights to change chat title"),
    ("setChatTitle", {"chat_id": FORUM_ID, "title": " "}, "title must be non-empty"),
    ("setChatTitle", {"chat_id": FORUM_ID, "title": "Taller de lectura"}, "chat title is not modified"),
    ("setChatDescription", {"chat_id": GROUP_ID}, "not enough rights to set chat description"),
    ("banChatMember", {"chat_id": GROUP_ID, "user_id": 1002}, RESTRICT),
    ("banChatMember", {"chat_id": FORUM_ID}, "invalid user_id specified"),
    ("banChatMember", {"chat_id": FORUM_ID, "user_id": 5}, "user not found"),
    ("banChatMember", {"chat_id": FORUM_ID, "user_id": 7000}, "can't restrict self"),
    ("banChatMember", {"chat_id": FORUM_ID, "user_id": 1001}, "can't remove chat owner"),
    ("banChatMember", {"chat_id": FORUM_ID, "user_id": 1003}, "user is an administrator of the chat"),
    ("unbanChatMember", {"chat_id": FORUM_ID, "user_id": 1003}, "user is an administrator of the chat"),
    ("promoteChatMember", {"chat_id": FORUM_ID, "user_id": 1001}, "can't remove chat owner"),
    ("exportChatInviteLink", {"chat_id": GROUP_ID}, "not enough rights to manage chat invite link"),
]


@pytest.mark.parametrize(("method", "params", "reason"), REFUSED)
async def test_what_is_refused(people: httpx.AsyncClient, method: str, params: dict[str, Any], reason: str) -> None:
    assert await refused(people, method, **params) == f"Bad Request: {reason}"


@pytest.mark.parametrize("method", ["unbanChatMember", "promoteChatMember"])
async def test_groups_know_no_bans(people: httpx.AsyncClient, method: str) -> None:
    promote = {"from": 1001, "status": "administrator"}
    await ask(people, "PUT", f"/api/chats/{GROUP_ID}/members/7000", **promote)
    assert await refused(people, method, chat_id=GROUP_ID, user_id=1002) == f"Bad Request: {SHARED_ONLY}"


async def test_strangers_are_not_promoted(bot: Bot, people: httpx.AsyncClient) -> None:
    await bot.unban_chat_member(FORUM_ID, 1002)
    asked = await refused(people, "promoteChatMember", chat_id=FORUM_ID, user_id=1002, can_invite_users=True)
    assert asked == "Bad Request: USER_NOT_PARTICIPANT"
