"""reply_markup: checked as Telegram checks it."""

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
_OTHER_MARKUPS = ("keyboard", "remove_keyboard", "force_reply")


def inline_keyboard(markup: JSON) -> JSON | None:
    """Return the InlineKeyboardMarkup that the message will carry, or None if it will carry none."""
    if "inline_keyboard" in markup:
        rows = _rows(markup["inline_keyboard"], _button)
        return {"inline_keyboard": rows} if rows else None
    if "keyboard" in markup:
        _rows(markup["keyboard"], _key)
    elif markup and not any(name in markup for name in _OTHER_MARKUPS):
        raise bad_request("can't parse reply keyboard markup JSON object")
    return None


def _rows(rows: object, check: Any) -> list[list[JSON]]:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request("can't parse reply keyboard markup JSON object: an Array of Array is expected")
    if sum(map(len, rows)) > MAX_BUTTONS:
        raise bad_request("reply markup is too long")
    return [[check(button) for button in row] for row in rows if row]


def _key(button: object) -> JSON:
    if isinstance(button, str):
        return {"text": button}
    if not isinstance(button, dict) or not isinstance(button.get("text"), str):
        raise bad_request('can\'t parse keyboard button: Field "text" must be of type String')
    return button


def _button(button: object) -> JSON:
    if not isinstance(button, dict) or not isinstance(button.get("text"), str):
        raise _wrong('Field "text" must be of type String')
    if not button["text"].strip():
        raise _wrong("text is empty")
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
