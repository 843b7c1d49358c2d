"""Inline mode, as data: what people ask the bot from any chat, its results, and the messages made of them."""

import base64
import binascii
import struct
from dataclasses import dataclass, field

from bot.playground.chat import Chat
from bot.playground.json_text import JSON

_PLACE = struct.Struct(">qq")
SHOWN_TEXT = 256
"""Characters of what a result would send that people see before they choose."""


@dataclass(frozen=True, slots=True)
class Result:
    """One answer to an inline query; `content` are the fields of the message that it would become."""

    id: str
    type: str
    title: str
    description: str
    content: JSON

    @property
    def is_outside(self) -> bool:
        """Tell whether the result is a file on the web, which the playground does not fetch."""
        return self.content.keys() <= {"reply_markup"}

    def listing(self) -> JSON:
        """Return the result as people see it."""
        text = str(self.content.get("text") or self.content.get("caption") or "")[:SHOWN_TEXT]
        about = {"description": self.description} if self.description else {}
        return {"id": self.id, "type": self.type, "title": self.title or text or self.type, **about, "text": text}


@dataclass(slots=True)
class InlineQuery:
    """What one person asked in one chat; `results` by id, empty until the bot has answered."""

    id: str
    person: int
    chat: int
    text: str
    answered: bool = False
    results: dict[str, Result] = field(default_factory=dict)


def inline_message_id(chat_id: int, message_id: int) -> str:
    """Return the name of a message sent by way of the bot; as Telegram's, it holds where the message is."""
    return base64.urlsafe_b64encode(_PLACE.pack(chat_id, message_id)).decode().rstrip("=")


def inline_message(chats: dict[int, Chat], given: str) -> tuple[Chat, JSON] | None:
    """Return the message of this inline_message_id and its chat, or None."""
    try:
        place = base64.b64decode(given + "=" * (-len(given) % 4), altchars=b"-_", validate=True)
        chat_id, message_id = _PLACE.unpack(place)
    except (binascii.Error, struct.error, ValueError):
        return None
    chat = chats.get(chat_id)
    message = chat.messages.get(message_id) if chat else None
    return (chat, message) if chat and message and is_inline(message) else None


def is_inline(message: JSON) -> bool:
    """Tell whether somebody sent this message by way of the bot."""
    return "via_bot" in message and "forward_origin" not in message
