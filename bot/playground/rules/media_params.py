"""Files that parameters bring, and how they are to be shown."""

from bot.playground.api_error import ApiError, bad_request
from bot.playground.json_text import JSON
from bot.playground.params import Params, Upload
from bot.playground.rules.files import MAX_UPLOAD, image_size, is_photo, made, store
from bot.playground.rules.kinds import KINDS, VISUAL, content
from bot.playground.rules.sniffing import media_type
from bot.playground.world import StoredFile, World

MAX_SECONDS = 24 * 3600
MAX_SIDE = 10_000
_NUMBERS = {"duration": MAX_SECONDS, "width": MAX_SIDE, "height": MAX_SIDE, "length": MAX_SIDE}
_TEXTS = {"performer": 64, "title": 64, "emoji": 16}


def looks(params: Params, kind: str) -> JSON:
    """Return the fields that say how a picture or a film is shown."""
    if kind not in VISUAL:
        return {}
    above = {"show_caption_above_media": True} if params.flag("show_caption_above_media") else {}
    return above | ({"has_media_spoiler": True} if params.flag("has_spoiler") else {})


def taken(world: World, params: Params, name: str, kind: str) -> StoredFile:
    """Return the file that parameter `name` brings as one of `kind`, new (and not kept yet) or known by its file_id."""
    upload = params.upload(name)
    if upload is None:
        return _known_file(world, params.text(name), kind)
    _check(upload, kind)
    return made(world, upload, kind, _said(world, params))


def keep(world: World, file: StoredFile) -> StoredFile:
    """Keep a file, unless the world has it already, and return it."""
    if file.file_id not in world.files:
        world.keep_file(file)
    return file


def _check(upload: Upload, kind: str) -> None:
    if not upload.data:
        raise bad_request("file must be non-empty")
    if len(upload.data) > MAX_UPLOAD:
        raise ApiError(413, "Request Entity Too Large")
    if kind == "photo" and not is_photo(upload):
        raise bad_request("IMAGE_PROCESS_FAILED")
    if kind == "sticker" and not _is_sticker(upload.data):
        raise bad_request("STICKER_FILE_INVALID")


def _is_sticker(data: bytes) -> bool:
    """Tell whether this may be a sticker: a WebP picture, a gzipped animation (TGS) or a WebM film."""
    image = image_size(data)
    return data.startswith(b"\x1f\x8b") or media_type(data) == "video/webm" or (image or ("",))[0] == "image/webp"


def _said(world: World, params: Params) -> JSON:
    """Return what the sender says of a new file, within Telegram's bounds."""
    numbers = {name: min(max(params.integer(name), 0), most) for name, most in _NUMBERS.items()}
    texts = {name: params.text(name)[:most] for name, most in _TEXTS.items()}
    return numbers | texts | _thumbnail(world, params)


def _thumbnail(world: World, params: Params) -> JSON:
    upload = params.upload("thumbnail")
    if upload is None or not is_photo(upload):
        return {}
    return {"thumbnail": content(store(world, upload, "photo"))["photo"][0]}


def _known_file(world: World, file_id: str, kind: str) -> StoredFile:
    if not file_id:
        raise bad_request(f"there is no {kind.replace('_', ' ')} in the request")
    file = world.files.get(file_id)
    if file is None:
        # An address on the web is not fetched either: the playground reaches nothing outside.
        raise bad_request("wrong file identifier/HTTP URL specified")
    # Messages with an animation show it as a document too; sent on as that, it stays an animation.
    if file.kind != kind and (file.kind, kind) != ("animation", "document"):
        raise bad_request(f"can't use file of type {KINDS[file.kind].called} as {KINDS[kind].called}")
    return file
