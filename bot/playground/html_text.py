"""parse_mode HTML: Telegram's few tags into text and entities, with Telegram's complaints.

Format: https://core.telegram.org/bots/api#html-style
"""

import html
import re

from bot.playground.api_error import ApiError, bad_request
from bot.playground.entities import utf16_length
from bot.playground.json_text import JSON

_TAGS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "tg-spoiler": "spoiler", "span": "spoiler",
    "a": "text_link", "code": "code", "pre": "pre", "blockquote": "blockquote", "tg-emoji": "custom_emoji",
}  # fmt: skip
_PIECE = re.compile(r"[^<&]+|<[^<>]*>|&(?:lt|gt|amp|quot|#\d{1,7}|#x[0-9a-fA-F]{1,6});|[<&]")
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)(.*)>", re.DOTALL)
_ATTRIBUTE = re.compile(r"""([a-zA-Z-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"']+)))?\s*""")


def parse_html(source: str) -> tuple[str, list[JSON]]:
    """Return the text and its entities; ApiError with Telegram's words if the markup is broken."""
    text: list[str] = []
    at = offset = 0
    open_tags: list[tuple[str, int, dict[str, str]]] = []
    entities: list[JSON] = []
    for piece in _PIECE.findall(source):
        if piece.startswith("<"):
            closing, name, attributes = _tag(piece, at)
            if not closing:
                open_tags.append((name, offset, attributes))
            else:
                entities += _close(open_tags, name, offset, at)
        else:
            plain = html.unescape(piece) if piece.startswith("&") and piece != "&" else piece
            text.append(plain)
            offset += utf16_length(plain)
        at += len(piece.encode())
    if open_tags:
        raise _broken(f'can\'t find end tag corresponding to start tag "{open_tags[-1][0]}"')
    whole = "".join(text)
    return whole, _with_languages(entities)


def _tag(piece: str, at: int) -> tuple[bool, str, dict[str, str]]:
    match = _TAG.fullmatch(piece)
    if not match:
        unclosed = not piece.endswith(">")
        raise _broken(f"{'Unclosed start tag' if unclosed else 'Unsupported start tag'} at byte offset {at}")
    closing, name, rest = bool(match[1]), match[2].lower(), match[3]
    attributes = {a.lower(): b or c or d for a, b, c, d in _ATTRIBUTE.findall(rest)}
    if name not in _TAGS:
        raise _broken(f'Unsupported start tag "{name[:32]}" at byte offset {at}')
    if name == "span" and not closing and attributes.get("class") != "tg-spoiler":
        raise _broken(f'Tag "span" must have class "tg-spoiler" at byte offset {at}')
    return closing, name, attributes


def _close(open_tags: list[tuple[str, int, dict[str, str]]], name: str, end: int, at: int) -> list[JSON]:
    if not open_tags:
        raise _broken(f"Unexpected end tag at byte offset {at}")
    opened, start, attributes = open_tags.pop()
    if opened != name:
        raise _broken(f'Unmatched end tag at byte offset {at}, expected "</{opened}>", found "</{name}>"')
    kind = _TAGS[name]
    entity = {"type": kind, "offset": start, "length": end - start}
    if end == start or (kind == "text_link" and not attributes.get("href")):
        return []
    if kind == "text_link":
        entity["url"] = attributes["href"]
    elif kind == "custom_emoji":
        entity["custom_emoji_id"] = attributes.get("emoji-id", "")
    elif kind == "blockquote" and "expandable" in attributes:
        entity["type"] = "expandable_blockquote"
    elif kind == "code" and attributes.get("class", "").startswith("language-"):
        entity["language"] = attributes["class"].removeprefix("language-")
    return [entity]


def _with_languages(entities: list[JSON]) -> list[JSON]:
    """Join `<pre><code class="language-…">` into one pre; elsewhere a code's class says nothing."""
    pres = {(entity["offset"], entity["length"]): entity for entity in entities if entity["type"] == "pre"}
    kept = []
    for entity in entities:
        language = entity.pop("language", None) if entity["type"] == "code" else None
        pre = pres.get((entity["offset"], entity["length"])) if language else None
        if pre is None:
            kept.append(entity)
        else:
            pre["language"] = language
    return kept


def _broken(reason: str) -> ApiError:
    return bad_request(f"can't parse entities: {reason}")
