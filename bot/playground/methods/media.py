"""Photos and documents: sending, and finding them again."""

from bot.playground.api_error import ApiError, bad_request
from bot.playground.files import MAX_DOWNLOAD, MAX_UPLOAD, content, is_photo, store
from bot.playground.json_text import JSON
from bot.playground.methods.given import buttons, caption, place, writable_chat
from bot.playground.methods.method import Method
from bot.playground.params import Params
from bot.playground.world import StoredFile, World


async def send_photo(world: World, params: Params) -> JSON:
    """Post a picture, new or known by its file_id."""
    return _send(world, params, "photo")


async def send_document(world: World, params: Params) -> JSON:
    """Post a file, new or known by its file_id."""
    return _send(world, params, "document")


def _send(world: World, params: Params, kind: str) -> JSON:
    words = caption(params)
    chat = writable_chat(world, params)
    extras = place(params, chat) | words | buttons(params)
    return world.post(chat, world.me, content(_file(world, params, kind)) | extras)


def _file(world: World, params: Params, kind: str) -> StoredFile:
    upload = params.upload(kind)
    if upload is None:
        return _known_file(world, params.text(kind), kind)
    if not upload.data:
        raise bad_request("file must be non-empty")
    if len(upload.data) > MAX_UPLOAD:
        raise ApiError(413, "Request Entity Too Large")
    if kind == "photo" and not is_photo(upload):
        raise bad_request("IMAGE_PROCESS_FAILED")
    return store(world, upload, kind)


def _known_file(world: World, file_id: str, kind: str) -> StoredFile:
    if not file_id:
        raise bad_request(f"there is no {kind} in the request")
    file = world.files.get(file_id)
    if file is None:
        # An address on the web is not fetched either: the playground reaches nothing outside.
        raise bad_request("wrong file identifier/HTTP URL specified")
    if file.kind != kind:
        raise bad_request(f"can't use file of type {file.kind.capitalize()} as {kind.capitalize()}")
    return file


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


METHODS: dict[str, Method] = {"sendPhoto": send_photo, "sendDocument": send_document, "getFile": get_file}
