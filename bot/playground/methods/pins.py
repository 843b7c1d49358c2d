"""Pinned messages of a chat, the newest last."""

from bot.playground.api_error import bad_request
from bot.playground.chat import Chat
from bot.playground.methods.given import known_chat, message_given
from bot.playground.methods.method import Method
from bot.playground.params import Params
from bot.playground.rules.hearing import SERVICE, tell
from bot.playground.rules.replies import shown_as_original
from bot.playground.rules.rights import must_administer
from bot.playground.rules.threads import thread_of
from bot.playground.world import World

MAX_PINNED = 100
"""The oldest go first; each change tells people of all."""


async def pin_chat_message(world: World, params: Params) -> bool:
    """Pin a message; all see it by a service message, and as in Telegram the bot hears of that too."""
    chat = _chat(world, params)
    message = message_given(chat, params, "pin")
    if not SERVICE.isdisjoint(message):
        raise bad_request("message can't be pinned")
    if message["message_id"] in chat.pinned:
        return True
    chat.pinned.append(message["message_id"])
    del chat.pinned[:-MAX_PINNED]
    inside = thread_of(message) | ({"is_topic_message": True} if thread_of(message) else {})
    notice = world.post(chat, world.me, inside | {"pinned_message": shown_as_original(message)})
    tell(world, chat, notice)
    world.publish_chat(chat)
    return True


async def unpin_chat_message(world: World, params: Params) -> bool:
    """Unpin a message; without an id the newest that is pinned."""
    chat = _chat(world, params)
    if params.integer("message_id"):
        number = message_given(chat, params, "unpin")["message_id"]
    elif chat.pinned:
        number = max(chat.pinned)
    else:
        raise bad_request("message to unpin not found")
    if number in chat.pinned:
        chat.pinned.remove(number)
        world.publish_chat(chat)
    return True


async def unpin_all_chat_messages(world: World, params: Params) -> bool:
    """Unpin all messages."""
    chat = _chat(world, params)
    if chat.pinned:
        chat.pinned.clear()
        world.publish_chat(chat)
    return True


def _chat(world: World, params: Params) -> Chat:
    chat = known_chat(world, params)
    must_administer(chat, "not enough rights to manage pinned messages in the chat")
    return chat


METHODS: dict[str, Method] = {
    "pinChatMessage": pin_chat_message,
    "unpinChatMessage": unpin_chat_message,
    "unpinAllChatMessages": unpin_all_chat_messages,
}
