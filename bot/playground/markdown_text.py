"""parse_mode MarkdownV2: text and entities, with Telegram's complaints.

Format: https://core.telegram.org/bots/api#markdownv2-style
"""

import re
from dataclasses import dataclass, field

from bot.playground.api_error import ApiError, bad_request
from bot.playground.entities import utf16_length
from bot.playground.json_text import JSON

DEEPEST = 64
"""Brackets within brackets that are still read; nobody writes more, and reading on would take quadratic time."""
_RESERVED = frozenset("_*[]()~`>#+-=|{}.!")
_MARKS = {"*": "bold", "_": "italic", "__": "underline", "~": "strikethrough", "||": "spoiler"}
_SPOKEN = {"text_link": "TextUrl", "custom_emoji": "CustomEmoji", "pre": "Pre", "code": "Code"}
_EMOJI_URL = re.compile(r"tg://emoji\?id=(\d+)")


@dataclass(slots=True)
class _Reader:
    """Where the reading stands: `at` in the source, `offset` in UTF-16 units of the text read so far."""

    source: str
    at: int = 0
    offset: int = 0
    text: list[str] = field(default_factory=list)
    stack: list[tuple[str, int, int]] = field(default_factory=list)
    entities: list[JSON] = field(default_factory=list)

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

    def open(self, kind: str) -> bool:
        return any(entry[0] == kind for entry in self.stack)


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
        if len(reader.stack) >= DEEPEST:
            raise _unended(reader, *reader.stack[-1][::2])
        reader.stack.append((kind, reader.offset, reader.at))
        reader.at += 1 if char == "[" else 2
    elif char == "]":
        _link(reader)
    elif char in _RESERVED:
        _mark(reader, char)
    else:
        reader.put(char)
        reader.at += 1


def _mark(reader: _Reader, char: str) -> None:
    if reader.starts("||") and reader.at + 2 == len(reader.source) and reader.open("quote"):
        reader.at += 2  # two bars at a quotation's end make it expandable
        _end_quote(reader, expandable=True)
        return
    mark = next((mark for mark in ("__", "||", char) if reader.starts(mark)), char)
    if mark not in _MARKS:
        raise _broken(f"Character '{char}' is reserved and must be escaped with the preceding '\\'")
    kind = _MARKS[mark]
    if reader.stack and reader.stack[-1][0] == kind:
        reader.add(kind, reader.stack.pop()[1])
    elif mark == "__" and reader.stack and reader.stack[-1][0] == "italic":
        # Two underscores are read greedily only if they do not end an italic that is the innermost.
        reader.add("italic", reader.stack.pop()[1])
        mark = "_"
    elif reader.open(kind):
        raise _unended(reader, reader.stack[-1][0], reader.stack[-1][2])
    else:
        reader.stack.append((kind, reader.offset, reader.at))
    reader.at += len(mark)


def _code(reader: _Reader) -> None:
    mark = "```" if reader.starts("```") else "`"
    began, start, end = reader.at, reader.offset, reader.at + len(mark)
    content = []
    while not reader.source.startswith(mark, end):
        if end >= len(reader.source):
            raise _unended(reader, "pre" if len(mark) > 1 else "code", began)
        end += reader.source.startswith(("\\`", "\\\\"), end)
        content.append(reader.source[end])
        end += 1
    reader.at = end + len(mark)
    if mark == "`":
        reader.put("".join(content))
        reader.add("code", start)
        return
    first, newline, rest = "".join(content).partition("\n")
    language = first if newline and first and not re.search(r"\s", first) else ""
    reader.put(rest if newline and (language or not first) else "".join(content))
    reader.add("pre", start, **({"language": language} if language else {}))


def _link(reader: _Reader) -> None:
    kind, start, began = reader.stack[-1] if reader.stack else ("", 0, 0)
    if kind not in {"text_link", "custom_emoji"}:
        raise _broken("Character ']' is reserved and must be escaped with the preceding '\\'")
    reader.stack.pop()
    reader.at += 1
    if not reader.starts("("):
        return
    close = re.compile(r"\(((?:\\.|[^)\\])*)\)", re.DOTALL).match(reader.source, reader.at)
    if not close:
        raise _unended(reader, kind, began)
    reader.at = close.end()
    url = re.sub(r"\\(.)", r"\1", close[1])
    if kind == "text_link":
        reader.add(kind, start, url=url)
    elif emoji := _EMOJI_URL.fullmatch(url):
        reader.add(kind, start, custom_emoji_id=emoji[1])
    else:
        raise _broken("Custom emoji entity must contain a tg://emoji URL")


def _quote(reader: _Reader) -> bool:
    """Begin, continue or end a quotation at the start of a line; True if a sign was read."""
    if reader.starts("**>"):
        _end_quote(reader)
    elif not reader.starts(">"):
        _end_quote(reader)
        return False
    if not reader.open("quote"):
        reader.stack.append(("quote", reader.offset, reader.at))
    reader.at += 3 if reader.starts("**>") else 1
    return True


def _end_quote(reader: _Reader, *, expandable: bool = False) -> None:
    if not reader.open("quote"):
        return
    kind, start, at = reader.stack.pop()
    if kind != "quote":
        raise _unended(reader, kind, at)
    reader.add("expandable_blockquote" if expandable else "blockquote", start)


def _unended(reader: _Reader, kind: str, at: int) -> ApiError:
    return _broken(f"Can't find end of {_SPOKEN.get(kind, kind.capitalize())} entity at byte offset {reader.byte(at)}")


def _broken(reason: str) -> ApiError:
    return bad_request(f"can't parse entities: {reason}")
