"""Parameters that many methods share: the chat, formatted text, what is replied to, buttons."""

import re

from bot.playground.api_error import ApiError, bad_request, forbidden
from bot.playground.chat import GENERAL, Chat
from bot.playground.json_text import JSON
from bot.playground.params import Params
from bot.playground.rules.keyboards import inline_keyboard
from bot.playground.rules.replies import as_field, external, quote, shown_as_original, whole_quote
from bot.playground.rules.reply_keyboards import reply_keyboard
from bot.playground.rules.rights import may_read, must_meet, must_write
from bot.playground.rules.threads import placed, topic_of
from bot.playground.text.entities import checked, trimmed, utf16_length, with_detected
from bot.playground.text.html_text import parse_html
from bot.playground.text.legacy_markdown import parse_legacy_markdown
from bot.playground.text.markdown_text import parse_markdown
from bot.playground.text.nesting import arranged
from bot.playground.world import World

MAX_TEXT = 4096
MAX_CAPTION = 1024
"""Both in UTF-16 code units, so that a text that passes here passes however Telegram counts."""
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\u2800\u3164\ufeff \n"))
MAX_SOURCE = 32_768
"""Characters that are looked at, markup included."""
_PARSERS = {"html": parse_html, "markdownv2": parse_markdown, "markdown": parse_legacy_markdown}


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
    """Return the chat if the bot may know of it; a person's only after they wrote first."""
    chat = known_chat(world, params)
    if chat.type == "private" and not world.people[chat.id].started:
        raise bad_request("chat not found")
    may_read(chat)
    return chat


def met_chat(world: World, params: Params) -> Chat:
    """Return the chat if the bot is in it and may know who else is."""
    chat = seen_chat(world, params)
    must_meet(chat)
    return chat


def writable_chat(world: World, params: Params) -> Chat:
    """Return the chat if the bot may write there: people must have written first, and must not have blocked it."""
    if params.text("chat_id").strip() == str(world.bot_id):
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
    if len(params.text(name)) > MAX_SOURCE:
        raise too_long
    text, entities = trimmed(*_parsed(params, name, entities_name, "parse_mode"))
    if utf16_length(text) > limit:
        raise too_long
    return text, with_detected(text, arranged(entities))


def _parsed(params: Params, name: str, entities_name: str, mode_name: str) -> tuple[str, list[JSON]]:
    source = cleaned(params.text(name)[:MAX_SOURCE])
    mode = params.text(mode_name).lower()
    given = params.parsed(entities_name)
    if not mode:
        return source, checked(source, given) if given else []
    if mode not in _PARSERS:
        raise bad_request("unsupported parse_mode")
    return _PARSERS[mode](source)


def message_text(params: Params) -> JSON:
    """Return the text of a message as its fields."""
    return words_of(params, "text")


def words_of(params: Params, name: str) -> JSON:
    """Return parameter `name` as the text of a message; it must not be empty."""
    text, entities = formatted(params, name, "entities")
    if not text.translate(_INVISIBLE):
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


def replied(world: World, params: Params, chat: Chat) -> JSON:
    """Return what is replied to as the new message's fields; it may be in another chat or topic, or words of it."""
    reply = params.within(params.mapping("reply_parameters"))
    wanted = reply.integer("message_id") or params.integer("reply_to_message_id")
    if not wanted:
        return {}
    there = _replied_chat(world, reply) or chat
    original = there.messages.get(wanted)
    if original is None:
        if there is chat and any(one.flag("allow_sending_without_reply") for one in (reply, params)):
            return {}
        raise bad_request("message to be replied not found")
    words = _quoted(reply, original)
    if there is chat and not _of_other_topic(params, chat, original):
        return {"reply_to_message": shown_as_original(original)} | as_field(words)
    return external(there, original) | as_field(words or whole_quote(original))


def _replied_chat(world: World, reply: Params) -> Chat | None:
    named = reply.text("chat_id").strip()
    if not named:
        return None
    chat = chat_named(world, named)
    may_read(chat)
    return chat


def _of_other_topic(params: Params, chat: Chat, original: JSON) -> bool:
    thread = params.integer("message_thread_id")
    return bool(chat.is_forum and thread and thread != topic_of(original))


def _quoted(reply: Params, original: JSON) -> JSON:
    text, entities = _parsed(reply, "quote", "quote_entities", "quote_parse_mode")
    return quote(original, text, entities, reply.integer("quote_position")) if text else {}


def _thread(params: Params) -> int:
    thread_id = params.integer("message_thread_id")
    if thread_id == GENERAL:  # its messages have no thread, and Telegram knows none of this id
        raise bad_request("message thread not found")
    return thread_id


def place(world: World, params: Params, chat: Chat) -> JSON:
    """Return the fields of the reply, of the topic that the new message belongs to, and of its protection."""
    protected = {"has_protected_content": True} if params.flag("protect_content") else {}
    may_write = chat.bot == "administrator"
    return placed(chat, _thread(params), replied(world, params, chat), closed_too=may_write) | protected
