"""parse_mode Markdown, the old one: text and entities, with Telegram's complaints.

Format: https://core.telegram.org/bots/api#markdown-style. Entities do not nest, and only outside of them can a sign be
escaped.
"""

import re

from bot.playground.json_text import JSON
from bot.playground.text.entities import broken, utf16_length
from bot.playground.text.links import linked

_KINDS = {"_": "italic", "*": "bold", "`": "code"}
_PIECE = re.compile(r"\\([_*`\[])|([^_*`\[\\]+|\\)", re.DOTALL)
_LANGUAGE = re.compile(r"([^\s`]+)(?=\s)")
_NEWLINE = re.compile(r"\r\n|\n\r|\n|\r")


def parse_legacy_markdown(source: str) -> tuple[str, list[JSON]]:
    """Return the text and its entities; ApiError with Telegram's words if an entity does not end."""
    text: list[str] = []
    entities: list[JSON] = []
    at = offset = 0
    while at < len(source):
        if plain := _PIECE.match(source, at):
            content, entity, at = plain[1] or plain[2], None, plain.end()
        else:
            content, entity, at = _entity(source, at)
        if entity and content:
            entities.append({"offset": offset, "length": utf16_length(content)} | entity)
        text.append(content)
        offset += utf16_length(content)
    return "".join(text), entities


def _entity(source: str, begin: int) -> tuple[str, JSON | None, int]:
    """Return what an entity covers, what it is, and where the source goes on after it."""
    if source.startswith("```", begin):
        return _pre(source, begin)
    sign = source[begin]
    end = _end(source, "]" if sign == "[" else sign, begin + 1, begin)
    content = source[begin + 1 : end]
    if sign != "[":
        return content, {"type": _KINDS[sign]}, end + 1
    if not content or not source.startswith("(", end + 1):
        return content, linked(content), end + 1
    # An address that does not end takes the rest of the text.
    close = source.find(")", end + 2)
    close = len(source) if close < 0 else close
    return content, linked(source[end + 2 : close]), close + 1


def _pre(source: str, begin: int) -> tuple[str, JSON, int]:
    language, start = code_start(source, begin + 3)
    end = _end(source, "```", start, begin)
    return source[start:end], {"type": "pre"} | ({"language": language} if language else {}), end + 3


def code_start(source: str, at: int) -> tuple[str, int]:
    """Return the language of the code whose fence ends at `at`, "" if none is told, and where the code begins."""
    language = _LANGUAGE.match(source, at)
    at = language.end() if language else at
    newline = _NEWLINE.match(source, at)
    return language[1] if language else "", newline.end() if newline else at


def _end(source: str, sign: str, start: int, begin: int) -> int:
    end = source.find(sign, start)
    if end < 0:
        at = len(source[:begin].encode())
        raise broken(f"Can't find end of the entity starting at byte offset {at}")
    return end
