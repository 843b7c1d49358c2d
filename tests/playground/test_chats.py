"""Groups, channels and who is in them: what people may do, what the bot may do, and what it hears of it."""

from typing import Any

import httpx
import pytest

from bot.playground.world import BOT, CHANNEL_ID, FORUM_ID, GROUP_ID, World

from .asked import ask, call, events, refused, updates
from .conftest import say

LUCIA, BEN, INES, THE_BOT = 1001, 1002, 1003, 7000


async def put(people: httpx.AsyncClient, chat: int, user: int, by: int, status: str, code: int = 0) -> Any:
    return await ask(people, "PUT", f"/api/chats/{chat}/members/{user}", code, **{"from": by, "status": status})


async def test_the_bot_hears_what_it_may(people: httpx.AsyncClient, world: World) -> None:
    for chat in (GROUP_ID, FORUM_ID):
        await say(people, chat, BEN, "para todos")
        await say(people, chat, BEN, "/help")
    assert [update["message"]["chat"]["id"] for update in await updates(people)] == [GROUP_ID, FORUM_ID, FORUM_ID]
    world.privacy_mode = False
    await say(people, GROUP_ID, BEN, "para todos")
    assert len(await updates(people)) == 1


async def test_posts_in_a_channel_are_the_channels(people: httpx.AsyncClient) -> None:
    post = await say(people, CHANNEL_ID, LUCIA, "Empezamos el lunes")
    await ask(
        people, "PATCH", f"/api/chats/{CHANNEL_ID}/messages/{post}", **{"from": INES, "text": "Empezamos el martes"}
    )
    new, edited = await updates(people)
    assert "from" not in new["channel_post"]
    assert new["channel_post"]["sender_chat"]["id"] == CHANNEL_ID
    assert edited["edited_channel_post"]["text"] == "Empezamos el martes"
    own = await call(people, "sendMessage", chat_id="@tertulia_novedades", text="Leído")
    assert "from" not in own
    await call(people, "editMessageText", chat_id=CHANNEL_ID, message_id=own["message_id"], text="Leído ya")
    description = await refused(people, "editMessageText", chat_id=CHANNEL_ID, message_id=post, text="otra cosa")
    assert description == "Bad Request: message can't be edited"
    body = {"from": BEN, "text": "yo también"}
    await ask(people, "POST", f"/api/chats/{CHANNEL_ID}/messages", 403, **body)


async def test_a_person_leaves_and_comes_back(people: httpx.AsyncClient) -> None:
    await updates(people, "message", "chat_member")
    await put(people, FORUM_ID, BEN, BEN, "left")
    await say_refused(people, FORUM_ID, BEN)
    left, service = await updates(people)
    assert left["chat_member"]["old_chat_member"]["status"] == "member"
    assert left["chat_member"]["new_chat_member"] == {"status": "left", "user": left["chat_member"]["from"]}
    assert service["message"]["left_chat_member"]["id"] == BEN
    assert BEN not in (await put(people, FORUM_ID, BEN, INES, "kicked"))["members"]
    await put(people, FORUM_ID, BEN, BEN, "member", 403)
    await put(people, FORUM_ID, BEN, LUCIA, "member")
    kinds = [next(iter(update)) for update in await updates(people)]
    assert kinds == ["chat_member", "chat_member", "message"]
    assert (await events(people, FORUM_ID, "chat"))[-1]["chat"]["members"][-1] == BEN


async def say_refused(people: httpx.AsyncClient, chat: int, person: int) -> None:
    await ask(people, "POST", f"/api/chats/{chat}/messages", 403, **{"from": person, "text": "hola"})


async def test_the_bot_is_removed_and_added(people: httpx.AsyncClient) -> None:
    await put(people, GROUP_ID, THE_BOT, BEN, "left", 403)
    await put(people, GROUP_ID, THE_BOT, INES, "kicked")
    member, service = await updates(people)
    assert member["my_chat_member"]["new_chat_member"]["status"] == "kicked"
    assert service["message"]["left_chat_member"]["id"] == THE_BOT
    await say(people, GROUP_ID, BEN, "/help")
    assert await updates(people) == []
    description = await refused(people, "sendMessage", chat_id=GROUP_ID, text="hola")
    assert description == "Forbidden: bot was kicked from the group chat"
    await put(people, GROUP_ID, THE_BOT, LUCIA, "left")
    description = await refused(people, "getChatMemberCount", chat_id=GROUP_ID)
    assert description == "Forbidden: bot is not a member of the group chat"
    assert (await call(people, "getChat", chat_id=GROUP_ID))["title"] == "Grupo de lectura"
    await put(people, GROUP_ID, THE_BOT, BEN, "member")
    kinds = [next(iter(update)) for update in await updates(people)]
    assert kinds == ["my_chat_member", "my_chat_member", "message"]
    await call(people, "sendMessage", chat_id=GROUP_ID, text="hola otra vez")


async def test_the_bot_leaves(people: httpx.AsyncClient) -> None:
    await call(people, "leaveChat", chat_id=FORUM_ID)
    (update,) = await updates(people)
    assert update["my_chat_member"]["from"]["id"] == THE_BOT
    assert update["my_chat_member"]["new_chat_member"]["status"] == "left"
    description = await refused(people, "sendMessage", chat_id=FORUM_ID, text="hola")
    assert description == "Forbidden: bot is not a member of the supergroup chat"
    description = await refused(people, "leaveChat", chat_id=1001)
    assert description == "Bad Request: chat member status can't be changed in private chats"


async def test_a_person_blocks_the_bot(people: httpx.AsyncClient, started: int) -> None:
    await put(people, LUCIA, THE_BOT, LUCIA, "kicked")
    description = await refused(people, "sendMessage", chat_id=LUCIA, text="hola")
    assert description == "Forbidden: bot was blocked by the user"
    await say_refused(people, LUCIA, LUCIA)
    assert (await call(people, "getChat", chat_id=LUCIA))["first_name"] == "Lucía"
    await put(people, LUCIA, THE_BOT, LUCIA, "member")
    kinds = [next(iter(update)) for update in await updates(people)]
    assert kinds == ["message", "my_chat_member", "my_chat_member"]
    await call(people, "sendMessage", chat_id=LUCIA, text="hola")


async def test_only_administrators_write_for_the_bot_in_channels(people: httpx.AsyncClient) -> None:
    await put(people, CHANNEL_ID, THE_BOT, LUCIA, "member")
    description = await refused(people, "sendMessage", chat_id=CHANNEL_ID, text="hola")
    assert description == "Bad Request: need administrator rights in the channel chat"


async def test_who_runs_a_chat(people: httpx.AsyncClient) -> None:
    found = await call(people, "getChatAdministrators", chat_id=FORUM_ID)
    assert [(one["user"]["id"], one["status"]) for one in found] == [
        (LUCIA, "creator"),
        (INES, "administrator"),
        (THE_BOT, "administrator"),
    ]
    assert [one["user"]["id"] for one in await call(people, "getChatAdministrators", chat_id=GROUP_ID)] == [LUCIA, INES]
    demoted = await put(people, FORUM_ID, INES, LUCIA, "member")
    assert demoted["admins"] == []


async def test_an_administrator_writes_as_the_group(people: httpx.AsyncClient) -> None:
    path = f"/api/chats/{FORUM_ID}/messages"
    message = await ask(people, "POST", path, **{"from": INES, "text": "/help", "anonymous": True})
    assert message["from"]["username"] == "GroupAnonymousBot"
    assert message["sender_chat"]["id"] == FORUM_ID
    assert (await updates(people))[0]["message"] == message
    await ask(people, "POST", path, 403, **{"from": BEN, "text": "/help", "anonymous": True})


async def test_people_change_and_take_back_what_they_wrote(people: httpx.AsyncClient, started: int) -> None:
    path = f"/api/chats/{LUCIA}/messages/{started}"
    edited = await ask(people, "PATCH", path, **{"from": LUCIA, "text": "hola, @tertulia_bot"})
    assert edited["entities"] == [{"type": "mention", "offset": 6, "length": 13}]
    assert [next(iter(update)) for update in await updates(people)] == ["message", "edited_message"]
    await ask(people, "PATCH", path, 400, **{"from": LUCIA, "text": " "})
    assert await ask(people, "PATCH", path, **{"from": LUCIA, "text": "hola, @tertulia_bot"}) == edited
    assert await updates(people) == []
    await ask(people, "DELETE", path, **{"from": LUCIA})
    assert (await events(people, LUCIA))[-1]["message_id"] == started
    await ask(people, "PATCH", path, 404, **{"from": LUCIA, "text": "tarde"})
    assert await updates(people) == []


async def test_nobody_changes_what_others_wrote(people: httpx.AsyncClient) -> None:
    message = await say(people, GROUP_ID, LUCIA, "mío")
    path = f"/api/chats/{GROUP_ID}/messages/{message}"
    await ask(people, "PATCH", path, 403, **{"from": INES, "text": "tuyo"})
    await ask(people, "DELETE", path, 403, **{"from": BEN})
    await ask(people, "DELETE", path, **{"from": INES})


async def test_a_group_becomes_a_supergroup(people: httpx.AsyncClient) -> None:
    new_id = (await ask(people, "POST", "/api/migrate", chat_id=GROUP_ID))["chat_id"]
    leaving, arriving = (update["message"] for update in await updates(people))
    assert (leaving["chat"]["id"], leaving["migrate_to_chat_id"]) == (GROUP_ID, new_id)
    assert (arriving["chat"], arriving["migrate_from_chat_id"]) == (
        {"id": new_id, "type": "supergroup", "title": "Grupo de lectura"},
        GROUP_ID,
    )
    answer = (
        await people.post(
            "/bot7000:playground-token-known-to-everyone/sendMessage", json={"chat_id": GROUP_ID, "text": "a"}
        )
    ).json()
    assert answer == {
        "ok": False,
        "error_code": 400,
        "description": "Bad Request: group chat was upgraded to a supergroup chat",
        "parameters": {"migrate_to_chat_id": new_id},
    }
    assert (await call(people, "getChat", chat_id=GROUP_ID))["id"] == GROUP_ID
    await ask(people, "POST", f"/api/chats/{GROUP_ID}/messages", 409, **{"from": BEN, "text": "¿hola?"})
    old = f"/api/chats/{GROUP_ID}/messages/{leaving['message_id']}"
    await ask(people, "POST", f"{old}/reactions", 409, **{"from": BEN, "emoji": "👍"})
    await ask(people, "POST", f"{old}/taps", 409, **{"from": BEN, "data": "a"})
    await ask(people, "DELETE", old, 409, **{"from": BEN})
    await ask(people, "POST", "/api/migrate", 400, chat_id=GROUP_ID)
    await ask(people, "POST", "/api/migrate", 400, chat_id=CHANNEL_ID)
    assert (await call(people, "sendMessage", chat_id=new_id, text="Seguimos aquí"))["chat"]["id"] == new_id
    joined = await ask(people, "POST", "/api/people", first_name="Ana")
    listed = {chat["id"]: chat for chat in await ask(people, "GET", "/api/chats")}
    assert listed[GROUP_ID]["migrated_to"] == new_id
    assert (joined["id"] in listed[new_id]["members"], joined["id"] in listed[GROUP_ID]["members"]) == (True, False)


async def test_a_thread_of_replies_in_a_supergroup(people: httpx.AsyncClient) -> None:
    new_id = (await ask(people, "POST", "/api/migrate", chat_id=GROUP_ID))["chat_id"]
    first = await say(people, new_id, BEN, "/help")
    second = await say(people, new_id, LUCIA, "/help", reply_to=first)
    await say(people, new_id, BEN, "/help", reply_to=second)
    *_, replied, replied_again = (update["message"] for update in await updates(people))
    assert replied["message_thread_id"] == replied_again["message_thread_id"] == first
    assert "is_topic_message" not in replied


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        (f"/api/chats/{GROUP_ID}/members/5", {"from": LUCIA, "status": "member"}, 404),
        (f"/api/chats/{GROUP_ID}/members/1002", {"from": 5, "status": "member"}, 404),
        (f"/api/chats/{GROUP_ID}/members/1002", {"from": LUCIA, "status": "creator"}, 400),
        (f"/api/chats/{GROUP_ID}/members/1002", {"from": LUCIA, "status": ["left"]}, 400),
        (f"/api/chats/{GROUP_ID}/members/1001", {"from": INES, "status": "left"}, 403),
        (f"/api/chats/{GROUP_ID}/members/1003", {"from": BEN, "status": "left"}, 403),
        ("/api/chats/1001/members/1002", {"from": LUCIA, "status": "member"}, 403),
        ("/api/chats/1001/members/7000", {"from": LUCIA, "status": "administrator"}, 403),
        ("/api/chats/1001/members/7000", {"from": BEN, "status": "kicked"}, 403),
    ],
)
async def test_what_is_refused_about_members(people: httpx.AsyncClient, path: str, body: Any, status: int) -> None:
    await ask(people, "PUT", path, status, **body)


async def test_what_is_known_of_a_channel_after_leaving_it(people: httpx.AsyncClient) -> None:
    for chat in (CHANNEL_ID, FORUM_ID):
        await call(people, "leaveChat", chat_id=chat)
    assert (await call(people, "getChat", chat_id=CHANNEL_ID))["username"] == "tertulia_novedades"
    description = await refused(people, "getChat", chat_id=FORUM_ID)
    assert description == "Forbidden: bot is not a member of the supergroup chat"
    await put(people, CHANNEL_ID, THE_BOT, LUCIA, "kicked")
    description = await refused(people, "getChat", chat_id=CHANNEL_ID)
    assert description == "Forbidden: bot was kicked from the channel chat"


async def test_the_bots_id_is_that_of_its_token(people: httpx.AsyncClient) -> None:
    token = "424242:" + "a" * 35
    me = (await people.post(f"/bot{token}/getMe")).json()["result"]
    assert me["id"] == 424242
    body = {"chat_id": GROUP_ID, "text": "soy yo"}
    said = (await people.post(f"/bot{token}/sendMessage", json=body)).json()["result"]
    assert said["from"]["id"] == 424242
    await say(people, GROUP_ID, BEN, "¿quién?", reply_to=said["message_id"])
    body |= {"message_id": said["message_id"], "text": "sigo siendo yo"}
    assert (await people.post(f"/bot{token}/editMessageText", json=body)).json()["ok"]
    body |= {"user_id": 424242}
    member = (await people.post(f"/bot{token}/getChatMember", json=body)).json()["result"]
    assert (member["status"], member["user"]["id"]) == ("member", 424242)
    await put(people, GROUP_ID, 424242, LUCIA, "kicked")
    found = (await people.post(f"/bot{token}/getUpdates")).json()["result"]
    kinds = [next(name for name in update if name != "update_id") for update in found]
    assert kinds == ["message", "my_chat_member", "message"]
    assert found[1]["my_chat_member"]["new_chat_member"]["user"]["id"] == 424242


async def test_a_token_does_not_make_a_person_of_the_bot(people: httpx.AsyncClient, world: World) -> None:
    await people.post(f"/bot{BEN}:{'a' * 35}/getMe")
    assert world.bot_id == THE_BOT


async def test_the_anonymous_administrator_is_nobody(people: httpx.AsyncClient) -> None:
    found = await call(people, "getChatMember", chat_id=FORUM_ID, user_id=1087968824)
    assert found["status"] == "left"


def test_the_bot_is_one_of_nobody_else(world: World) -> None:
    assert BOT["id"] not in world.people
