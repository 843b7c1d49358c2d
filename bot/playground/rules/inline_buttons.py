"""One button of an inline keyboard: what it does, reduced to the fields that the Bot API knows.

https://core.telegram.org/bots/api#inlinekeyboardbutton
"""

from collections.abc import Callable

from bot.playground.api_error import bad_request
from bot.playground.json_text import JSON
from bot.playground.rules.fields import flag, needed_object, needed_string, string
from bot.playground.text.links import MAX_LINK, address

MAX_CALLBACK_BYTES = 64
MAX_COPIED = 256
MAX_LOOK = 64
_CHATS = ("allow_user_chats", "allow_bot_chats", "allow_group_chats", "allow_channel_chats")


def inline_button(given: object) -> JSON:
    """Return the button as the message will carry it; of several actions the first that Telegram looks for counts."""
    try:
        return _button(given)
    except ValueError as wrong:
        raise bad_request(f"can't parse inline keyboard button: {wrong}") from None


def _button(given: object) -> JSON:
    if not isinstance(given, dict):
        raise ValueError("InlineKeyboardButton must be an Object")
    text = needed_string(given, "text")
    looks = {name: look[:MAX_LOOK] for name in ("icon_custom_emoji_id", "style") if (look := string(given, name))}
    action = _action(given)
    if not text.strip():
        raise bad_request("inline keyboard button text must be non-empty")
    return {"text": text} | looks | action


def _action(given: JSON) -> JSON:
    for name, read in _ACTIONS.items():
        # An empty address or data is none; an empty query is one.
        if given.get(name) is not None and not (name in {"url", "callback_data"} and given[name] == ""):
            return {name: read(given, name)}
    raise ValueError("Text buttons are unallowed in the inline keyboard")


def _url(given: JSON, name: str) -> str:
    return linked_address(needed_string(given, name), "inline keyboard button", secure=False)


def linked_address(url: str, of: str, *, secure: bool = True) -> str:
    """Return an address as Telegram writes it; `of` says in errors whose it is, `secure` allows HTTPS alone."""
    if len(url) > MAX_LINK:
        raise bad_request("BUTTON_URL_INVALID")
    found = address(url)
    if secure and found and not found.startswith("https://"):
        raise bad_request(f"{of} URL '{url}' is invalid: Only HTTPS links are allowed")
    if not found:
        reason = "Unsupported URL protocol" if "://" in url else "Wrong HTTP URL"
        raise bad_request(f"{of} URL '{url}' is invalid: {reason}")
    return found


def _data(given: JSON, name: str) -> str:
    data = needed_string(given, name)
    if len(data.encode()) > MAX_CALLBACK_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    return data


def _game(given: JSON, name: str) -> JSON:
    needed_object(given, name)
    return {}


def _pay(given: JSON, name: str) -> bool:
    flag(given, name)
    return True  # that the field is there is what counts


def _chosen_chat(given: JSON, name: str) -> JSON:
    chosen = needed_object(given, name)
    query = string(chosen, "query")
    return ({"query": query} if query else {}) | {chats: True for chats in _CHATS if flag(chosen, chats)}


def _login(given: JSON, name: str) -> JSON:
    login = needed_object(given, name)
    url = linked_address(needed_string(login, "url"), "inline keyboard button login")
    more = {field: value for field in ("forward_text", "bot_username") if (value := string(login, field))}
    return {"url": url} | more | ({"request_write_access": True} if flag(login, "request_write_access") else {})


def _web_app(given: JSON, name: str) -> JSON:
    url = needed_string(needed_object(given, name), "url")
    return {"url": linked_address(url, "inline keyboard button Web App")}


def _copied(given: JSON, name: str) -> JSON:
    text = needed_string(needed_object(given, name), "text")
    if not 0 < len(text) <= MAX_COPIED:
        raise bad_request("BUTTON_COPY_TEXT_INVALID")
    return {"text": text}


_ACTIONS: dict[str, Callable[[JSON, str], object]] = {
    "url": _url,
    "callback_data": _data,
    "callback_game": _game,
    "pay": _pay,
    "switch_inline_query": needed_string,
    "switch_inline_query_chosen_chat": _chosen_chat,
    "switch_inline_query_current_chat": needed_string,
    "login_url": _login,
    "web_app": _web_app,
    "copy_text": _copied,
}
"""What buttons may do, in the order in which Telegram looks for it."""
