"""Pictures, recordings, films, places and contacts on the page, both ways."""

import io
import math
import struct
import wave

import pytest
from playwright.async_api import FilePayload, Page, expect
from telegram import InputMediaPhoto

from tests.browser.conftest import LUCIA, BotSide
from tests.browser.test_page_writing import png

pytestmark = pytest.mark.browser


def tone() -> bytes:
    """Return a tenth of a second of a quiet tone, as WAV."""
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setparams((1, 2, 8000, 0, "NONE", ""))
        sound.writeframes(b"".join(struct.pack("<h", int(2000 * math.sin(step / 3))) for step in range(800)))
    return file.getvalue()


async def test_an_album_is_one_bubble_with_its_caption(chat_page: Page, bot_side: BotSide) -> None:
    pictures = [InputMediaPhoto(png(300 + side, 200)) for side in range(3)]
    sent = await bot_side.bot.send_media_group(LUCIA, pictures, caption="Tres láminas")
    album = chat_page.locator(".message")
    await expect(album).to_have_count(1)
    await expect(album.get_by_role("img")).to_have_count(3)
    await expect(album).to_contain_text("Tres láminas")
    await bot_side.bot.send_message(LUCIA, "¿Cuál?", reply_to_message_id=sent[2].message_id)
    await chat_page.locator(".quote").click()
    await expect(chat_page.get_by_test_id(f"message-{sent[2].message_id}")).to_be_focused()
    await bot_side.bot.delete_message(LUCIA, sent[0].message_id)
    await expect(album.get_by_role("img")).to_have_count(2)


async def test_a_recording_plays_in_the_page(chat_page: Page, bot_side: BotSide) -> None:
    await bot_side.bot.send_audio(LUCIA, tone(), title="Escala", performer="Inés", filename="escala.wav")
    player = chat_page.locator("audio")
    await expect(player).to_have_attribute("aria-label", "Inés · Escala")
    length = await player.evaluate(
        """async player => {
          await player.play();
          return player.duration;
        }"""
    )
    assert length == pytest.approx(0.1)


async def test_voice_and_video_have_players_that_say_what_they_are(chat_page: Page, bot_side: BotSide) -> None:
    await bot_side.bot.send_voice(LUCIA, b"OggS" + bytes(60), duration=75)
    await expect(chat_page.locator("audio")).to_have_attribute("aria-label", "Mensaje de voz, 1:15")
    await bot_side.bot.send_video(LUCIA, b"\0\0\0\x18ftypmp42" + bytes(60), width=320, height=180, caption="clase")
    film = chat_page.locator("video")
    await expect(film).to_have_attribute("aria-label", "Vídeo")
    box = await film.bounding_box()
    assert box is not None
    assert box["width"] / box["height"] == pytest.approx(16 / 9, rel=0.02)


@pytest.mark.parametrize(("kind", "field"), [("photo", "photo"), ("document", "document")])
async def test_a_picture_is_sent_as_chosen(chat_page: Page, bot_side: BotSide, kind: str, field: str) -> None:
    picture: FilePayload = {"name": "esquema.png", "mimeType": "image/png", "buffer": png(320, 200)}
    await chat_page.get_by_test_id("attach").set_input_files([picture])
    await chat_page.get_by_test_id("send-as").select_option(kind)
    await chat_page.get_by_test_id("send").click()
    message = (await bot_side.next_update()).message
    assert message is not None
    assert message.effective_attachment == getattr(message, field)
    assert message.effective_attachment


async def test_a_recording_is_sent_as_voice(chat_page: Page, bot_side: BotSide) -> None:
    recording: FilePayload = {"name": "nota.ogg", "mimeType": "audio/ogg", "buffer": b"OggS" + bytes(60)}
    await chat_page.get_by_test_id("attach").set_input_files([recording])
    await chat_page.get_by_test_id("send").click()
    message = (await bot_side.next_update()).message
    assert message is not None
    assert message.voice is not None


async def test_places_and_contacts_come_and_go(chat_page: Page, bot_side: BotSide) -> None:
    await bot_side.bot.send_location(LUCIA, 41.3874, 2.1686)
    await expect(chat_page.get_by_role("link", name="Ubicación 41.3874, 2.1686")).to_be_visible()
    await bot_side.bot.send_contact(LUCIA, "+34600111222", "Inés", last_name="Lima")
    await expect(chat_page.get_by_role("link", name="Inés Lima")).to_have_attribute("href", "tel:+34600111222")
    await chat_page.get_by_test_id("attach-menu").click()
    await chat_page.get_by_test_id("attach-place").click()
    await chat_page.get_by_test_id("latitude").fill("-33.45")
    await chat_page.get_by_test_id("place-form-send").click()
    message = (await bot_side.next_update()).message
    assert message is not None
    assert message.location is not None
    assert message.location.latitude == pytest.approx(-33.45, abs=1e-4)
    await chat_page.get_by_test_id("attach-menu").click()
    await chat_page.get_by_test_id("attach-contact").click()
    await chat_page.get_by_test_id("contact-form-send").click()
    message = (await bot_side.next_update()).message
    assert message is not None
    assert message.contact is not None
    assert message.contact.first_name == "Lucía"


async def test_stickers_dice_and_venues_are_shown(chat_page: Page, bot_side: BotSide) -> None:
    webp = b"RIFF\x1a\0\0\0WEBPVP8L\x0d\0\0\0\x2f\0\0\0\x10\x07\x10\x11\x11\x88\x88\xfe\x07\0"
    await bot_side.bot.send_sticker(LUCIA, webp, emoji="📚")
    await expect(chat_page.get_by_role("img", name="Sticker 📚")).to_be_visible()
    dice = (await bot_side.bot.send_dice(LUCIA)).dice
    assert dice is not None
    await expect(chat_page.get_by_role("img", name=f"{dice.emoji} {dice.value}")).to_be_visible()
    await bot_side.bot.send_venue(LUCIA, 40.41, -3.7, title="Biblioteca", address="Calle Mayor, 1")
    await expect(chat_page.get_by_role("link", name="Biblioteca Calle Mayor, 1")).to_be_visible()
    await expect(chat_page.get_by_test_id(f"chat-item-{LUCIA}")).to_contain_text("Biblioteca")


@pytest.mark.parametrize(("width", "height"), [(24, 24), (40, 700)])
async def test_small_and_narrow_pictures_can_be_seen(
    chat_page: Page, bot_side: BotSide, width: int, height: int
) -> None:
    await bot_side.bot.send_photo(LUCIA, png(width, height), caption="icono")
    image = chat_page.get_by_role("img", name="icono")
    await expect(image).to_be_visible()
    box = await image.bounding_box()
    assert box is not None
    assert box["width"] >= 120
    assert box["height"] <= 320


async def test_a_covered_picture_is_uncovered_by_a_press(chat_page: Page, bot_side: BotSide) -> None:
    await bot_side.bot.send_photo(
        LUCIA, png(300, 200), caption="la solución", has_spoiler=True, show_caption_above_media=True
    )
    veil = chat_page.get_by_role("button", name="Imagen oculta")
    await expect(veil).to_be_visible()
    picture = chat_page.get_by_role("link", name="la solución")
    await expect(picture).to_have_attribute("inert", "")
    above = await chat_page.locator(".message .text").bounding_box()
    below = await veil.bounding_box()
    assert above is not None
    assert below is not None
    assert above["y"] < below["y"]
    await veil.click()
    await expect(picture).to_be_focused()
    await expect(veil).to_have_count(0)
