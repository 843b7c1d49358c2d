"""Albums: files that are sent together and shown as one."""

import secrets

from bot.playground.api_error import ApiError, bad_request
from bot.playground.json_text import JSON
from bot.playground.methods.given import place, writable_chat
from bot.playground.methods.input_media import file_of, item, shown, words
from bot.playground.methods.method import Method
from bot.playground.params import Params
from bot.playground.world import StoredFile, World

MAX_ITEMS = 10
ALONE = ("document", "audio")
"""Kinds that are in albums only with their like."""


async def send_media_group(world: World, params: Params) -> list[JSON]:
    """Post an album and return its messages; as in Telegram a single item becomes a message without an album."""
    items = _items(params)
    captions = [words(kind, fields) for kind, fields in items]
    if len({"show_caption_above_media" in one for one in captions}) > 1:
        raise bad_request("parameter show_caption_above_media must be the same for all messages")
    chat = writable_chat(world, params)
    # Nothing is kept or posted before all is known to be right.
    files = [_file(world, *one, number) for number, one in enumerate(items, 1)]
    where = place(world, params, chat) | new_album(len(items))
    return [
        world.post(chat, world.me, shown(world, file) | where | said)
        for file, said in zip(files, captions, strict=True)
    ]


def new_album(items: int) -> JSON:
    """Return the field that holds an album of so many messages together."""
    return {"media_group_id": str(secrets.randbits(53))} if items > 1 else {}


def _items(params: Params) -> list[tuple[str, Params]]:
    given = params.parsed("media")
    if given is None:
        raise bad_request('parameter "media" is required')
    if not isinstance(given, list):
        raise bad_request("expected an Array of InputMedia")
    if not given:
        raise bad_request("there are no messages to send")
    if len(given) > MAX_ITEMS:
        raise bad_request("too many messages to send as an album")
    items = [item(params, one, album=True) for one in given]
    _check_mixture({kind for kind, _ in items})
    return items


def _check_mixture(kinds: set[str]) -> None:
    for kind in ALONE:
        if kind in kinds and len(kinds) > 1:
            raise bad_request(f"{kind} can't be mixed with other media types")


def _file(world: World, kind: str, fields: Params, number: int) -> StoredFile:
    try:
        return file_of(world, kind, fields)
    except ApiError as error:
        if error.code != 400:
            raise
        reason = error.description.removeprefix("Bad Request: ")
        reason = reason[0].upper() + reason[1:]
        raise bad_request(f'failed to send message #{number} with the error message "{reason}"') from None


METHODS: dict[str, Method] = {"sendMediaGroup": send_media_group}
