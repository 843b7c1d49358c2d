"""Changing messages that show files: their captions, and the files themselves."""

from typing import Any

from bot.playground.api_error import bad_request
from bot.playground.json_text import JSON
from bot.playground.methods.albums import ALONE
from bot.playground.methods.input_media import EDITABLE, file_of, item, shown, words
from bot.playground.methods.messages import edit, own_message
from bot.playground.methods.method import Method
from bot.playground.params import Params
from bot.playground.rules.inline import is_inline
from bot.playground.rules.kinds import CAPTIONED, KINDS, VISUAL, kind_of
from bot.playground.rules.markup import buttons
from bot.playground.rules.words import caption
from bot.playground.world import World

_WORDS = frozenset({"caption", "caption_entities", "show_caption_above_media", "reply_markup"})
_CONTENT = _WORDS | KINDS.keys() | {"text", "entities", "link_preview_options", "has_media_spoiler"}


async def edit_message_caption(world: World, params: Params) -> Any:
    """Replace the caption and the buttons of a message of the bot; without a new caption there is none."""
    new = caption(params)
    chat, old = own_message(world, params)
    kind = kind_of(old)
    if kind not in CAPTIONED:
        raise bad_request("there is no caption in the message to edit")
    if kind in VISUAL and params.flag("show_caption_above_media"):
        new["show_caption_above_media"] = True
    return edit(world, chat, old, _without(old, _WORDS) | new | buttons(params))


async def edit_message_media(world: World, params: Params) -> Any:
    """Show another file in a message of the bot, with its own caption and buttons."""
    given = params.parsed("media")
    if given is None:
        raise bad_request('parameter "media" is required')
    kind, fields = item(params, given, album=False)
    said = words(kind, fields)
    chat, old = own_message(world, params)
    if is_inline(old) and fields.upload("media"):
        raise bad_request("invalid message content specified")  # only files that the bot sent before
    _check_change(old, kind)
    file = file_of(world, kind, fields)
    return edit(world, chat, old, _without(old, _CONTENT) | shown(world, file) | said | buttons(params))


def _without(message: JSON, names: frozenset[str]) -> JSON:
    return {name: value for name, value in message.items() if name not in names}


def _check_change(old: JSON, new: str) -> None:
    before = kind_of(old)
    if before not in EDITABLE and "text" not in old:
        raise bad_request("there is no media in the message to edit")
    if "media_group_id" in old and before != new:
        if new == "animation":
            raise bad_request("message content type can't be used in an album")
        if before in ALONE or new in ALONE:
            raise bad_request("can't change media type in the album")


METHODS: dict[str, Method] = {
    "editMessageCaption": edit_message_caption,
    "editMessageMedia": edit_message_media,
}
