"""InputMedia: files as parts of an album, or in the place of what a message showed."""

from typing import Any

from bot.playground.api_error import ApiError, bad_request
from bot.playground.json_text import JSON
from bot.playground.params import Params
from bot.playground.rules.kinds import content
from bot.playground.rules.media_params import keep, looks, taken
from bot.playground.rules.words import caption
from bot.playground.world import StoredFile, World

EDITABLE = frozenset({"photo", "video", "animation", "audio", "document"})
"""Kinds that an InputMedia can be, and that can be replaced by one."""


def item(params: Params, given: Any, *, album: bool) -> tuple[str, Params]:
    """Return the kind of an InputMedia, and its fields."""
    if not isinstance(given, dict):
        raise _wrong("expected an Object")
    fields = params.within(given)
    if not fields.upload("media") and (not fields.text("media") or fields.text("media").startswith("attach://")):
        raise _wrong("media not found")
    kind = fields.text("type")
    if not kind:
        raise _wrong('can\'t find field "type"')
    if album and kind == "animation":
        raise _wrong(f'type "{kind}" can\'t be used in sendMediaGroup')
    if kind not in EDITABLE:
        raise _wrong(f'type "{kind[:64]}" is unsupported')
    return kind, fields


def _wrong(reason: str) -> ApiError:
    return bad_request(f"can't parse InputMedia: {reason}")


def words(kind: str, fields: Params) -> JSON:
    """Return the caption of an InputMedia, and how it is shown, as fields of the message."""
    return caption(fields) | looks(fields, kind)


def file_of(world: World, kind: str, fields: Params) -> StoredFile:
    """Return the file of an InputMedia; a new one is not kept yet."""
    return taken(world, fields, "media", kind)


def shown(world: World, file: StoredFile) -> JSON:
    """Keep the file, and return the fields of a message that show it."""
    return content(keep(world, file))
