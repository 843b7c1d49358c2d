"""parse_mode MarkdownV2: text and entities, with Telegram's complaints.

Format: https://core.telegram.org/bots/api#markdownv2-style
"""

import re
from dataclasses import dataclass, field

from bot.playground.api_error import ApiError
from bot.playground.json_text import JSON
from bot.playground.text.entities import broken, utf16_length
from bot.playground.text.legacy_markdown import code_start
from bot.playground.text.links import MAX_LINK, linked, pictured

_RESERVED = frozenset("_*[]()~`>#+-=|{}.!")
_MARKS = {"*": "bold", "_": "italic", "__": "underline", "~": "strikethrough", "||": "spoiler"}
_SPOKEN = {"text_link": "TextUrl", "custom_emoji": "CustomEmoji", "precode": "PreCode", "quote": "BlockQuote"}
_URL = re.compile(r"\(((?:\\[\x01-\x7e]|[^)\\]|\\(?![\x01-\x7e]))*)\)", re.DOTALL)
_ESCAPED = re.compile(r"\\([\x01-\x7e])", re.DOTALL)
_EXPANDED = re.compile(r"\|\|(\n(?!>)|\Z)")
"""Two bars at a quotation's end, which make it expandable."""


@dataclass(slots=True)
class _Reader:
    """Where the reading stands: `at` in the source, `offset` in UTF-16 units of the text read so far."""

    source: str
    at: int = 0
    offset: int = 0
    text: list[str] = field(default_factory=list)
    stack: list[tuple[str, int, int]] = field(default_factory=list)
    entities: list[JSON] = field(default_factory=list)
    quoting: bool = False
    pieces: list[int] = field(default_factory=list)
    """For each open bracket how many pieces of text came before it."""

    def starts(self, mark: str) -> bool:
        return self.source.startswith(mark, self.at)

    def put(self, piece: str) -> None:
        self.text.append(piece)
        self.offset += utf16_length(piece)

    def byte(self, at: int) -> int:
        return len(self.source[:at].encode())

    def add(self, kind: str, start: int, **extra: str) -> None:
        if self.offset > start:
            self.entities.append({"type": kind, "offset": start, "length": self.offset - start, **extra})


def parse_markdown(source: str) -> tuple[str, list[JSON]]:
    """Return the text and its entities; ApiError with Telegram's words if the markup is broken."""
    reader = _Reader(source)
    while reader.at < len(source):
        _step(reader)
    _end_quote(reader)
    if reader.stack:
        kind, _, at = reader.stack[-1]
        raise _unended(reader, kind, at)
    return "".join(reader.text), reader.entities


def _step(reader: _Reader) -> None:
    char = reader.source[reader.at]
    line_start = reader.at == 0 or reader.source[reader.at - 1] == "\n"
    if line_start and _quote(reader):
        return
    if char == "\\" and reader.at + 1 < len(reader.source) and 0 < ord(reader.source[reader.at + 1]) < 127:
        reader.put(reader.source[reader.at + 1])
        reader.at += 2
    elif char == "`":
        _code(reader)
    elif char == "[" or reader.starts("!["):
        kind = "text_link" if char == "[" else "custom_emoji"
        reader.stack.append((kind, reader.offset, reader.at))
        reader.pieces.append(len(reader.text))
        reader.at += 1 if char == "[" else 2
    elif char == "]":
        _link(reader)
    elif char in _RESERVED:
        _mark(reader, char)
    else:
        reader.put(char)
        reader.at += 1


def _mark(reader: _Reader, char: str) -> None:
    if reader.quoting and reader.stack[-1][0] != "spoiler" and (end := _EXPANDED.match(reader.source, reader.at)):
        reader.at = end.end()
        reader.put(end[1])
        _end_quote(reader, expandable=True)
        return
    mark = next((mark for mark in ("__", "||", char) if reader.starts(mark)), char)
    if mark not in _MARKS:
        raise broken(f"Character '{char}' is reserved and must be escaped with the preceding '\\'")
    kind = _MARKS[mark]
    if reader.stack and reader.stack[-1][0] == kind:
        reader.add(kind, reader.stack.pop()[1])
    else:
        reader.stack.append((kind, reader.offset, reader.at))
    reader.at += len(mark)


def _code(reader: _Reader) -> None:
    mark = "```" if reader.starts("```") else "`"
    began, start = reader.at, reader.offset
    reader.at += len(mark)
    language = _language(reader) if mark == "```" else ""
    end, content = reader.at, []
    while not reader.source.startswith(mark, end):
        if end >= len(reader.source):
            raise _unended(reader, "precode" if language else "pre" if len(mark) > 1 else "code", began)
        end += bool(_ESCAPED.match(reader.source, end))
        content.append(reader.source[end])
        end += 1
    reader.at = end + len(mark)
    reader.put("".join(content))
    reader.add("code" if mark == "`" else "pre", start, **({"language": language} if language else {}))


def _language(reader: _Reader) -> str:
    """Go past the language of a block of code, and past the line break before the code."""
    language, reader.at = code_start(reader.source, reader.at)
    return language


def _link(reader: _Reader) -> None:
    kind, start, _ = reader.stack[-1] if reader.stack else ("", 0, 0)
    if kind not in {"text_link", "custom_emoji"}:
        raise broken("Character ']' is reserved and must be escaped with the preceding '\\'")
    piece = reader.pieces.pop()
    reader.stack.pop()
    reader.at += 1
    if kind == "custom_emoji":
        found = pictured(_url(reader, "a custom emoji URL")) if reader.starts("(") else None
        if found is None:
            raise broken("Custom emoji entity must contain a tg://emoji URL")
    else:
        covered = "".join(reader.text[piece:]) if reader.offset - start <= MAX_LINK else ""
        found = linked(_url(reader, "a URL") if reader.starts("(") else covered)
    if found and reader.offset > start:
        reader.entities.append({"offset": start, "length": reader.offset - start} | found)


def _url(reader: _Reader, called: str) -> str:
    close = _URL.match(reader.source, reader.at)
    if not close:
        raise broken(f"Can't find end of {called} at byte offset {reader.byte(reader.at + 1)}")
    reader.at = close.end()
    return _ESCAPED.sub(r"\1", close[1])


def _quote(reader: _Reader) -> bool:
    """Begin, continue or end a quotation at the start of a line; True if a sign was read."""
    if reader.starts("**>"):
        _end_quote(reader)
    elif not reader.starts(">"):
        _end_quote(reader)
        return False
    if not reader.quoting:
        reader.stack.append(("quote", reader.offset, reader.at))
        reader.quoting = True
    reader.at += 3 if reader.starts("**>") else 1
    return True


def _end_quote(reader: _Reader, *, expandable: bool = False) -> None:
    if not reader.quoting:
        return
    reader.quoting = False
    kind, start, at = reader.stack.pop()
    if kind != "quote":
        raise _unended(reader, kind, at)
    reader.add("expandable_blockquote" if expandable else "blockquote", start)


def _unended(reader: _Reader, kind: str, at: int) -> ApiError:
    return broken(f"Can't find end of {_SPOKEN.get(kind, kind.capitalize())} entity at byte offset {reader.byte(at)}")
