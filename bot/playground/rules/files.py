"""Uploads: names, kinds and pixels, found out from the bytes."""

import hashlib
import re
import secrets
import struct
from pathlib import PurePath

from bot.playground.json_text import JSON
from bot.playground.params import Upload
from bot.playground.rules.kinds import KINDS
from bot.playground.rules.sniffing import media_type, seconds
from bot.playground.world import StoredFile, World

MAX_DOWNLOAD = 20 * 2**20
MAX_UPLOAD = 50 * 2**20
MAX_PHOTO = 10 * 2**20
_STICKER_SIDE = 512
_GZIP = b"\x1f\x8b"
_UNKNOWN = "application/octet-stream"
_USUAL = {"voice": "audio/ogg", "audio": "audio/mpeg", "video": "video/mp4", "animation": "video/mp4"}
_TOLD = {"audio": ("performer", "title", "thumbnail"), "voice": ()}
_JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def image_size(data: bytes) -> tuple[str, int, int] | None:
    """Return (MIME type, width, height) of a PNG, JPEG, GIF or WebP, or None."""
    try:
        if data.startswith(b"\x89PNG\r\n\x1a\n"):
            return ("image/png", *struct.unpack(">II", data[16:24]))
        if data.startswith((b"GIF87a", b"GIF89a")):
            return ("image/gif", *struct.unpack("<HH", data[6:10]))
        if data.startswith(b"\xff\xd8"):
            return _jpeg_size(data)
        if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
            return _webp_size(data)
    except (struct.error, IndexError):
        return None
    return None


def _jpeg_size(data: bytes) -> tuple[str, int, int] | None:
    at = 2
    while data[at] == 0xFF:
        marker, (length,) = data[at + 1], struct.unpack(">H", data[at + 2 : at + 4])
        if marker in _JPEG_FRAMES:
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return "image/jpeg", width, height
        at += 2 + length
    return None


def _webp_size(data: bytes) -> tuple[str, int, int] | None:
    kind = data[12:16]
    if kind == b"VP8X":
        return "image/webp", int.from_bytes(data[24:27], "little") + 1, int.from_bytes(data[27:30], "little") + 1
    if kind == b"VP8L":
        bits = int.from_bytes(data[21:25], "little")
        return "image/webp", (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    width, height = struct.unpack("<HH", data[26:30])
    return ("image/webp", width & 0x3FFF, height & 0x3FFF) if kind == b"VP8 " else None


def is_photo(upload: Upload) -> bool:
    """Tell whether Telegram would take the upload as a photo: by size, sides and shape."""
    image = image_size(upload.data)
    if not image or image[0] == "image/gif" or len(upload.data) > MAX_PHOTO:
        return False
    _, width, height = image
    return min(width, height) > 0 and width + height <= 10_000 and max(width, height) <= 20 * min(width, height)


def store(world: World, upload: Upload, kind: str, said: JSON | None = None) -> StoredFile:
    """Keep an upload as a file of `kind` and return it with its new ids; `said` is what its sender says of it."""
    file = made(world, upload, kind, said or {})
    world.keep_file(file)
    return file


def made(world: World, upload: Upload, kind: str, said: JSON) -> StoredFile:
    """Return an upload as a file that is not kept yet."""
    image = image_size(upload.data)
    width, height = image[1:] if image and kind in {"photo", "sticker"} else (0, 0)
    name = safe_name(upload.name)
    suffix = "" if kind == "photo" else PurePath(name).suffix
    shown = KINDS[kind]
    return StoredFile(
        file_id=shown.prefix + secrets.token_urlsafe(36),
        unique_id="AQ" + hashlib.sha256(kind.encode() + upload.data).hexdigest()[:14],
        kind=kind,
        path=f"{shown.folder}/file_{len(world.files) + 1}_{secrets.token_hex(4)}{suffix or shown.suffix}",
        name=name,
        mime_type=_mime_type(upload, kind),
        width=width,
        height=height,
        data=upload.data,
        about=_about(upload.data, kind, said),
    )


def _about(data: bytes, kind: str, said: JSON) -> JSON:
    """Return what the Bot API object of a file tells beside the file itself; Telegram demands these of each kind."""
    if kind in {"photo", "document"}:
        return {name: said[name] for name in ("thumbnail",) if name in said}
    if kind == "sticker":
        return _sticker(data, said)
    sides = {"video": ("width", "height"), "animation": ("width", "height"), "video_note": ("length",)}.get(kind, ())
    image = image_size(data)
    found: JSON = dict(zip(("width", "height"), image[1:], strict=True)) if image else {}
    told = {name: said.get(name) or found.get(name, 0) for name in sides}
    known = {name: said[name] for name in _TOLD.get(kind, ("thumbnail",)) if said.get(name)}
    return told | {"duration": said.get("duration") or seconds(data)} | known


def _sticker(data: bytes, said: JSON) -> JSON:
    image = image_size(data)
    width, height = image[1:] if image else (_STICKER_SIDE, _STICKER_SIDE)
    about: JSON = {"type": "regular", "width": width, "height": height}
    about |= {"is_animated": data.startswith(_GZIP), "is_video": media_type(data) == "video/webm"}
    return about | ({"emoji": said["emoji"]} if said.get("emoji") else {})


def safe_name(name: str) -> str:
    """Return a file name without folders, controls or signs that mean something in a header or a path."""
    last = re.split(r"[/\\]", name)[-1]
    return re.sub(r"[\x00-\x1f\x7f\"*:<>?|;%]", "_", last).strip(". ")[-120:] or "file"


def _mime_type(upload: Upload, kind: str) -> str:
    """Return what a file is: by its bytes if these tell, else as its sender says."""
    image = image_size(upload.data)
    if image:
        return image[0]
    if kind != "document" and (found := media_type(upload.data)):
        return found
    given = upload.mime_type.lower()
    valid = re.fullmatch(r"[\w.+-]{1,60}/[\w.+-]{1,60}", given, re.ASCII)
    unknown = not valid or given == _UNKNOWN
    return _USUAL.get(kind, _UNKNOWN) if unknown else given
