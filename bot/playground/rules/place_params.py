"""Places and contacts that parameters describe, as the fields of a message."""

import math

from bot.playground.api_error import bad_request
from bot.playground.json_text import JSON
from bot.playground.params import Params

LIVE_FOREVER = 0x7FFFFFFF
MAX_VCARD = 2048
"""Bytes."""
MAX_NAME = 256
"""Characters of names, titles and ids; what is longer is cut."""
_VENUE = ("foursquare_id", "foursquare_type", "google_place_id", "google_place_type")


def location_content(params: Params) -> JSON:
    """Return the fields of a message that shows a place, live or not."""
    return {"location": _location(params) | _live(params)}


def venue_content(params: Params) -> JSON:
    """Return the fields of a message that shows a place with its name; as in Telegram it shows the place itself too."""
    location = _location(params)
    about = {name: _required(params, name) for name in ("title", "address")}
    more = {name: params.text(name)[:MAX_NAME] for name in _VENUE if params.text(name)}
    return {"location": location, "venue": {"location": location} | about | more}


def contact_content(params: Params) -> JSON:
    """Return the fields of a message that shows a phone number with a name."""
    about = {name: _required(params, name) for name in ("phone_number", "first_name")}
    if len(params.text("vcard").encode()) > MAX_VCARD:
        raise bad_request("vCard is too long")
    last, card = params.text("last_name")[:MAX_NAME], params.text("vcard")
    return {"contact": about | ({"last_name": last} if last else {}) | ({"vcard": card} if card else {})}


def _required(params: Params, name: str) -> str:
    text = params.text(name).strip()
    if not text:
        raise bad_request(f'parameter "{name}" is required')
    return text[:MAX_NAME]


def _location(params: Params) -> JSON:
    where = {"latitude": _degrees(params, "latitude", 90), "longitude": _degrees(params, "longitude", 180)}
    accuracy = _number(params, "horizontal_accuracy") if params.text("horizontal_accuracy") else 0
    return where | ({"horizontal_accuracy": min(accuracy, 1500)} if accuracy > 0 else {})


def _degrees(params: Params, name: str, most: int) -> float:
    if not params.text(name).strip():
        raise bad_request(f"{name} is empty")
    value = _number(params, name)
    if abs(value) > most:
        raise bad_request("invalid location specified")
    return value


def _number(params: Params, name: str) -> float:
    try:
        value = float(params.text(name))
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise bad_request("invalid location specified")
    return value


def _live(params: Params) -> JSON:
    period = params.integer("live_period")
    if not period:
        return {}
    if period != LIVE_FOREVER and not 60 <= period <= 86_400:
        raise bad_request("wrong live location period specified")
    heading, radius = params.integer("heading"), params.integer("proximity_alert_radius")
    if heading and not 1 <= heading <= 360:
        raise bad_request("wrong live location heading specified")
    if radius and not 1 <= radius <= 100_000:
        raise bad_request("wrong live location proximity alert radius specified")
    more = {"heading": heading, "proximity_alert_radius": radius}
    return {"live_period": period} | {name: value for name, value in more.items() if value}
