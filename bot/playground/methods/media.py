"""Files in messages: pictures, sound, film, documents; sending them, and finding them again."""

from bot.playground.api_error import bad_request
from bot.playground.json_text import JSON
from bot.playground.methods.given import place, writable_chat
from bot.playground.methods.method import Method
from bot.playground.params import Params
from bot.playground.rules.files import MAX_DOWNLOAD
from bot.playground.rules.kinds import CAPTIONED, content
from bot.playground.rules.markup import buttons
from bot.playground.rules.media_params import keep, looks, taken
from bot.playground.rules.words import caption
from bot.playground.world import World


def _sending(kind: str) -> Method:
    """Return the method that posts a file of this kind."""

    async def send(world: World, params: Params) -> JSON:
        words = caption(params) if kind in CAPTIONED else {}
        chat = writable_chat(world, params)
        extras = place(world, params, chat) | words | looks(params, kind) | buttons(params, chat)
        return world.post(chat, world.me, content(keep(world, taken(world, params, kind, kind))) | extras)

    return send


async def get_file(world: World, params: Params) -> JSON:
    """Return where a file can be downloaded; at most 20 MB."""
    file = world.files.get(params.text("file_id"))
    if file is None:
        raise bad_request("invalid file_id")
    if len(file.data) > MAX_DOWNLOAD:
        raise bad_request("file is too big")
    return {
        "file_id": file.file_id,
        "file_unique_id": file.unique_id,
        "file_size": len(file.data),
        "file_path": file.path,
    }


METHODS: dict[str, Method] = {
    "sendPhoto": _sending("photo"),
    "sendDocument": _sending("document"),
    "sendVoice": _sending("voice"),
    "sendAudio": _sending("audio"),
    "sendVideo": _sending("video"),
    "sendAnimation": _sending("animation"),
    "sendVideoNote": _sending("video_note"),
    "sendSticker": _sending("sticker"),
    "getFile": get_file,
}
