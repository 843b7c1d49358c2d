"""Topics of the forum, as the bot and as people make and use them."""

from typing import Any

import httpx
import pytest

from bot.playground.chat import Topic
from bot.playground.world import FORUM_ID, GROUP_ID, World

from .asked import ask, call, events, refused, updates

LUCIA, BEN, THE_BOT = 1001, 1002, 7000
TOPICS = f"/api/chats/{FORUM_ID}/topics"
MESSAGES = f"/api/chats/{FORUM_ID}/messages"


@pytest.fixture
async def thread(people: httpx.AsyncClient) -> int:
    topic = await call(people, "createForumTopic", chat_id=FORUM_ID, name="Capítulo 1", icon_color=16766590)
    return int(topic["message_thread_id"])


async def write(people: httpx.AsyncClient, text: str, **more: Any) -> Any:
    return await ask(people, "POST", MESSAGES, **{"from": BEN, "text": text, **more})


async def test_messages_stay_in_their_topic(people: httpx.AsyncClient, thread: int) -> None:
    said = await write(people, "¿Qué es un token?", thread=thread)
    assert (said["message_thread_id"], said["is_topic_message"]) == (thread, True)
    # As in Telegram, a message that replies to nothing carries what created its topic.
    assert said["reply_to_message"]["forum_topic_created"] == {"name": "Capítulo 1", "icon_color": 16766590}
    answered = await call(
        people, "sendMessage", chat_id=FORUM_ID, text="Un trozo", reply_parameters={"message_id": said["message_id"]}
    )
    assert answered["message_thread_id"] == thread
    assert answered["reply_to_message"]["message_id"] == said["message_id"]
    in_general = await write(people, "a todos")
    assert not {"message_thread_id", "is_topic_message", "reply_to_message"} & in_general.keys()
    created, *heard = (update["message"] for update in await updates(people))
    assert created["from"]["id"] == THE_BOT
    assert heard == [said, in_general]


async def test_drafts_of_work_show_in_their_topic(people: httpx.AsyncClient, thread: int) -> None:
    await call(people, "sendChatAction", chat_id=FORUM_ID, message_thread_id=thread, action="typing")
    assert (await events(people, FORUM_ID, "action"))[-1]["message_thread_id"] == thread


async def test_icons_have_64_characters(people: httpx.AsyncClient, thread: int) -> None:
    icon: dict[str, Any] = {"chat_id": FORUM_ID, "icon_custom_emoji_id": "5" * 64}
    topic = await call(people, "createForumTopic", name="a", **icon)
    assert topic["icon_custom_emoji_id"] == "5" * 64
    icon["icon_custom_emoji_id"] += "5"
    for method, more in (("createForumTopic", {"name": "b"}), ("editForumTopic", {"message_thread_id": thread})):
        assert await refused(people, method, **icon, **more) == "Bad Request: DOCUMENT_INVALID"


async def test_a_topic_is_renamed_closed_and_reopened(people: httpx.AsyncClient, thread: int) -> None:
    topic = {"chat_id": FORUM_ID, "message_thread_id": thread}
    await call(people, "editForumTopic", **topic, name="Capítulo uno")
    assert await refused(people, "editForumTopic", **topic, name="Capítulo uno") == "Bad Request: TOPIC_NOT_MODIFIED"
    await call(people, "closeForumTopic", **topic)
    assert await refused(people, "closeForumTopic", **topic) == "Bad Request: TOPIC_NOT_MODIFIED"
    await ask(people, "POST", MESSAGES, 403, **{"from": BEN, "text": "¿hola?", "thread": thread})
    await ask(people, "POST", MESSAGES, **{"from": LUCIA, "text": "cerrado", "thread": thread})
    await call(people, "sendMessage", **topic, text="administro")
    await call(people, "reopenForumTopic", **topic)
    await write(people, "abierto", thread=thread)
    general, listed = (await events(people, FORUM_ID, "chat"))[-1]["chat"]["topics"]
    assert general["message_thread_id"] == 1
    assert (listed["name"], listed["closed"]) == ("Capítulo uno", False)
    service = [event["message"] for event in await events(people, FORUM_ID, "message")]
    kinds = [name for message in service for name in message if name.startswith("forum_topic")]
    assert kinds == ["forum_topic_created", "forum_topic_edited", "forum_topic_closed", "forum_topic_reopened"]


async def test_a_closed_topic_is_closed_for_a_bot_that_is_no_administrator(
    people: httpx.AsyncClient, thread: int
) -> None:
    topic = {"chat_id": FORUM_ID, "message_thread_id": thread}
    await call(people, "closeForumTopic", **topic)
    path = f"/api/chats/{FORUM_ID}/members/{THE_BOT}"
    await ask(people, "PUT", path, **{"from": LUCIA, "status": "member"})
    assert await refused(people, "sendMessage", **topic, text="hola") == "Bad Request: TOPIC_CLOSED"
    description = await refused(people, "createForumTopic", chat_id=FORUM_ID, name="Dos")
    assert description == "Bad Request: not enough rights to manage topics in the chat"


async def test_a_topic_is_deleted_with_its_messages(people: httpx.AsyncClient, thread: int, world: World) -> None:
    said = await write(people, "dentro", thread=thread)
    outside = await write(people, "fuera")
    await call(people, "deleteForumTopic", chat_id=FORUM_ID, message_thread_id=thread)
    assert said["message_id"] not in world.chats[FORUM_ID].messages
    assert outside["message_id"] in world.chats[FORUM_ID].messages
    description = await refused(people, "sendMessage", chat_id=FORUM_ID, message_thread_id=thread, text="hola")
    assert description == "Bad Request: message thread not found"


async def test_the_general_topic(people: httpx.AsyncClient) -> None:
    await call(people, "editGeneralForumTopic", chat_id=FORUM_ID, name="Plaza")
    await call(people, "closeGeneralForumTopic", chat_id=FORUM_ID)
    await ask(people, "POST", MESSAGES, 403, **{"from": BEN, "text": "hola"})
    await call(people, "hideGeneralForumTopic", chat_id=FORUM_ID)
    await call(people, "reopenGeneralForumTopic", chat_id=FORUM_ID)
    description = await refused(people, "unhideGeneralForumTopic", chat_id=FORUM_ID)
    assert description == "Bad Request: TOPIC_NOT_MODIFIED"
    await write(people, "hola")
    (listed,) = (await events(people, FORUM_ID, "chat"))[-1]["chat"]["topics"]
    assert (listed["message_thread_id"], listed["name"], listed["closed"], listed["hidden"]) == (
        1,
        "Plaza",
        False,
        False,
    )


async def test_general_has_no_thread(people: httpx.AsyncClient) -> None:
    asked = await write(people, "¿empezamos?", thread=1)
    replied = await write(people, "sí", reply_to=asked["message_id"])
    again = await write(people, "vale", reply_to=replied["message_id"])
    assert replied["message_thread_id"] == again["message_thread_id"] == asked["message_id"]
    assert "is_topic_message" not in replied
    for thread in (1, asked["message_id"]):
        description = await refused(people, "sendMessage", chat_id=FORUM_ID, message_thread_id=thread, text="hola")
        assert description == "Bad Request: message thread not found"


async def test_topics_have_an_end(people: httpx.AsyncClient, world: World) -> None:
    topics = world.chats[FORUM_ID].topics
    topics.update({number: Topic(number, "otro", 0) for number in range(2, 201)})
    await ask(people, "POST", TOPICS, 409, **{"from": BEN, "name": "uno más"})
    assert await refused(people, "createForumTopic", chat_id=FORUM_ID, name="uno más") == "Bad Request: too many topics"


async def test_of_what_a_chat_is_like_the_newest_event_is_kept(people: httpx.AsyncClient) -> None:
    for name in ("uno", "dos", "tres"):
        await ask(people, "POST", TOPICS, **{"from": BEN, "name": name})
    (event,) = await events(people, FORUM_ID, "chat")
    assert [topic["name"] for topic in event["chat"]["topics"]] == ["General", "uno", "dos", "tres"]


async def test_people_make_topics(people: httpx.AsyncClient) -> None:
    topic = await ask(people, "POST", TOPICS, **{"from": BEN, "name": "Dudas"})
    path = f"{TOPICS}/{topic['message_thread_id']}"
    await ask(people, "PATCH", path, 403, **{"from": BEN, "closed": True})
    changed = await ask(people, "PATCH", path, **{"from": LUCIA, "closed": True, "name": "Preguntas"})
    assert (changed["name"], changed["closed"]) == ("Preguntas", True)
    created, renamed, closed = (update["message"] for update in await updates(people))
    assert created["forum_topic_created"]["name"] == "Dudas"
    assert renamed["forum_topic_edited"] == {"name": "Preguntas"}
    assert closed["forum_topic_closed"] == {}
    assert await call(people, "getForumTopicIconStickers") == []


@pytest.mark.parametrize(
    ("method", "params", "description"),
    [
        ("createForumTopic", {"name": " "}, "title must be non-empty"),
        ("createForumTopic", {"name": "A", "icon_color": 1}, "invalid icon color specified"),
        ("createForumTopic", {"name": "A", "chat_id": GROUP_ID}, "the chat is not a forum"),
        ("closeForumTopic", {}, "message thread identifier is not specified"),
        ("closeForumTopic", {"message_thread_id": 5}, "TOPIC_ID_INVALID"),
        ("sendMessage", {"text": "a", "message_thread_id": 5}, "message thread not found"),
        ("sendMessage", {"text": "a", "chat_id": GROUP_ID, "message_thread_id": 5}, "message thread not found"),
    ],
)
async def test_what_is_refused_about_topics(
    people: httpx.AsyncClient, method: str, params: dict[str, Any], description: str
) -> None:
    assert await refused(people, method, **{"chat_id": FORUM_ID, **params}) == f"Bad Request: {description}"


@pytest.mark.parametrize(
    ("verb", "path", "body", "status"),
    [
        ("POST", f"/api/chats/{GROUP_ID}/topics", {"from": BEN, "name": "A"}, 400),
        ("POST", TOPICS, {"from": BEN, "name": " "}, 400),
        ("POST", TOPICS, {"from": BEN, "name": "A" * 129}, 400),
        ("PATCH", f"{TOPICS}/5", {"from": LUCIA, "name": "A"}, 404),
        ("POST", MESSAGES, {"from": BEN, "text": "a", "thread": 5}, 400),
        ("POST", MESSAGES, {"from": BEN, "text": "a", "thread": "x"}, 400),
    ],
)
async def test_what_people_are_refused(
    people: httpx.AsyncClient, verb: str, path: str, body: dict[str, Any], status: int
) -> None:
    assert (await ask(people, verb, path, status, **body))["error"]
