"""The kinds of files that messages show, and the Bot API object of each."""

from dataclasses import dataclass

from bot.playground.json_text import JSON
from bot.playground.world import StoredFile


@dataclass(frozen=True, slots=True)
class Kind:
    """How Telegram keeps files of one kind.

    Their ids begin with `prefix`, their paths with `folder`; where a name tells no suffix they get `suffix`; errors say
    `called`; `fields` tell the name and the MIME type.
    """

    prefix: str
    folder: str
    suffix: str
    called: str
    fields: tuple[str, ...] = ("file_name", "mime_type")


KINDS = {
    "photo": Kind("AgAC", "photos", ".jpg", "Photo", ()),
    "document": Kind("BQAC", "documents", "", "Document"),
    "voice": Kind("AwAC", "voice", ".oga", "VoiceNote", ("mime_type",)),
    "audio": Kind("CQAC", "music", ".mp3", "Audio"),
    "video": Kind("BAAC", "videos", ".mp4", "Video"),
    "animation": Kind("CgAC", "animations", ".mp4", "Animation"),
    "video_note": Kind("DQAC", "video_notes", ".mp4", "VideoNote", ()),
    "sticker": Kind("CAAC", "stickers", ".webp", "Sticker", ()),
}
CAPTIONED = frozenset({"photo", "document", "voice", "audio", "video", "animation"})
"""Kinds whose messages may have a caption."""
VISUAL = frozenset({"photo", "video", "animation"})
"""Kinds that may be covered, or stand below their caption."""


def content(file: StoredFile) -> JSON:
    """Return the part of a Message that shows the file."""
    head: JSON = {"file_id": file.file_id, "file_unique_id": file.unique_id}
    size = {"file_size": len(file.data)}
    if file.kind == "photo":
        return {"photo": [head | {"width": file.width, "height": file.height} | size]}
    names = {"file_name": file.name, "mime_type": file.mime_type}
    told = {name: names[name] for name in KINDS[file.kind].fields}
    shown = {file.kind: head | told | file.about | size}
    # As Telegram does for clients that are older than animations.
    return shown | ({"document": head | told | size} if file.kind == "animation" else {})


def kind_of(message: JSON) -> str:
    """Return the kind of the file that a message shows, "" if it shows none."""
    # An animation is a document as well, so documents are looked for last.
    return next((kind for kind in (*KINDS.keys() - {"document"}, "document") if kind in message), "")
