"""Parameters that many methods share: the chat, formatted text, what is replied to, buttons."""

import re

from bot.playground.api_error import bad_request, forbidden
from bot.playground.chat import GENERAL, Chat
from bot.playground.json_text import JSON
from bot.playground.params import Params
from bot.playground.rules.replies import as_field, external, quote, shown_as_original, whole_quote
from bot.playground.rules.rights import may_read, must_meet, must_write
from bot.playground.rules.threads import placed, topic_of
from bot.playground.rules.words import parsed
from bot.playground.world import World


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


def message_given(chat: Chat, params: Params, verb: str) -> JSON:
    """Return the message of the chat that `message_id` names; `verb` says what was to be done with it."""
    message_id = params.integer("message_id")
    if not message_id:
        raise bad_request("message identifier is not specified")
    message = chat.messages.get(message_id)
    if message is None:
        raise bad_request(f"message to {verb} not found")
    return message


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
    text, entities = parsed(reply, "quote", "quote_entities", "quote_parse_mode")
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
