"""What people send other than words, and how the page plays it."""

from typing import Any

import httpx
import pytest
from telegram import Bot, MessageOriginChannel, MessageOriginUser, Update

from bot.playground.world import CHANNEL_ID, FORUM_ID, GROUP_ID

from .asked import ask, call, updates
from .conftest import say
from .pictures import PNG
from .sounds import MP3, MP4, OGG, WEBM

Files = dict[str, tuple[str, bytes] | tuple[str, bytes, str]]


async def send(
    people: httpx.AsyncClient, files: Files, shown: str, status: int = 201, text: str = ""
) -> dict[str, Any]:
    data = {"from": "1001", "as": shown, "text": text}
    answer = await people.post("/api/chats/1001/messages", data=data, files=files)
    assert answer.status_code == status, answer.text
    message: dict[str, Any] = answer.json()
    return message


@pytest.mark.parametrize(
    ("shown", "name", "data", "kind"),
    [
        ("voice", "a.ogg", OGG, "audio/ogg"),
        ("audio", "a.mp3", MP3, "audio/mpeg"),
        ("video", "a.mp4", MP4, "video/mp4"),
        ("animation", "a.webm", WEBM, "video/webm"),
        ("document", "a.png", PNG, "image/png"),
    ],
)
async def test_files_are_sent_as_what_people_say(
    people: httpx.AsyncClient, bot: Bot, shown: str, name: str, data: bytes, kind: str
) -> None:
    message = await send(people, {"file": (name, data)}, shown, text="mira")
    assert (message[shown]["mime_type"], message["caption"]) == (kind, "mira")
    (update,) = await updates(people)
    read = Update.de_json({"update_id": 1} | update, bot).message
    assert read is not None
    assert read[shown] is not None
    path = (await call(people, "getFile", file_id=message[shown]["file_id"]))["file_path"]
    assert "/" in path


async def test_a_voice_message_tells_how_long_it_is(people: httpx.AsyncClient) -> None:
    assert (await send(people, {"file": ("a.ogg", OGG)}, "voice"))["voice"]["duration"] == 2


@pytest.mark.parametrize("kind", ["sticker", "video_note", "x", "[]"])
async def test_kinds_that_people_do_not_send(people: httpx.AsyncClient, kind: str) -> None:
    answer = await send(people, {"file": ("a.ogg", OGG)}, kind, 400)
    assert answer["error"].startswith("as must be one of animation, ")


async def test_a_photo_must_be_a_picture(people: httpx.AsyncClient) -> None:
    answer = await send(people, {"file": ("a.ogg", OGG)}, "photo", 400)
    assert answer == {"error": "this file is no picture that can be shown as a photo"}


async def test_a_place_and_a_contact(people: httpx.AsyncClient) -> None:
    chat = "/api/chats/1001/messages"
    place = await ask(people, "POST", chat, 201, **{"from": 1001, "location": {"latitude": 40.5, "longitude": -3}})
    assert place["location"] == {"latitude": 40.5, "longitude": -3}
    own = {"phone_number": "+34600", "first_name": "Lucía", "last_name": "Lee"}
    shared = await ask(people, "POST", chat, 201, **{"from": 1001, "contact": own})
    assert shared["contact"] == own | {"user_id": 1001}
    other = {"phone_number": "+34601", "first_name": "Ana"}
    assert (await ask(people, "POST", chat, 201, **{"from": 1001, "contact": other}))["contact"] == other
    told = [update["message"] for update in await updates(people)]
    assert ["location" in message for message in told] == [True, False, False]


async def test_a_person_forwards_what_they_see(people: httpx.AsyncClient, bot: Bot, started: int) -> None:
    post = await say(people, CHANNEL_ID, 1001, "nuevo")
    sent = await call(people, "sendMessage", chat_id=1001, text="una *lista*", parse_mode="MarkdownV2")
    await updates(people)
    for chat_id, message_id in ((CHANNEL_ID, post), (1001, sent["message_id"])):
        forward = {"chat_id": chat_id, "message_id": message_id}
        await ask(people, "POST", "/api/chats/1001/messages", 201, **{"from": 1001, "forward": forward})
    from_channel, from_bot = (
        Update.de_json({"update_id": 1} | update, bot).message for update in await updates(people)
    )
    assert from_channel is not None
    assert isinstance(from_channel.forward_origin, MessageOriginChannel)
    assert from_channel.forward_origin.message_id == post
    assert from_bot is not None
    assert isinstance(from_bot.forward_origin, MessageOriginUser)
    assert (from_bot.forward_origin.sender_user.id, from_bot.text) == (7000, "una lista")
    assert from_bot.entities[0].type == "bold"


async def test_in_a_group_the_bot_does_not_hear_of_forwards(people: httpx.AsyncClient, started: int) -> None:
    await updates(people)
    forward = {"chat_id": 1001, "message_id": started}
    await ask(people, "POST", f"/api/chats/{GROUP_ID}/messages", 201, **{"from": 1001, "forward": forward})
    assert await updates(people) == []


WRONG: list[tuple[dict[str, Any], int]] = [
    ({"location": "Madrid"}, 400),
    ({"location": {"latitude": 91, "longitude": 0}}, 400),
    ({"location": {"latitude": True, "longitude": 0}}, 400),
    ({"location": {"latitude": 1}}, 400),
    ({"contact": []}, 400),
    ({"contact": {"phone_number": "1"}}, 400),
    ({"contact": {"phone_number": 1, "first_name": "A"}}, 400),
    ({"contact": {"phone_number": "1", "first_name": "A", "last_name": ["B"]}}, 400),
    ({"contact": {"phone_number": "1" * 33, "first_name": "A"}}, 400),
    ({"forward": 5}, 400),
    ({"forward": {"chat_id": 77, "message_id": 1}}, 404),
    ({"forward": {"chat_id": 1001, "message_id": 1}}, 404),
    ({"forward": {"chat_id": 1001, "message_id": "x"}}, 400),
    ({"forward": {"chat_id": 1002, "message_id": 1}}, 403),
]


@pytest.mark.parametrize(("body", "status"), WRONG)
async def test_wrong_requests(people: httpx.AsyncClient, body: dict[str, Any], status: int) -> None:
    answer = await ask(people, "POST", "/api/chats/1001/messages", status, **{"from": 1001}, **body)
    assert "error" in answer


async def test_what_is_protected_is_not_forwarded(people: httpx.AsyncClient, bot: Bot, started: int) -> None:
    topic = await bot.create_forum_topic(FORUM_ID, "Dudas")
    secret = await bot.send_message(1001, "a", protect_content=True)
    for chat_id, message_id in ((FORUM_ID, topic.message_thread_id), (1001, secret.message_id)):
        body = {"from": 1001, "forward": {"chat_id": chat_id, "message_id": message_id}}
        await ask(people, "POST", "/api/chats/1001/messages", 400, **body)


RANGES = [
    ("bytes=0-3", 206, MP4[:4], "bytes 0-3/20"),
    ("bytes=16-", 206, MP4[16:], "bytes 16-19/20"),
    ("bytes=0-999", 206, MP4, "bytes 0-19/20"),
    ("bytes=-4", 206, MP4[-4:], "bytes 16-19/20"),
    ("bytes=-999", 206, MP4, "bytes 0-19/20"),
    ("bytes=20-", 416, b"", "bytes */20"),
    ("bytes=-0", 416, b"", "bytes */20"),
    ("bytes=0-1,5-6", 200, MP4, None),
    ("bytes=-", 200, MP4, None),
    ("bytes=5-3", 200, MP4, None),
    ("lines=1-2", 200, MP4, None),
    ("", 200, MP4, None),
]


@pytest.mark.parametrize(("wanted", "status", "data", "told"), RANGES)
async def test_players_ask_for_parts(
    people: httpx.AsyncClient, wanted: str, status: int, data: bytes, told: str | None
) -> None:
    message = await send(people, {"file": ("a.mp4", MP4)}, "video")
    headers = {"Range": wanted} if wanted else {}
    answer = await people.get(f"/api/files/{message['video']['file_id']}", headers=headers)
    assert (answer.status_code, answer.content, answer.headers.get("content-range")) == (status, data, told)
    assert answer.headers["accept-ranges"] == "bytes"


@pytest.mark.parametrize(
    ("shown", "data", "kind"),
    [("voice", OGG, "audio/ogg"), ("audio", MP3, "audio/mpeg"), ("document", WEBM, "video/webm")],
)
async def test_what_can_be_played_is_shown(people: httpx.AsyncClient, shown: str, data: bytes, kind: str) -> None:
    message = await send(people, {"file": ("a", data)}, shown)
    answer = await people.get(f"/api/files/{message[shown]['file_id']}")
    assert (answer.headers["content-type"], answer.headers["content-disposition"]) == (kind, "inline")


@pytest.mark.parametrize("shown", ["voice", "video", "audio"])
async def test_a_page_that_calls_itself_sound_is_only_saved(people: httpx.AsyncClient, shown: str) -> None:
    script = ("a.html", b"<script>alert(1)</script>", "text/html")
    message = await send(people, {"file": script}, shown)
    answer = await people.get(f"/api/files/{message[shown]['file_id']}")
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment")
