"""Inline keyboards: checked as Telegram checks them."""

from typing import Any

from bot.playground.api_error import ApiError, bad_request
from bot.playground.json_text import JSON

MAX_BUTTONS = 100
MAX_CALLBACK_BYTES = 64
_ACTIONS = frozenset({
    "url", "callback_data", "web_app", "login_url", "switch_inline_query", "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat", "copy_text", "callback_game", "pay",
})  # fmt: skip
_LOOKS = ("icon_custom_emoji_id", "style")


def inline_keyboard(markup: JSON) -> JSON | None:
    """Return the InlineKeyboardMarkup that the message will carry, or None if it will carry none."""
    given = markup.get("inline_keyboard")
    rows = [] if given is None else rows_of(given, "inline_keyboard", "InlineKeyboardMarkup")
    if sum(map(len, rows)) > MAX_BUTTONS:
        raise bad_request("reply markup is too long")
    checked = [[_button(button) for button in row] for row in rows if row]
    return {"inline_keyboard": checked} if checked else None


def rows_of(given: object, field: str, markup: str) -> list[list[Any]]:
    """Return the rows of a keyboard."""
    if not isinstance(given, list):
        raise bad_request(f'field "{field}" of the {markup} must be an Array')
    if not all(isinstance(row, list) for row in given):
        raise bad_request(f'field "{field}" of the {markup} must be an Array of Arrays')
    return given


def _button(button: object) -> JSON:
    if not isinstance(button, dict):
        raise _wrong("InlineKeyboardButton must be an Object")
    if not isinstance(button.get("text"), str):
        raise _wrong('Field "text" must be of type String' if "text" in button else 'Can\'t find field "text"')
    if not button["text"].strip():
        raise bad_request("inline keyboard button text must be non-empty")
    actions = [name for name in _ACTIONS if button.get(name) is not None]
    if not actions:
        raise _wrong("Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise _wrong("exactly one action is expected")
    _check_action(button)
    return {name: button[name] for name in ("text", *_LOOKS, *actions) if name in button}


def _check_action(button: JSON) -> None:
    data, url = button.get("callback_data"), button.get("url")
    if data is not None and not (isinstance(data, str) and 0 < len(data.encode()) <= MAX_CALLBACK_BYTES):
        raise bad_request("BUTTON_DATA_INVALID")
    if url is not None and not (isinstance(url, str) and url.startswith(("https://", "http://", "tg://"))):
        raise bad_request(f"inline keyboard button URL '{str(url)[:64]}' is invalid: Wrong HTTP URL")


def _wrong(reason: str) -> ApiError:
    return bad_request(f"can't parse inline keyboard button: {reason}")


def has_button(message: JSON, data: str) -> bool:
    """Tell whether the message shows a button with this callback data."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return any(button.get("callback_data") == data for row in rows for button in row)
