"""Forwarding and copying messages to other chats."""

from collections import Counter
from collections.abc import Callable
from itertools import pairwise

from bot.playground.api_error import bad_request
from bot.playground.chat import BOT_ID, Chat
from bot.playground.json_text import JSON
from bot.playground.methods.albums import new_album
from bot.playground.methods.given import chat_named, message_given, place, writable_chat
from bot.playground.methods.message_lists import found, message_ids
from bot.playground.methods.method import Method
from bot.playground.params import Params
from bot.playground.rules.forwarding import copied, forwarded, may_be_copied, may_go
from bot.playground.rules.kinds import CAPTIONED, VISUAL, kind_of
from bot.playground.rules.markup import buttons
from bot.playground.rules.poll import NAMED_IN_CHANNEL
from bot.playground.rules.polls import copy, fits
from bot.playground.rules.rights import may_read
from bot.playground.rules.words import caption
from bot.playground.world import World

_CAPTION = ("caption", "caption_entities", "show_caption_above_media")


async def forward_message(world: World, params: Params) -> JSON:
    """Post a message of one chat in another, saying where it comes from."""
    message = _message(world, params, "forward", "forwarded")
    chat = _target(world, params, message)
    return world.post(chat, world.me, place(world, params, chat) | forwarded(message))


async def copy_message(world: World, params: Params) -> JSON:
    """Post what a message shows in another chat, as the bot's own, and return its id."""
    message = _message(world, params, "copy", "copied")
    if not may_be_copied(message):
        raise bad_request("the message can't be copied")
    content = copied(message)
    kind = kind_of(message)
    if params.has("caption") and kind in CAPTIONED:
        above = {"show_caption_above_media": True} if params.flag(_CAPTION[2]) and kind in VISUAL else {}
        content = _bare(content) | caption(params) | above
    chat = _target(world, params, message)
    around = place(world, params, chat) | buttons(params, chat)
    posted = world.post(chat, world.me, around | copy(world, BOT_ID, content))
    return {"message_id": posted["message_id"]}


def _target(world: World, params: Params, message: JSON) -> Chat:
    chat = writable_chat(world, params)
    if not fits(world, chat, message):
        raise bad_request(NAMED_IN_CHANNEL)
    return chat


def _message(world: World, params: Params, verb: str, done: str) -> JSON:
    message = message_given(_source(world, params), params, verb)
    if not may_go(message):
        raise bad_request(f"the message can't be {done}")
    return message


def _source(world: World, params: Params) -> Chat:
    named = params.text("from_chat_id").strip()
    if not named:
        raise bad_request('parameter "from_chat_id" is required')
    chat = chat_named(world, named)
    may_read(chat)
    return chat


def _bare(content: JSON) -> JSON:
    return {name: value for name, value in content.items() if name not in _CAPTION}


async def forward_messages(world: World, params: Params) -> list[JSON]:
    """Forward messages, those left out that cannot be; return the ids of the new ones."""
    return _many(world, params, forwarded, may_go)


async def copy_messages(world: World, params: Params) -> list[JSON]:
    """Copy messages, those left out that cannot be; return the ids of the new ones."""
    bare = params.flag("remove_caption")

    def content(message: JSON) -> JSON:
        return copy(world, BOT_ID, _bare(copied(message)) if bare else copied(message))

    return _many(world, params, content, may_be_copied)


def _many(world: World, params: Params, content: Callable[[JSON], JSON], allowed: Callable[[JSON], bool]) -> list[JSON]:
    ids = message_ids(params)
    if any(after <= before for before, after in pairwise(ids)):
        raise bad_request("message identifiers must be in a strictly increasing order")
    chat = writable_chat(world, params)
    messages = [one for one in found(_source(world, params), ids) if allowed(one) and fits(world, chat, one)]
    if not messages:
        raise bad_request("there are no messages to forward")
    where = place(world, params, chat)
    albums = _albums(messages)
    return [
        {"message_id": world.post(chat, world.me, where | content(one) | albums.get(_album(one), {}))["message_id"]}
        for one in messages
    ]


def _album(message: JSON) -> str:
    return str(message.get("media_group_id", ""))


def _albums(messages: list[JSON]) -> dict[str, JSON]:
    """Return a new album for each that at least two of the messages belong to."""
    sizes = Counter(_album(message) for message in messages if _album(message))
    return {album: new_album(size) for album, size in sizes.items()}


METHODS: dict[str, Method] = {
    "forwardMessage": forward_message,
    "forwardMessages": forward_messages,
    "copyMessage": copy_message,
    "copyMessages": copy_messages,
}
