"""Carrying out the bot's calls, whether they came as requests or in a webhook's answer."""

from typing import Any

from bot.playground.api_error import ApiError
from bot.playground.chat import Chat
from bot.playground.faults import suffer
from bot.playground.floods import is_counted
from bot.playground.methods import METHODS
from bot.playground.methods.given import known_chat
from bot.playground.methods.method import Method
from bot.playground.params import Params
from bot.playground.world import World

# Names that Telegram gave up and still answers to.
_OLD_NAMES = {"getChatMembersCount": "getChatMemberCount", "kickChatMember": "banChatMember"}
_BY_LOWER_NAME = {name.lower(): method for name, method in METHODS.items()} | {
    old.lower(): METHODS[new] for old, new in _OLD_NAMES.items()
}
# Calls that send one message for each item of this parameter.
_ITEMS = {"sendmediagroup": "media", "copymessages": "message_ids", "forwardmessages": "message_ids"}


def knows(name: str) -> bool:
    """Tell whether there is a method of this name, in whatever case."""
    return name.lower() in _BY_LOWER_NAME


async def carry_out(world: World, name: str, params: Params) -> Any:
    """Return the `result` of a call; faults that were asked for and flood limits come first.

    Raises ApiError, or Unanswered where there shall be no answer.
    """
    method = _BY_LOWER_NAME.get(name.lower())
    if method is None:
        raise ApiError(404, "Not Found: method not found")

    async def call() -> Any:
        return await _within_limits(world, name.lower(), method, params)

    return await suffer(world.faults.take(name), call)


async def _within_limits(world: World, name: str, method: Method, params: Params) -> Any:
    chat = _chat(world, params) if world.floods.on and is_counted(name) else None
    if chat is None:
        return await method(world, params)
    group = chat.type != "private"
    world.floods.check(chat.id, group=group, messages=_wanted(name, params))
    result = await method(world, params)
    if sent := len(result) if isinstance(result, list) else 1:
        world.floods.count(chat.id, group=group, messages=sent)
    return result


def _chat(world: World, params: Params) -> Chat | None:
    try:
        return known_chat(world, params)
    except ApiError:
        return None  # the method itself says what is wrong


def _wanted(name: str, params: Params) -> int:
    items = params.parsed(_ITEMS[name]) if name in _ITEMS else None
    return max(len(items), 1) if isinstance(items, list) else 1
