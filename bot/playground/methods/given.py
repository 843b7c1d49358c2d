"""Parameters that many methods share: the chat, formatted text, what is replied to, buttons."""

import re

from bot.playground.api_error import ApiError, bad_request, forbidden
from bot.playground.chat import BOT_ID, Chat
from bot.playground.entities import checked, trimmed, utf16_length, with_detected
from bot.playground.html_text import parse_html
from bot.playground.json_text import JSON
from bot.playground.keyboards import inline_keyboard
from bot.playground.markdown_text import parse_markdown
from bot.playground.params import Params
from bot.playground.reply_keyboards import reply_keyboard
from bot.playground.rights import must_be_in, must_write
from bot.playground.threads import placed
from bot.playground.world import World

MAX_TEXT = 4096
MAX_CAPTION = 1024
"""Both in UTF-16 code units, so that a text that passes here passes however Telegram counts."""
MAX_SOURCE = 32_768
"""Characters that are looked at, markup included."""


def known_chat(world: World, params: Params) -> Chat:
    """Return the chat that `chat_id` names, by number or @username, if the bot can know of it."""
    return chat_named(world, params.text("chat_id").strip())


def chat_named(world: World, given: str) -> Chat:
    """Return the chat with this number or @username, if the bot can know of it."""
    if not given:
        raise bad_request("chat_id is empty")
    chat = world.chats.get(int(given)) if re.fullmatch(r"-?\d{1,18}", given, re.ASCII) else None
    if given.startswith("@"):
        chat = next((c for c in world.chats.values() if c.username and c.username == given[1:].lower()), None)
    if chat is None:
        raise bad_request("chat not found")
    return chat


def seen_chat(world: World, params: Params) -> Chat:
    """Return the chat if the bot is in it; a person's only after they wrote first."""
    chat = known_chat(world, params)
    if chat.type == "private" and not world.people[chat.id].started:
        raise bad_request("chat not found")
    must_be_in(chat)
    return chat


def writable_chat(world: World, params: Params) -> Chat:
    """Return the chat if the bot may write there: people must have written first, and must not have blocked it."""
    if params.text("chat_id").strip() == str(BOT_ID):
        raise forbidden("bots can't send messages to bots")
    chat = known_chat(world, params)
    if chat.type == "private" and not world.people[chat.id].started:
        raise forbidden("bot can't initiate conversation with a user")
    must_write(chat)
    return chat


def cleaned(text: str) -> str:
    """Replace control characters by spaces, one for one, so that offsets stay true."""
    return re.sub(r"[\x00-\x09\x0b-\x1f\x7f]", " ", text)


def formatted(params: Params, name: str, entities_name: str, limit: int = MAX_TEXT) -> tuple[str, list[JSON]]:
    """Return the text `name` without its markup, and its entities; at most `limit` long."""
    too_long = bad_request("message is too long" if limit == MAX_TEXT else "message caption is too long")
    source = cleaned(params.text(name))
    if len(source) > MAX_SOURCE:
        raise too_long
    mode = params.text("parse_mode").lower()
    given = params.parsed(entities_name)
    if mode == "html":
        text, entities = parse_html(source)
    elif mode == "markdownv2":
        text, entities = parse_markdown(source)
    elif mode:
        raise bad_request("unsupported parse_mode")
    else:
        text, entities = source, checked(source, given) if given else []
    text, entities = trimmed(text, entities)
    if utf16_length(text) > limit:
        raise too_long
    return text, with_detected(text, entities)


def message_text(params: Params) -> JSON:
    """Return the text of a message as its fields."""
    return words_of(params, "text")


def words_of(params: Params, name: str) -> JSON:
    """Return parameter `name` as the text of a message; it must not be empty."""
    text, entities = formatted(params, name, "entities")
    if not text:
        raise bad_request("message text is empty")
    return {"text": text} | ({"entities": entities} if entities else {})


def caption(params: Params) -> JSON:
    """Return the caption of a file as the message's fields."""
    text, entities = formatted(params, "caption", "caption_entities", MAX_CAPTION)
    return ({"caption": text} if text else {}) | ({"caption_entities": entities} if entities else {})


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


def replied(params: Params, chat: Chat) -> JSON:
    """Return the message that is replied to as the new message's field."""
    reply = params.mapping("reply_parameters")
    wanted = reply.get("message_id") or params.integer("reply_to_message_id")
    if not wanted:
        return {}
    forgiving = reply.get("allow_sending_without_reply") is True or params.flag("allow_sending_without_reply")
    elsewhere = str(reply.get("chat_id", chat.id)) != str(chat.id)
    original = None if elsewhere or not isinstance(wanted, int) else chat.messages.get(wanted)
    if original is None:
        if forgiving:
            return {}
        raise bad_request("message to be replied not found")
    return {"reply_to_message": shown_as_original(original)}


def shown_as_original(message: JSON) -> JSON:
    """Return a message as it appears inside a reply to it: without what it replied to itself."""
    return {name: value for name, value in message.items() if name != "reply_to_message"}


def place(params: Params, chat: Chat) -> JSON:
    """Return the fields of the reply, of the topic that the new message belongs to, and of its protection."""
    protected = {"has_protected_content": True} if params.flag("protect_content") else {}
    may_write = chat.bot == "administrator"
    return placed(chat, params.integer("message_thread_id"), replied(params, chat), closed_too=may_write) | protected
