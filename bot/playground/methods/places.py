"""Messages without words or files: places, venues, contacts, dice."""

import random

from bot.playground.api_error import bad_request
from bot.playground.json_text import JSON
from bot.playground.methods.given import place, writable_chat
from bot.playground.methods.method import Method
from bot.playground.params import Params
from bot.playground.rules.markup import buttons
from bot.playground.rules.place_params import contact_content, location_content, venue_content
from bot.playground.world import World

SIDES = {"🎲": 6, "🎯": 6, "🎳": 6, "🏀": 5, "⚽": 5, "🎰": 64}
"""Emoji that can be thrown, and their highest value: https://core.telegram.org/bots/api#dice"""


async def send_location(world: World, params: Params) -> JSON:
    """Post a place on the map, live or not."""
    return _send(world, params, location_content(params))


async def send_venue(world: World, params: Params) -> JSON:
    """Post a place with its name and address."""
    return _send(world, params, venue_content(params))


async def send_contact(world: World, params: Params) -> JSON:
    """Post a phone number with a name."""
    return _send(world, params, contact_content(params))


async def send_dice(world: World, params: Params) -> JSON:
    """Throw dice, or another emoji that shows a number."""
    emoji = params.text("emoji").replace("\N{VARIATION SELECTOR-16}", "") or "🎲"
    if emoji not in SIDES:
        raise bad_request("wrong dice emoji specified")
    value = random.randint(1, SIDES[emoji])  # noqa: S311 - a game
    return _send(world, params, {"dice": {"emoji": emoji, "value": value}})


def _send(world: World, params: Params, content: JSON) -> JSON:
    chat = writable_chat(world, params)
    return world.post(chat, world.me, place(world, params, chat) | content | buttons(params, chat))


METHODS: dict[str, Method] = {
    "sendLocation": send_location,
    "sendVenue": send_venue,
    "sendContact": send_contact,
    "sendDice": send_dice,
}
