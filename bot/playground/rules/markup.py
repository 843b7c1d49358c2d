"""reply_markup of messages: inline keyboards, and those below the input field."""

from bot.playground.api_error import ApiError, bad_request
from bot.playground.chat import Chat
from bot.playground.json_text import JSON
from bot.playground.params import Params
from bot.playground.rules.keyboards import inline_keyboard
from bot.playground.rules.reply_keyboards import reply_keyboard


def buttons(params: Params, chat: Chat | None = None) -> JSON:
    """Return the keyboard as the message's field, if there is one.

    `chat` is where a new message goes: outside of channels it may bring a reply keyboard, which `World.post` shows to
    people beside the message. Edited messages have inline keyboards only.
    """
    markup = _markup(params)
    other = reply_keyboard(markup, private=chat is None or chat.type == "private")
    if other and (chat is None or chat.type == "channel"):
        raise bad_request("inline keyboard expected")
    if other:
        return {"reply_keyboard": other}
    inline = inline_keyboard(markup)
    return {"reply_markup": inline} if inline else {}


def _markup(params: Params) -> JSON:
    try:
        markup = params.parsed("reply_markup")
    except ApiError:
        raise bad_request("can't parse reply keyboard markup JSON object") from None
    if markup is not None and not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    return markup or {}
