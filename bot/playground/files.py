"""Uploads: names, kinds and pixels, found out from the bytes."""

import hashlib
import re
import secrets
import struct
from pathlib import PurePath

from bot.playground.json_text import JSON
from bot.playground.params import Upload
from bot.playground.world import StoredFile, World

MAX_DOWNLOAD = 20 * 2**20
MAX_UPLOAD = 50 * 2**20
MAX_PHOTO = 10 * 2**20
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


def store(world: World, upload: Upload, kind: str) -> StoredFile:
    """Keep an upload as a "photo" or a "document" and return it with its new ids."""
    image = image_size(upload.data)
    width, height = image[1:] if image and kind == "photo" else (0, 0)
    name = safe_name(upload.name)
    number = len(world.files) + 1
    suffix = PurePath(name).suffix if kind == "document" else ".jpg"
    file = StoredFile(
        file_id=("AgAC" if kind == "photo" else "BQAC") + secrets.token_urlsafe(36),
        unique_id="AQ" + hashlib.sha256(kind.encode() + upload.data).hexdigest()[:14],
        kind=kind,
        path=f"{kind}s/file_{number}_{secrets.token_hex(4)}{suffix}",
        name=name,
        mime_type=image[0] if image else _mime_type(upload.mime_type),
        width=width,
        height=height,
        data=upload.data,
    )
    world.keep_file(file)
    return file


def safe_name(name: str) -> str:
    """Return a file name without folders, controls or signs that mean something in a header or a path."""
    last = re.split(r"[/\\]", name)[-1]
    return re.sub(r"[\x00-\x1f\x7f\"*:<>?|;%]", "_", last).strip(". ")[-120:] or "file"


def _mime_type(given: str) -> str:
    return (
        given.lower() if re.fullmatch(r"[\w.+-]{1,60}/[\w.+-]{1,60}", given, re.ASCII) else "application/octet-stream"
    )


def content(file: StoredFile) -> JSON:
    """Return the part of a Message that shows the file: a photo or a document."""
    head: JSON = {"file_id": file.file_id, "file_unique_id": file.unique_id}
    size = {"file_size": len(file.data)}
    if file.kind == "photo":
        return {"photo": [head | {"width": file.width, "height": file.height} | size]}
    return {"document": head | {"file_name": file.name, "mime_type": file.mime_type} | size}
