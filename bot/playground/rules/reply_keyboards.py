"""Keyboards below the input field, and what else a message can do there: checked as Telegram checks them.

https://core.telegram.org/bots/api#replykeyboardmarkup
"""

from bot.playground.api_error import ApiError, bad_request
from bot.playground.json_text import JSON
from bot.playground.rules.keyboards import rows_of, small

MAX_IN_ROW, MAX_KEYS = 12, 300
"""Telegram leaves keys beyond these out."""
MAX_PLACEHOLDER = 64
_PRIVATE = {
    "request_contact": "phone number can be requested in private chats only",
    "request_location": "location can be requested in private chats only",
    "request_poll": "poll can be requested in private chats only",
    "web_app": "Web App buttons can be used in private chats only",
    "request_users": "users can be requested in private chats only",
    "request_chat": "chats can be requested in private chats only",
}
"""What a key may ask for, and Telegram's words outside of private chats."""
_FLAGS = ("resize_keyboard", "one_time_keyboard", "is_persistent", "selective")
_WANTED = frozenset({
    "request_id", "user_is_bot", "user_is_premium", "max_quantity", "request_name", "request_username", "request_photo",
    "chat_is_channel", "chat_is_forum", "chat_has_username", "chat_is_created", "bot_is_member", "request_title",
})  # fmt: skip
"""What a key may say of the users or the chat that it asks for."""


def reply_keyboard(markup: JSON, *, private: bool) -> JSON | None:
    """Return a ReplyKeyboardMarkup, ReplyKeyboardRemove or ForceReply as people see it, or None if it is none."""
    rows = _rows(markup["keyboard"], private=private) if markup.get("keyboard") is not None else []
    flags = {name: True for name in _FLAGS if _flag(markup, name)}
    hint = _placeholder(markup)
    if rows:
        return small({"keyboard": rows} | flags | hint)
    aimed = {"selective": True} if "selective" in flags else {}
    if _flag(markup, "remove_keyboard"):
        return {"remove_keyboard": True} | aimed
    return {"force_reply": True} | hint | aimed if _flag(markup, "force_reply") else None


def _rows(given: object, *, private: bool) -> list[list[JSON]]:
    rows = [[_key(key, private=private) for key in row] for row in rows_of(given, "keyboard", "ReplyKeyboardMarkup")]
    kept, left = [], MAX_KEYS
    for row in rows:
        keys = row[: min(MAX_IN_ROW, left)]
        left -= len(keys)
        kept += [keys] if keys else []
    return kept


def _key(key: object, *, private: bool) -> JSON:
    if isinstance(key, str):
        key = {"text": key}
    if not isinstance(key, dict):
        raise _wrong("KeyboardButton must be a String or an Object")
    if not isinstance(key.get("text"), str):
        raise _wrong('Field "text" must be of type String' if "text" in key else 'Can\'t find field "text"')
    if not key["text"].strip():
        raise bad_request("keyboard button text must be non-empty")
    # An empty object asks as well: for a poll of any type.
    asked = next((name for name in _PRIVATE if key.get(name) is not None and key[name] is not False), "")
    if not asked:
        return {"text": key["text"]} | _look(key)
    if not private:
        raise bad_request(_PRIVATE[asked])
    return {"text": key["text"], asked: _asked(key, asked)} | _look(key)


def _look(key: JSON) -> JSON:
    return {name: key[name][:64] for name in ("style", "icon_custom_emoji_id") if isinstance(key.get(name), str)}


def _asked(key: JSON, name: str) -> bool | JSON:
    """Return what a key asks for: true, or the object that says what exactly."""
    value = key[name]
    if name in {"request_contact", "request_location"}:
        if value is not True:
            raise _wrong(f'Field "{name}" must be of type Boolean')
        return True
    if not isinstance(value, dict):
        raise _wrong(f'Field "{name}" must be of type Object')
    return _CHECKS[name](value)


def _poll(value: JSON) -> JSON:
    kind = value.get("type")
    if kind is not None and not isinstance(kind, str):
        raise _wrong('Field "type" must be of type String')
    return {"type": kind} if kind in {"quiz", "regular"} else {}


def _web_app(value: JSON) -> JSON:
    if not isinstance(value.get("url"), str):
        raise _wrong('Field "url" must be of type String')
    return {"url": value["url"]}


def _request(value: JSON) -> JSON:
    request_id = value.get("request_id")
    if isinstance(request_id, bool) or not isinstance(request_id, int) or not -(2**31) <= request_id < 2**31:
        raise _wrong('Field "request_id" must be a valid Number')
    return {name: one for name, one in value.items() if name in _WANTED and isinstance(one, bool | int)}


_CHECKS = {"request_poll": _poll, "web_app": _web_app, "request_users": _request, "request_chat": _request}


def _flag(markup: JSON, name: str) -> bool:
    value = markup.get(name)
    if value is not None and not isinstance(value, bool):
        raise bad_request(f'field "{name}" must be of the type Boolean')
    return value is True


def _placeholder(markup: JSON) -> JSON:
    text = markup.get("input_field_placeholder")
    if text is not None and not isinstance(text, str):
        raise bad_request('field "input_field_placeholder" must be of the type String')
    return {"input_field_placeholder": text[:MAX_PLACEHOLDER]} if text else {}


def _wrong(reason: str) -> ApiError:
    return bad_request(f"can't parse keyboard button: {reason}")
