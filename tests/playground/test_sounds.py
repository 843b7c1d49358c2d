"""Voice, music and film, sent by the bot; what the bytes of files tell."""

from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import Bot, InputFile
from telegram.error import BadRequest

from bot.playground.rules.kinds import content
from bot.playground.rules.sniffing import media_type, seconds
from bot.playground.state import load, snapshot, write
from bot.playground.world import PLAYGROUND_TOKEN, World

from .asked import call, refused
from .pictures import PNG
from .sounds import FLAC, M4A, MP3, MP4, OGG, WAV, WEBM, opus, vorbis
from .test_media import WEBP_LOSSY


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (OGG, "audio/ogg"),
        (vorbis(1), "audio/ogg"),
        (MP3, "audio/mpeg"),
        (b"ID3\4" + b"\0" * 20, "audio/mpeg"),
        (MP4, "video/mp4"),
        (M4A, "audio/mp4"),
        (WEBM, "video/webm"),
        (WAV, "audio/wav"),
        (FLAC, "audio/flac"),
        (b"OggS" + b"\0" * 60, ""),
        (b"\xff\xfb\xf0\x00", ""),
        (b"\xff\xfb\x9c\x00", ""),
        (b"\xff\xd8\xff\xe0", ""),
        (b"<html>", ""),
        (b"", ""),
    ],
)
def test_what_the_bytes_are(data: bytes, kind: str) -> None:
    assert media_type(data) == kind


@pytest.mark.parametrize(
    ("data", "length"), [(opus(1.5), 2), (opus(3), 3), (vorbis(2), 2), (OGG[:20], 0), (MP3, 0), (vorbis(9, rate=0), 0)]
)
def test_how_long_it_plays(data: bytes, length: int) -> None:
    assert seconds(data) == length


@given(st.binary(max_size=80), st.sampled_from([b"", b"OggS", b"OggS\0\0OpusHead", b"\x01vorbis", b"ID3", b"\xff\xfb"]))
def test_no_bytes_break_it(data: bytes, start: bytes) -> None:
    assert isinstance(media_type(start + data), str)
    assert seconds(start + data) >= 0


async def test_a_voice_message_tells_how_long_it_is(bot: Bot, started: int) -> None:
    heard = await bot.send_voice(1001, OGG, caption="<b>oye</b>", parse_mode="HTML")
    assert heard.voice is not None
    voice = heard.voice.to_dict()
    assert (voice["duration"], voice["mime_type"], voice["file_size"]) == (2, "audio/ogg", len(OGG))
    assert (heard.caption, heard.caption_entities[0].type) == ("oye", "bold")
    told = await bot.send_voice(1001, OGG, duration=7)
    assert told.voice is not None
    assert told.voice.to_dict()["duration"] == 7
    file = await bot.get_file(told.voice)
    assert bytes(await file.download_as_bytearray()) == OGG
    assert (await bot.send_voice(1001, told.voice.file_id, duration=9)).voice == told.voice


async def test_music_has_a_title_and_a_cover(bot: Bot, started: int) -> None:
    sent = await bot.send_audio(
        1001, MP3, duration=180, performer="Víctor Jara", title="Manifiesto", filename="m.mp3", thumbnail=PNG
    )
    audio = sent.audio
    assert audio is not None
    assert (audio.to_dict()["duration"], audio.performer, audio.title) == (180, "Víctor Jara", "Manifiesto")
    assert (audio.file_name, audio.mime_type) == ("m.mp3", "audio/mpeg")
    assert audio.thumbnail is not None
    assert audio.thumbnail.width == 30
    assert bytes(await (await bot.get_file(audio.thumbnail)).download_as_bytearray()) == PNG


async def test_film_is_as_large_as_its_sender_says(bot: Bot, started: int) -> None:
    video = (await bot.send_video(1001, MP4, width=640, height=360, duration=5, has_spoiler=True)).to_dict()
    assert video["has_media_spoiler"] is True
    assert {name: video["video"][name] for name in ("width", "height", "duration", "mime_type")} == {
        "width": 640,
        "height": 360,
        "duration": 5,
        "mime_type": "video/mp4",
    }
    huge = (await bot.send_video(1001, MP4, width=10**9, height=-5)).to_dict()["video"]
    assert (huge["width"], huge["height"], huge["duration"]) == (10_000, 0, 0)
    note = (await bot.send_video_note(1001, MP4, length=240, duration=3)).to_dict()["video_note"]
    assert (note["length"], note["duration"]) == (240, 3)


async def test_an_animation_is_a_document_too(bot: Bot, started: int) -> None:
    gif = b"GIF89a\x05\x00\x06\x00\x00"
    sent = await bot.send_animation(1001, InputFile(gif, "a.gif"), caption="x", show_caption_above_media=True)
    assert sent.animation is not None
    assert (sent.animation.width, sent.animation.height, sent.animation.mime_type) == (5, 6, "image/gif")
    assert sent.show_caption_above_media is True
    assert sent.document is not None
    again = await bot.send_document(1001, sent.document.file_id)
    assert again.animation == sent.animation


async def test_stickers(bot: Bot, people: httpx.AsyncClient, started: int) -> None:
    sticker = (await bot.send_sticker(1001, WEBP_LOSSY, emoji="🐳")).sticker
    assert sticker is not None
    assert (sticker.width, sticker.emoji, sticker.is_video, sticker.is_animated) == (5, "🐳", False, False)
    moving = (await bot.send_sticker(1001, WEBM)).sticker
    assert moving is not None
    assert (moving.width, moving.is_video) == (512, True)
    with pytest.raises(BadRequest, match=r"(?i)sticker_file_invalid"):
        await bot.send_sticker(1001, PNG)


async def test_files_stay_what_they_are(bot: Bot, people: httpx.AsyncClient, started: int) -> None:
    voice = (await bot.send_voice(1001, OGG)).voice
    assert voice is not None
    wrong = await refused(people, "sendPhoto", chat_id=1001, photo=voice.file_id)
    assert wrong == "Bad Request: can't use file of type VoiceNote as Photo"
    nothing = await refused(people, "sendVideoNote", chat_id=1001)
    assert nothing == "Bad Request: there is no video note in the request"
    with pytest.raises(BadRequest, match=r"(?i)file must be non-empty"):
        await bot.send_voice(1001, InputFile(b"", filename="a.ogg"))


async def test_files_stay_what_they_are_after_a_restart(
    people: httpx.AsyncClient, world: World, started: int, tmp_path: Path
) -> None:
    sent = await people.post(
        f"/bot{PLAYGROUND_TOKEN}/sendAudio",
        data={"chat_id": "1001", "title": "a", "duration": "5"},
        files={"audio": MP3},
    )
    audio = sent.json()["result"]["audio"]
    write(snapshot(world), tmp_path / "state.json")
    assert content(load(tmp_path / "state.json").files[audio["file_id"]]) == {"audio": audio}


async def test_what_is_sent_protected_says_so(people: httpx.AsyncClient, started: int) -> None:
    sent = await call(people, "sendMessage", chat_id=1001, text="a", protect_content=True)
    assert sent["has_protected_content"] is True


WRONG_TYPES: list[dict[str, Any]] = [
    {"duration": "long"},
    {"duration": [1]},
    {"title": {"a": 1}},
    {"audio": 5},
    {"audio": ["x"]},
    {"caption": ["x"]},
    {"reply_parameters": "x"},
    {"thumbnail": {"a": 1}},
]


@pytest.mark.parametrize("params", WRONG_TYPES)
async def test_wrong_types_are_bad_requests(people: httpx.AsyncClient, started: int, params: dict[str, Any]) -> None:
    assert (await refused(people, "sendAudio", chat_id=1001, **params)).startswith("Bad Request: ")
