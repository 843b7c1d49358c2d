"""The people's side: who there is, what they do, and what they see happen."""

import asyncio
from typing import Any

import httpx
import pytest
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    BotCommandScopeChatAdministrators,
    BotCommandScopeChatMember,
)
from telegram.error import BadRequest

from bot.playground.chat import KEPT_EVENTS, KEPT_MESSAGES, KEPT_PASSING
from bot.playground.world import CHANNEL_ID, FORUM_ID, GROUP_ID, World

from .asked import until
from .conftest import say


async def test_the_world_at_first(people: httpx.AsyncClient) -> None:
    assert (await people.get("/api/people")).json() == [
        {"id": 1001, "first_name": "Lucía", "username": "lucia_lee", "language_code": "es"},
        {"id": 1002, "first_name": "Ben", "username": "ben_reads", "language_code": "en"},
        {"id": 1003, "first_name": "Inés", "username": "ines_lima", "language_code": "es"},
    ]
    chats = {chat["id"]: chat for chat in (await people.get("/api/chats")).json()}
    everyone = [1001, 1002, 1003]
    assert [(chat["id"], chat["type"], chat["title"], chat["bot"]) for chat in chats.values()] == [
        (GROUP_ID, "group", "Grupo de lectura", "member"),
        (FORUM_ID, "supergroup", "Taller de lectura", "administrator"),
        (CHANNEL_ID, "channel", "Tertulia: novedades", "administrator"),
        *((person, "private", "Tertulia", "member") for person in everyone),
    ]
    for chat_id in (GROUP_ID, FORUM_ID, CHANNEL_ID):
        chat = chats[chat_id]
        assert (chat["members"], chat["owner"], chat["admins"]) == (everyone, 1001, [1003])
        assert chat["is_forum"] == (chat_id == FORUM_ID)
    assert chats[CHANNEL_ID]["username"] == "tertulia_novedades"
    assert [chats[person]["members"] for person in everyone] == [[1001], [1002], [1003]]


async def test_people_join_and_change_their_language(people: httpx.AsyncClient, bot: Bot) -> None:
    joined = await people.post("/api/people", json={"first_name": " Ana ", "username": "ana_m", "language_code": "es"})
    assert joined.status_code == 201
    person = joined.json()
    assert person == {"id": 1004, "first_name": "Ana", "username": "ana_m", "language_code": "es"}
    changed = await people.patch("/api/people/1004", json={"language_code": "pt-br"})
    assert changed.json() == person | {"language_code": "pt-br"}
    await say(people, 1004, 1004, "olá")
    await say(people, GROUP_ID, 1004, "/help")
    private, group = (update.message for update in await bot.get_updates())
    assert private is not None
    assert private.from_user is not None
    assert private.from_user.language_code == "pt-br"
    assert group is not None
    assert group.chat.id == GROUP_ID


BAD_REQUESTS: list[tuple[str, str, Any, int]] = [
    ("POST", "/api/people", {}, 400),
    ("POST", "/api/people", {"first_name": "A", "username": "no spaces"}, 400),
    ("POST", "/api/people", {"first_name": "A", "username": "Ben_Reads"}, 409),
    ("POST", "/api/people", {"first_name": "A", "language_code": "español"}, 400),
    ("PATCH", "/api/people/1001", {"language_code": 5}, 400),
    ("PATCH", "/api/people/5", {"language_code": "es"}, 404),
    ("POST", "/api/chats/1001/messages", [1], 400),
    ("POST", "/api/chats/1001/messages", {"from": 1001}, 400),
    ("POST", "/api/chats/1001/messages", {"from": 1001, "text": "  "}, 400),
    ("POST", "/api/chats/1001/messages", {"from": 1001, "text": 5}, 400),
    ("POST", "/api/chats/1001/messages", {"from": 1001, "text": "a" * 4097}, 400),
    ("POST", "/api/chats/1001/messages", {"from": 1002, "text": "a"}, 403),
    ("POST", "/api/chats/1001/messages", {"from": 5, "text": "a"}, 404),
    ("POST", "/api/chats/1001/messages", {"from": True, "text": "a"}, 400),
    ("POST", "/api/chats/1001/messages", {"from": 1001, "text": "a", "reply_to": 1}, 404),
    ("POST", "/api/chats/1001/messages", {"from": 1001, "text": "a", "reply_to": "x"}, 400),
    ("POST", "/api/chats/77/messages", {"from": 1001, "text": "a"}, 404),
    ("POST", "/api/chats/x/messages", {"from": 1001, "text": "a"}, 400),
    ("POST", "/api/chats/1001/messages/1/taps", {"from": 1001, "data": "x"}, 404),
    ("GET", f"/api/chats/{'9' * 5000}/events", None, 400),
    ("GET", "/api/chats/1001/events?after=x", None, 400),
    ("GET", "/api/chats/1001/events?wait=x", None, 400),
    ("GET", "/api/chats/1001/commands", None, 400),
    ("GET", "/api/nothing", None, 404),
]


@pytest.mark.parametrize(("method", "path", "body", "status"), BAD_REQUESTS)
async def test_bad_requests_say_why(people: httpx.AsyncClient, method: str, path: str, body: Any, status: int) -> None:
    answer = await people.request(method, path, json=body)
    assert answer.status_code == status
    assert answer.json()["error"]


async def test_a_poll_for_events_waits(people: httpx.AsyncClient, bot: Bot, world: World) -> None:
    first = await say(people, 1001, 1001, "uno\r\ndos\x07")
    events = (await people.get("/api/chats/1001/events")).json()["events"]
    assert [(event["type"], event["chat_id"]) for event in events] == [("message", 1001)]
    assert (events[0]["message"]["message_id"], events[0]["message"]["text"]) == (first, "uno\ndos")
    waiting = asyncio.create_task(people.get(f"/api/chats/1001/events?after={events[0]['seq']}&wait=30"))
    await until(lambda: world.chats[1001].bell.awaited > 0)
    await bot.send_message(1001, "tres")
    later = (await waiting).json()["events"]
    assert [event["message"]["text"] for event in later] == ["tres"]
    assert later[0]["seq"] > events[0]["seq"]
    assert (await people.get(f"/api/chats/1001/events?after={later[0]['seq']}")).json() == {"events": []}


async def test_command_menus_are_resolved_as_in_telegram(people: httpx.AsyncClient, bot: Bot) -> None:
    async def menu(chat: int, person: int) -> str:
        shown = (await people.get(f"/api/chats/{chat}/commands?from={person}")).json()
        return " ".join(command["description"] for command in shown)

    async def give(description: str, scope: Any = None, language: str | None = None) -> None:
        await bot.set_my_commands([BotCommand("help", description)], scope=scope, language_code=language)

    assert await menu(1001, 1001) == ""
    await give("default")
    await give("default es", language="es")
    assert [await menu(1001, 1001), await menu(1002, 1002)] == ["default es", "default"]
    await give("private", BotCommandScopeAllPrivateChats())
    assert [await menu(1001, 1001), await menu(GROUP_ID, 1001)] == ["private", "default es"]
    await give("group", BotCommandScopeAllGroupChats())
    await give("group es", BotCommandScopeAllGroupChats(), "es")
    assert [await menu(GROUP_ID, 1001), await menu(GROUP_ID, 1002)] == ["group es", "group"]
    await give("this group", BotCommandScopeChat(GROUP_ID))
    await give("admins", BotCommandScopeChatAdministrators(GROUP_ID))
    assert [await menu(GROUP_ID, 1001), await menu(GROUP_ID, 1002)] == ["admins", "this group"]
    await give("only Ben", BotCommandScopeChatMember(GROUP_ID, 1002))
    assert await menu(GROUP_ID, 1002) == "only Ben"
    await bot.delete_my_commands(scope=BotCommandScopeChatMember(GROUP_ID, 1002))
    assert await menu(GROUP_ID, 1002) == "this group"


@pytest.mark.parametrize(
    ("commands", "language", "words"),
    [
        ([("Bad Name", "x")], None, "BOT_COMMAND_INVALID"),
        ([("help", "x" * 257)], None, "BOT_COMMAND_DESCRIPTION_INVALID"),
        ([("help", " ")], None, "BOT_COMMAND_DESCRIPTION_INVALID"),
        ([(f"c{n}", "x") for n in range(101)], None, "BOT_COMMANDS_TOO_MUCH"),
        ([("help", "x")], "spanish", "BOT_COMMAND_LANGCODE_INVALID"),
    ],
)
async def test_limits_of_command_menus(bot: Bot, commands: Any, language: str | None, words: str) -> None:
    with pytest.raises(BadRequest, match=f"(?i){words}"):
        await bot.set_my_commands(commands, language_code=language)


async def test_memory_is_bounded(people: httpx.AsyncClient, bot: Bot, world: World) -> None:
    await say(people, 1001, 1001, "hola")
    chat = world.chats[1001]
    for _ in range(KEPT_MESSAGES + 10):
        world.post(chat, world.people[1001].user(), {"text": "a"})
    for _ in range(KEPT_PASSING + 10):
        await bot.send_chat_action(1001, "typing")
    kinds = [event.type for event in chat.events_after(0)]
    assert (len(chat.messages), kinds.count("message"), kinds.count("action")) == (
        KEPT_MESSAGES,
        KEPT_EVENTS,
        KEPT_PASSING,
    )


@pytest.mark.parametrize(
    ("headers", "path", "status"),
    [
        ({"Origin": "http://127.0.0.1"}, "/api/chats", 200),
        ({"Origin": "http://127.0.0.1:9"}, "/api/chats", 403),
        ({"Origin": "https://evil.example"}, "/api/chats", 403),
        ({"Origin": "null"}, "/api/chats", 403),
        ({"Sec-Fetch-Site": "same-origin"}, "/api/chats", 200),
        ({"Sec-Fetch-Site": "cross-site"}, "/api/chats", 403),
        ({"Sec-Fetch-Site": "same-site"}, "/api/events", 403),
        ({"Sec-Fetch-Site": "cross-site"}, "/", 200),
        ({"Host": "evil.example"}, "/api/chats", 400),
        ({"Host": "localhost:8080"}, "/api/chats", 200),
    ],
)
async def test_other_websites_are_kept_out(
    people: httpx.AsyncClient, headers: dict[str, str], path: str, status: int
) -> None:
    answer = await people.get(path, headers=headers)
    assert answer.status_code == status
    if status != 400:
        assert "default-src 'self'" in answer.headers["content-security-policy"]


async def test_the_page_is_served(people: httpx.AsyncClient) -> None:
    page = await people.get("/")
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert (await people.get("/page/../app.py")).status_code == 404


def test_all_chats_together_keep_no_more_than_twenty_thousand(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.playground.world.KEPT_IN_ALL", 50)
    for number in range(200):
        world.post(world.chats[1001 + number % 3], world.me, {"text": str(number)})
    kept = [message["text"] for chat in world.chats.values() for message in chat.messages.values()]
    assert sorted(map(int, kept)) == list(range(150, 200))
    assert sum(len(chat.events) for chat in world.chats.values()) == 50
