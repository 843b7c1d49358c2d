"""Inline keyboards: checked as Telegram checks them."""

from typing import Any

from bot.playground.api_error import bad_request
from bot.playground.json_text import JSON, to_json
from bot.playground.rules.inline_buttons import inline_button

MAX_BUTTONS = 100
MAX_BYTES = 10 * 2**10
"""Of a keyboard of either kind as JSON."""


def inline_keyboard(markup: JSON) -> JSON | None:
    """Return the InlineKeyboardMarkup that the message will carry, or None if it will carry none."""
    given = markup.get("inline_keyboard")
    rows = [] if given is None else rows_of(given, "inline_keyboard", "InlineKeyboardMarkup")
    if sum(map(len, rows)) > MAX_BUTTONS:
        raise bad_request("reply markup is too long")
    checked = [[inline_button(button) for button in row] for row in rows if row]
    return small({"inline_keyboard": checked}) if checked else None


def rows_of(given: object, field: str, markup: str) -> list[list[Any]]:
    """Return the rows of a keyboard."""
    if not isinstance(given, list):
        raise bad_request(f'field "{field}" of the {markup} must be an Array')
    if not all(isinstance(row, list) for row in given):
        raise bad_request(f'field "{field}" of the {markup} must be an Array of Arrays')
    return given


def small(markup: JSON) -> JSON:
    """Return a keyboard that is not too long to be sent."""
    if len(to_json(markup).encode()) > MAX_BYTES:
        raise bad_request("reply markup is too long")
    return markup


def has_button(message: JSON, data: str) -> bool:
    """Tell whether the message shows a button with this callback data."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return any(button.get("callback_data") == data for row in rows for button in row)
