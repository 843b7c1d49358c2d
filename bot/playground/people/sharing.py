"""What a person sends other than words: files, a place, a contact, a poll, a message of another chat."""

import math

from bot.playground.chat import Person
from bot.playground.json_text import JSON
from bot.playground.params import Params, Upload
from bot.playground.people.asking import chat_of, member, number, refuse
from bot.playground.rules import forwarding, poll_params
from bot.playground.rules.files import is_photo, store
from bot.playground.rules.kinds import CAPTIONED, content
from bot.playground.rules.polls import create
from bot.playground.world import World

MAX_PHONE = 32
MAX_NAME = 64


def uploaded(world: World, upload: Upload, kind: object) -> JSON:
    """Return the content of a message with a file, shown as `kind`; if none is given pictures become photos."""
    if kind is None or kind == "":
        kind = "photo" if is_photo(upload) else "document"
    if not isinstance(kind, str) or kind not in CAPTIONED:
        raise refuse(f"as must be one of {', '.join(sorted(CAPTIONED))}")
    if kind == "photo" and not is_photo(upload):
        raise refuse("this file is no picture that can be shown as a photo")
    return content(store(world, upload, kind))


def location(_: World, __: Person, given: object) -> JSON:
    """Return the content of a message with a place on the map."""
    place = _object(given, "location")
    return {"location": {"latitude": _degrees(place, "latitude", 90), "longitude": _degrees(place, "longitude", 180)}}


def _degrees(given: JSON, name: str, most: int) -> float:
    value = given.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or abs(value) > most:
        raise refuse(f"{name} must be a number of degrees")
    return value


def contact(_: World, person: Person, given: object) -> JSON:
    """Return the content of a message with a phone number; whoever shares their own name shares themselves."""
    asked = _object(given, "contact")
    about: JSON = {"phone_number": _text(asked, "phone_number", MAX_PHONE)}
    about["first_name"] = _text(asked, "first_name", MAX_NAME)
    if asked.get("last_name"):
        about["last_name"] = _text(asked, "last_name", MAX_NAME)
    own = about["first_name"] == person.first_name
    return {"contact": about | ({"user_id": person.id} if own else {})}


def forwarded(world: World, person: Person, given: object) -> JSON:
    """Return the content of a forwarded message, of a chat that this person is in."""
    asked = _object(given, "forward")
    chat = chat_of(world, asked.get("chat_id"))
    member(world, chat, person.id)
    message = chat.messages.get(number(asked.get("message_id"), "message_id"))
    if message is None:
        raise refuse("the message to forward was not found", 404)
    if not forwarding.may_go(message):
        raise refuse("this message cannot be forwarded")
    return forwarding.forwarded(message)


def asked(world: World, person: Person, given: object) -> JSON:
    """Return the content of a message with a new poll of this person's."""
    poll = poll_params.asked(Params(_object(given, "poll")))
    return {"poll": {"id": create(world, person.id, poll.about, closed=poll.closed, hints=poll.hints).id}}


def _object(given: object, name: str) -> JSON:
    if not isinstance(given, dict):
        raise refuse(f"{name} must be an object")
    return given


def _text(given: JSON, name: str, most: int) -> str:
    value = given.get(name)
    if not isinstance(value, str) or not 1 <= len(value.strip()) <= most:
        raise refuse(f"{name} must have 1 to {most} characters")
    return value.strip()
