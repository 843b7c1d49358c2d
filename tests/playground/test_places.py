"""Places, venues, contacts and dice."""

from typing import Any

import httpx
import pytest
from telegram import Bot

from .asked import call, refused

HERE: dict[str, Any] = {"latitude": 40.4168, "longitude": -3.7038}


async def test_a_place_and_a_venue(bot: Bot, started: int) -> None:
    sent = await bot.send_location(1001, **HERE, horizontal_accuracy=20)
    assert sent.location is not None
    assert sent.location.to_dict() == HERE | {"horizontal_accuracy": 20.0}
    venue = await bot.send_venue(1001, **HERE, title="Ateneo", address="Prado 21", foursquare_id="4a")
    assert venue.venue is not None
    assert (venue.venue.title, venue.venue.foursquare_id, venue.location) == ("Ateneo", "4a", venue.venue.location)


async def test_a_live_place(people: httpx.AsyncClient, started: int) -> None:
    sent = await call(people, "sendLocation", chat_id=1001, **HERE, live_period=60, heading=90)
    assert sent["location"] == HERE | {"live_period": 60, "heading": 90}


async def test_a_contact(bot: Bot, started: int) -> None:
    sent = await bot.send_contact(1001, "+34 600 000 000", "Ana", last_name="Ruiz", vcard="BEGIN:VCARD")
    assert sent.contact is not None
    about = (sent.contact.phone_number, sent.contact.first_name, sent.contact.last_name, sent.contact.vcard)
    assert about == ("+34 600 000 000", "Ana", "Ruiz", "BEGIN:VCARD")


@pytest.mark.parametrize(("emoji", "most"), [("🎲", 6), ("🏀", 5), ("⚽️", 5), ("🎰", 64)])
async def test_dice(bot: Bot, started: int, emoji: str, most: int) -> None:
    dice = (await bot.send_dice(1001, emoji=emoji)).dice
    assert dice is not None
    assert 1 <= dice.value <= most
    assert dice.emoji == emoji.replace("\N{VARIATION SELECTOR-16}", "")


async def test_long_names_and_ids_are_cut(people: httpx.AsyncClient, started: int) -> None:
    long = "a" * 257
    names = ("foursquare_id", "foursquare_type", "google_place_id", "google_place_type")
    about = dict.fromkeys((*names, "title", "address"), long)
    venue = (await call(people, "sendVenue", chat_id=1001, **HERE, **about))["venue"]
    assert {name: len(venue[name]) for name in about} == dict.fromkeys(about, 256)
    about = dict.fromkeys(("phone_number", "first_name", "last_name"), long)
    contact = (await call(people, "sendContact", chat_id=1001, **about, vcard="v" * 2048))["contact"]
    assert {name: len(value) for name, value in contact.items()} == dict.fromkeys(about, 256) | {"vcard": 2048}


REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("sendLocation", {"longitude": 1}, "latitude is empty"),
    ("sendLocation", {"latitude": 1}, "longitude is empty"),
    ("sendLocation", {"latitude": 91, "longitude": 1}, "invalid location specified"),
    ("sendLocation", {"latitude": "nan", "longitude": 1}, "invalid location specified"),
    ("sendLocation", {"latitude": "norte", "longitude": 1}, "invalid location specified"),
    ("sendLocation", {"latitude": [1], "longitude": 1}, "can't parse latitude: expected a String"),
    ("sendLocation", HERE | {"live_period": 59}, "wrong live location period specified"),
    ("sendLocation", HERE | {"live_period": 60, "heading": 361}, "wrong live location heading specified"),
    ("sendLocation", HERE | {"live_period": 60, "proximity_alert_radius": -1},
     "wrong live location proximity alert radius specified"),
    ("sendVenue", HERE | {"address": "a"}, 'parameter "title" is required'),
    ("sendContact", {"first_name": "Ana"}, 'parameter "phone_number" is required'),
    ("sendContact", {"phone_number": "1", "first_name": " "}, 'parameter "first_name" is required'),
    ("sendContact", {"phone_number": "1", "first_name": "A", "vcard": "a" * 2049}, "vCard is too long"),
    ("sendDice", {"emoji": "🎉"}, "wrong dice emoji specified"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "params", "reason"), REFUSED)
async def test_what_is_refused(
    people: httpx.AsyncClient, started: int, method: str, params: dict[str, Any], reason: str
) -> None:
    assert await refused(people, method, chat_id=1001, **params) == f"Bad Request: {reason}"
