"""Albums: up to ten files that are sent together."""

import json
from typing import Any

import httpx
import pytest
from telegram import Bot, InputMediaAudio, InputMediaDocument, InputMediaPhoto, InputMediaVideo, Message
from telegram.error import BadRequest

from bot.playground.world import FORUM_ID, PLAYGROUND_TOKEN, World

from .asked import call, events, refused
from .pictures import PNG, png
from .sounds import MP3, MP4


async def test_pictures_and_film_are_one_album(bot: Bot, people: httpx.AsyncClient, started: int) -> None:
    sent = await bot.send_media_group(
        1001,
        [
            InputMediaPhoto(PNG, caption="<i>uno</i>", parse_mode="HTML", has_spoiler=True),
            InputMediaVideo(MP4, width=4, height=3, caption="dos"),
            InputMediaPhoto(png(8, 8)),
        ],
        reply_to_message_id=started,
        protect_content=True,
    )
    assert [message.message_id for message in sent] == sorted(message.message_id for message in sent)
    assert len({message.media_group_id for message in sent} - {None}) == 1
    assert [message.caption for message in sent] == ["uno", "dos", None]
    assert sent[0].caption_entities[0].type == "italic"
    assert (sent[0].has_media_spoiler, sent[1].has_media_spoiler) == (True, None)
    assert sent[1].video is not None
    assert all(message.has_protected_content for message in sent)
    assert all(message.reply_to_message for message in sent)
    seen = [event["message"].get("media_group_id") for event in await events(people, 1001, "message")]
    assert seen == [None] + [sent[0].media_group_id] * 3


async def test_documents_and_music_are_albums_of_their_own(bot: Bot, started: int) -> None:
    papers = await bot.send_media_group(1001, [InputMediaDocument(b"a", filename="a.txt"), InputMediaDocument(PNG)])
    assert [message.document is not None for message in papers] == [True, True]
    music = await bot.send_media_group(1001, [InputMediaAudio(MP3, title="a"), InputMediaAudio(MP3, duration=3)])
    assert music[0].audio is not None
    assert music[0].audio.title == "a"
    assert music[0].media_group_id != papers[0].media_group_id


async def test_known_files_make_albums(bot: Bot, started: int) -> None:
    photo = (await bot.send_photo(1001, PNG)).photo[0]
    sent = await bot.send_media_group(1001, [InputMediaPhoto(photo.file_id), InputMediaPhoto(photo)])
    assert [message.photo[0].file_id for message in sent] == [photo.file_id] * 2


async def test_a_single_item_is_no_album(bot: Bot, started: int) -> None:
    (only,) = await bot.send_media_group(1001, [InputMediaPhoto(PNG)])
    assert (only.media_group_id, len(only.photo)) == (None, 1)


async def test_an_album_belongs_to_its_topic(bot: Bot, started: int) -> None:
    topic = await bot.create_forum_topic(FORUM_ID, "Fotos")
    sent: tuple[Message, ...] = await bot.send_media_group(
        FORUM_ID, [InputMediaPhoto(PNG), InputMediaPhoto(PNG)], message_thread_id=topic.message_thread_id
    )
    assert {message.message_thread_id for message in sent} == {topic.message_thread_id}


PHOTO = {"type": "photo", "media": "attach://one"}
SOUND = {"type": "audio", "media": "attach://one"}
PAPER = {"type": "document", "media": "attach://one"}
REFUSED: list[tuple[Any, str]] = [
    (None, 'parameter "media" is required'),
    ("x", "can't parse media JSON object"),
    ({}, "expected an Array of InputMedia"),
    ([], "there are no messages to send"),
    ([PHOTO] * 11, "too many messages to send as an album"),
    ([PHOTO, PAPER], "document can't be mixed with other media types"),
    ([SOUND, PHOTO], "audio can't be mixed with other media types"),
    ([PHOTO, "x"], "can't parse InputMedia: expected an Object"),
    ([PHOTO, {"media": "x"}], 'can\'t parse InputMedia: can\'t find field "type"'),
    ([PHOTO, {"type": "photo"}], "can't parse InputMedia: media not found"),
    ([PHOTO, {"type": "photo", "media": "attach://two"}], "can't parse InputMedia: media not found"),
    ([PHOTO, {"type": "animation", "media": "x"}],
     'can\'t parse InputMedia: type "animation" can\'t be used in sendMediaGroup'),
    ([PHOTO, {"type": "voice", "media": "x"}], 'can\'t parse InputMedia: type "voice" is unsupported'),
    ([PHOTO, PHOTO | {"caption": "a" * 1025}], "message caption is too long"),
    ([PHOTO, PHOTO | {"caption": ["a"]}], "can't parse caption: expected a String"),
    ([PHOTO, PHOTO | {"show_caption_above_media": True}],
     "parameter show_caption_above_media must be the same for all messages"),
    ([{"type": "photo", "media": "AgACunknown"}, {"type": "photo", "media": "AgACunknown"}],
     'failed to send message #1 with the error message "Wrong file identifier/HTTP URL specified"'),
]  # fmt: skip


@pytest.mark.parametrize(("media", "reason"), REFUSED)
async def test_what_is_refused(people: httpx.AsyncClient, started: int, media: Any, reason: str) -> None:
    given = {} if media is None else {"media": json.dumps(media) if media != "x" else media}
    answer = await people.post(
        f"/bot{PLAYGROUND_TOKEN}/sendMediaGroup", data={"chat_id": "1001"} | given, files={"one": ("a.png", PNG)}
    )
    assert (answer.status_code, answer.json()["description"]) == (400, f"Bad Request: {reason}")


async def test_a_refused_album_posts_and_keeps_nothing(
    bot: Bot, world: World, people: httpx.AsyncClient, started: int
) -> None:
    before = len(await events(people, 1001))
    with pytest.raises(BadRequest, match=r'(?i)failed to send message #2 .* "IMAGE_PROCESS_FAILED"'):
        await bot.send_media_group(1001, [InputMediaPhoto(PNG), InputMediaPhoto(b"no picture")])
    assert (len(await events(people, 1001)), world.files) == (before, {})


async def test_the_flood_limit_counts_every_item(
    world: World, people: httpx.AsyncClient, bot: Bot, started: int
) -> None:
    photo = (await bot.send_photo(1001, PNG)).photo[0].file_id
    world.floods.switch(on=True)
    album = [{"type": "photo", "media": photo}] * 4
    await call(people, "sendMediaGroup", chat_id=1001, media=album)
    assert (await refused(people, "sendMediaGroup", chat_id=1001, media=album)).startswith("Too Many Requests")


async def test_ten_with_thumbnails_are_one_request(bot: Bot, started: int) -> None:
    album = [InputMediaVideo(MP4, thumbnail=PNG, filename=f"{number}.mp4") for number in range(10)]
    sent = await bot.send_media_group(1001, album)
    assert [message.video is not None and message.video.thumbnail is not None for message in sent] == [True] * 10


async def test_only_named_uploads_are_attached(people: httpx.AsyncClient, bot: Bot, started: int) -> None:
    known = (await bot.send_photo(1001, png(5, 5))).photo[0].file_id
    media = json.dumps([{"type": "photo", "media": "attach://media"}, {"type": "photo", "media": known}])
    answer = await people.post(
        f"/bot{PLAYGROUND_TOKEN}/sendMediaGroup",
        data={"chat_id": "1001", "media": media},
        files={"media": ("a.png", PNG)},
    )
    assert [message["photo"][0]["width"] for message in answer.json()["result"]] == [30, 5]
