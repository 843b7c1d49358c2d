"""Changing captions, and changing one file for another."""

from typing import Any

import httpx
import pytest
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaAnimation,
    InputMediaAudio,
    InputMediaDocument,
    InputMediaPhoto,
    InputMediaVideo,
    Message,
)
from telegram.error import BadRequest

from .asked import call, events, refused
from .pictures import PNG, png
from .sounds import MP3, MP4, OGG

KEYBOARD = InlineKeyboardMarkup([[InlineKeyboardButton("a", callback_data="a")]])


def as_message(edited: Message | bool) -> Message:
    assert isinstance(edited, Message)
    return edited


async def test_a_caption_is_changed_and_taken_away(bot: Bot, people: httpx.AsyncClient, started: int) -> None:
    sent = await bot.send_photo(1001, PNG, caption="uno", reply_markup=KEYBOARD, has_spoiler=True)
    edited = as_message(
        await sent.edit_caption("<b>dos</b>", parse_mode="HTML", show_caption_above_media=True, reply_markup=KEYBOARD)
    )
    assert (edited.caption, edited.caption_entities[0].type, edited.show_caption_above_media) == ("dos", "bold", True)
    assert (edited.photo, edited.has_media_spoiler, edited.reply_markup) == (sent.photo, True, KEYBOARD)
    assert edited.edit_date is not None
    bare = as_message(await sent.edit_caption())
    assert (bare.caption, bare.show_caption_above_media, bare.reply_markup) == (None, None, None)
    with pytest.raises(BadRequest, match="is not modified"):
        await sent.edit_caption()
    shown = [event["message"].get("caption") for event in await events(people, 1001, "edit")]
    assert shown == ["dos", None]


async def test_voice_has_a_caption_but_text_and_stickers_have_none(bot: Bot, started: int) -> None:
    voice = await bot.send_voice(1001, OGG)
    assert as_message(await voice.edit_caption("oye", show_caption_above_media=True)).show_caption_above_media is None
    for sent in (await bot.send_message(1001, "a"), await bot.send_dice(1001)):
        with pytest.raises(BadRequest, match="There is no caption in the message to edit"):
            await sent.edit_caption("b")
    with pytest.raises(BadRequest, match="Message caption is too long"):
        await voice.edit_caption("a" * 1025)


async def test_only_what_the_bot_wrote_is_changed(people: httpx.AsyncClient, started: int) -> None:
    where = {"chat_id": 1001, "caption": "a"}
    assert await refused(people, "editMessageCaption", **where, message_id=started) == (
        "Bad Request: message can't be edited"
    )
    assert (
        await refused(people, "editMessageCaption", **where, message_id=9) == "Bad Request: message to edit not found"
    )


async def test_one_file_takes_the_place_of_another(bot: Bot, started: int) -> None:
    sent = await bot.send_photo(1001, PNG, caption="uno", has_spoiler=True)
    new = InputMediaVideo(MP4, caption="*dos*", parse_mode="MarkdownV2", width=4)
    film = as_message(await sent.edit_media(new))
    assert (film.photo, film.caption, film.has_media_spoiler) == ((), "dos", None)
    assert film.video is not None
    assert (film.video.width, film.caption_entities[0].type) == (4, "bold")
    music = as_message(await sent.edit_media(InputMediaAudio(MP3, title="tres"), reply_markup=KEYBOARD))
    assert music.audio is not None
    assert (music.audio.title, music.caption, music.reply_markup) == ("tres", None, KEYBOARD)
    known = as_message(await sent.edit_media(InputMediaPhoto(sent.photo[0].file_id)))
    assert known.photo == sent.photo
    assert known.audio is None


async def test_text_becomes_a_picture_but_voice_does_not(bot: Bot, started: int) -> None:
    text = await bot.send_message(1001, "un *texto*", parse_mode="MarkdownV2")
    shown = as_message(await text.edit_media(InputMediaPhoto(PNG, caption="ya")))
    assert (shown.text, shown.entities, shown.caption) == (None, (), "ya")
    voice = await bot.send_voice(1001, OGG)
    with pytest.raises(BadRequest, match="There is no media in the message to edit"):
        await voice.edit_media(InputMediaPhoto(PNG))


async def test_albums_keep_their_kind(bot: Bot, started: int) -> None:
    pictures = await bot.send_media_group(1001, [InputMediaPhoto(PNG), InputMediaPhoto(PNG)])
    swapped = as_message(await pictures[0].edit_media(InputMediaVideo(MP4)))
    assert swapped.media_group_id == pictures[1].media_group_id
    with pytest.raises(BadRequest, match="Can't change media type in the album"):
        await pictures[1].edit_media(InputMediaDocument(b"a", filename="a.txt"))
    with pytest.raises(BadRequest, match="Message content type can't be used in an album"):
        await pictures[1].edit_media(InputMediaAnimation(MP4))
    papers = await bot.send_media_group(1001, [InputMediaDocument(b"a"), InputMediaDocument(b"b")])
    with pytest.raises(BadRequest, match="Can't change media type in the album"):
        await papers[0].edit_media(InputMediaPhoto(png(3, 3)))


@pytest.mark.parametrize(
    ("media", "reason"),
    [
        (None, 'parameter "media" is required'),
        ("{", "can't parse media JSON object"),
        ([], "can't parse InputMedia: expected an Object"),
        ({"type": "photo"}, "can't parse InputMedia: media not found"),
        ({"type": "voice", "media": "x"}, 'can\'t parse InputMedia: type "voice" is unsupported'),
        ({"type": ["photo"], "media": "x"}, "can't parse type: expected a String"),
        ({"type": "photo", "media": "x"}, "wrong file identifier/HTTP URL specified"),
    ],
)
async def test_wrong_media_are_refused(people: httpx.AsyncClient, started: int, media: Any, reason: str) -> None:
    sent = await call(people, "sendMessage", chat_id=1001, text="a")
    where = {"chat_id": 1001, "message_id": sent["message_id"]}
    assert await refused(people, "editMessageMedia", **where, media=media) == f"Bad Request: {reason}"
