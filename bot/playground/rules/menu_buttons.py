"""The button beside the input field of a private chat: https://core.telegram.org/bots/api#menubutton."""

from bot.playground.api_error import bad_request
from bot.playground.json_text import JSON
from bot.playground.rules.fields import needed_object, needed_string
from bot.playground.rules.inline_buttons import linked_address

MAX_TEXT = 64


def menu_button(given: JSON) -> JSON:
    """Return a MenuButton reduced to its known fields."""
    try:
        kind = needed_string(given, "type")
        if kind in {"commands", "default"}:
            return {"type": kind}
        if kind != "web_app":
            raise ValueError("unsupported type specified")
        text, url = needed_string(given, "text"), needed_string(needed_object(given, "web_app"), "url")
    except ValueError as wrong:
        raise bad_request(f"can't parse menu button: {wrong}") from None
    if not text.strip():
        raise bad_request("menu button text must be non-empty")
    if len(text) > MAX_TEXT:
        raise bad_request("BUTTON_TEXT_INVALID")
    return {"type": kind, "text": text, "web_app": {"url": linked_address(url, "menu button Web App")}}
