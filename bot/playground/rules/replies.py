"""What a new message says of the one that it replies to: the message itself, its origin elsewhere, the words quoted.

https://core.telegram.org/bots/api#replyparameters
"""

from collections.abc import Iterator
from itertools import accumulate

from bot.playground.api_error import bad_request
from bot.playground.chat import Chat
from bot.playground.json_text import JSON
from bot.playground.rules.forwarding import origin
from bot.playground.rules.kinds import KINDS
from bot.playground.text.entities import part, utf16_length

MAX_QUOTE = 1024
"""In UTF-16 code units."""
QUOTABLE = frozenset({"bold", "italic", "underline", "strikethrough", "spoiler", "custom_emoji", "date_time"})
"""Entities that stay in quotes."""
_SHOWN_ELSEWHERE = (*KINDS, "has_media_spoiler", "contact", "dice", "location", "venue", "poll", "link_preview_options")


def shown_as_original(message: JSON) -> JSON:
    """Return a message as it appears inside a reply to it: without what it replied to itself."""
    return {name: value for name, value in message.items() if name != "reply_to_message"}


def external(chat: Chat, original: JSON) -> JSON:
    """Return the field for a message of another chat or topic; only supergroups and channels are named."""
    shown = {name: original[name] for name in _SHOWN_ELSEWHERE if name in original}
    named = {"chat": original["chat"], "message_id": original["message_id"]} if _has_name(chat) else {}
    return {"external_reply": {"origin": origin(original)} | named | shown}


def _has_name(chat: Chat) -> bool:
    return chat.type in {"supergroup", "channel"}


def quote(original: JSON, text: str, entities: list[JSON], wanted: int) -> JSON:
    """Return the field of the words quoted from a message, those nearest to UTF-16 position `wanted`.

    The words and their format must be in the message exactly; else ApiError.
    """
    entities = sorted((entity for entity in entities if entity["type"] in QUOTABLE), key=_order)
    source = original.get("text") or original.get("caption") or ""
    formats = original.get("entities") or original.get("caption_entities") or []
    size = utf16_length(text)
    if size <= MAX_QUOTE:
        for position in sorted(_places(source, text), key=lambda at: (abs(at - wanted), at)):
            if _within(formats, position, size) == entities:
                return _quote(text, position, entities) | {"is_manual": True}
    raise bad_request("QUOTE_TEXT_INVALID")


def whole_quote(original: JSON) -> JSON:
    """Return the quote that Telegram itself adds where the message is of another chat: how it begins."""
    source = original.get("text") or original.get("caption") or ""
    text = part(source, {"offset": 0, "length": MAX_QUOTE}).removesuffix("\ufffd")
    formats = original.get("entities") or original.get("caption_entities") or []
    return _quote(text, 0, _within(formats, 0, utf16_length(text))) if text else {}


def as_field(quoted: JSON) -> JSON:
    """Return a quote as the field of a message, {} if there is none."""
    return {"quote": quoted} if quoted else {}


def _quote(text: str, position: int, entities: list[JSON]) -> JSON:
    return {"text": text, "position": position} | ({"entities": entities} if entities else {})


def _places(source: str, text: str) -> Iterator[int]:
    """Yield all positions of `text`, in UTF-16 units."""
    units = list(accumulate(map(utf16_length, source), initial=0))
    at = source.find(text) if text else -1
    while at >= 0:
        yield units[at]
        at = source.find(text, at + 1)


def _within(entities: list[JSON], start: int, size: int) -> list[JSON]:
    """Return what stays of entities in a quote, moved to its beginning."""
    cut = []
    for entity in entities:
        begin = max(entity["offset"] - start, 0)
        end = min(entity["offset"] + entity["length"] - start, size)
        if entity["type"] in QUOTABLE and begin < end:
            cut.append(entity | {"offset": begin, "length": end - begin})
    return sorted(cut, key=_order)


def _order(entity: JSON) -> tuple[int, int, str]:
    return entity["offset"], -entity["length"], entity["type"]
