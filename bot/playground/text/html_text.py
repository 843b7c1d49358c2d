"""parse_mode HTML: Telegram's few tags into text and entities, with Telegram's complaints.

Format: https://core.telegram.org/bots/api#html-style
"""

import re
from dataclasses import dataclass, field

from bot.playground.api_error import ApiError
from bot.playground.json_text import JSON
from bot.playground.text.entities import broken, utf16_length
from bot.playground.text.html_tags import TAGS, meaning, with_languages
from bot.playground.text.links import MAX_LINK

_SIGNS = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_SIGN = re.compile(r"&(?:(lt|gt|amp|quot)(?![A-Za-z])|#(\d{1,7})|#x([0-9a-fA-F]{1,6}));?")
_WORDS = re.compile(r"[^<&]+")
_NAME = re.compile(r"</?([^\s>]*)")
_ATTRIBUTE = re.compile(r"\s*([^\s=>/\"']*)\s*")
_TOKEN = re.compile(r"[A-Za-z0-9.-]*")
_SPACE = re.compile(r"\s*")


@dataclass(slots=True)
class _Tag:
    """An open tag: `offset` in UTF-16 units of the text, `piece` how many pieces of text came before."""

    name: str
    attributes: dict[str, str]
    offset: int
    piece: int


@dataclass(slots=True)
class _Reader:
    """Where the reading stands: `at` in the source, `offset` in UTF-16 units of the text read so far."""

    source: str
    at: int = 0
    offset: int = 0
    text: list[str] = field(default_factory=list)
    open: list[_Tag] = field(default_factory=list)
    entities: list[JSON] = field(default_factory=list)

    def put(self, piece: str) -> None:
        self.text.append(piece)
        self.offset += utf16_length(piece)

    def skip(self, pattern: re.Pattern[str]) -> str:
        """Go past what matches here, if only nothing, and return its group, or all of it."""
        match = pattern.match(self.source, self.at)
        if match is None:
            return ""
        self.at = match.end()
        return match[pattern.groups]

    def next(self) -> str:
        return self.source[self.at : self.at + 1]

    def wrong(self, reason: str, begin: int) -> ApiError:
        return broken(f"{reason} at byte offset {len(self.source[:begin].encode())}")


def parse_html(source: str) -> tuple[str, list[JSON]]:
    """Return the text and its entities; ApiError with Telegram's words if the markup is broken."""
    reader = _Reader(source)
    while reader.at < len(source):
        if source.startswith("</", reader.at):
            _end(reader)
        elif source[reader.at] == "<":
            _begin(reader)
        else:
            reader.put(reader.skip(_WORDS) or _sign(reader))
    if reader.open:
        raise broken(f'Can\'t find end tag corresponding to start tag "{reader.open[-1].name}"')
    return "".join(reader.text), with_languages(reader.entities)


def _sign(reader: _Reader) -> str:
    match = _SIGN.match(reader.source, reader.at)
    reader.at = match.end() if match else reader.at + 1
    return _decoded(match) if match else "&"


def _decoded(match: re.Match[str]) -> str:
    """Return the sign that an HTML entity stands for; as it is if there is no such sign."""
    if match[1]:
        return _SIGNS[match[1]]
    code = int(match[2]) if match[2] else int(match[3], 16)
    if 0xD800 <= code <= 0xDFFF:
        raise broken("Text contains invalid Unicode characters after decoding HTML entities, check for unmatched"
                      " surrogate code units")  # fmt: skip
    if not 0 < code < 0x10FFFF:
        return match[0]
    return chr(code) if code >= ord(" ") or code == ord("\n") else " "


def _begin(reader: _Reader) -> None:
    begin = reader.at
    name = reader.skip(_NAME).lower()
    if not reader.next():
        raise reader.wrong("Unclosed start tag", begin)
    if name not in TAGS:
        raise reader.wrong(f'Unsupported start tag "{name}"', begin)
    attributes: dict[str, str] = {}
    reader.skip(_SPACE)
    while reader.next() != ">":
        key, value = _attribute(reader, name, begin)
        attributes[key] = value
        reader.skip(_SPACE)
    reader.at += 1
    if name == "span" and attributes.get("class") != "tg-spoiler":
        raise reader.wrong('Tag "span" must have class "tg-spoiler"', begin)
    reader.open.append(_Tag(name, attributes, reader.offset, len(reader.text)))


def _attribute(reader: _Reader, tag: str, begin: int) -> tuple[str, str]:
    name = reader.skip(_ATTRIBUTE)
    if not name:
        raise reader.wrong(f'Empty attribute name in the tag "{tag}"', begin)
    if reader.next() != "=":
        if (tag, name) == ("blockquote", "expandable") and reader.next():
            return name, ""
        raise reader.wrong(f'Expected equal sign in declaration of an attribute of the tag "{tag}"', begin)
    reader.at += 1
    reader.skip(_SPACE)
    if not reader.next():
        raise reader.wrong(f'Unclosed start tag "{tag}"', begin)
    value = _quoted(reader) if reader.next() in "'\"" else _token(reader)
    if not reader.next():
        raise reader.wrong("Unclosed start tag", begin)
    return name, value


def _quoted(reader: _Reader) -> str:
    start = reader.at + 1
    end = reader.source.find(reader.next(), start)
    end = len(reader.source) if end < 0 else end
    reader.at = end + 1
    return _SIGN.sub(_decoded, reader.source[start:end])


def _token(reader: _Reader) -> str:
    start = reader.at
    token = reader.skip(_TOKEN)
    if reader.next().strip() not in {"", ">"}:
        raise reader.wrong("Unexpected end of name token", start)
    return token.lower()


def _end(reader: _Reader) -> None:
    begin = reader.at
    if not reader.open:
        raise reader.wrong("Unexpected end tag", begin)
    name = reader.skip(_NAME).lower()
    reader.skip(_SPACE)
    if reader.next() != ">":
        raise reader.wrong("Unclosed end tag", begin)
    reader.at += 1
    tag = reader.open.pop()
    if name not in {"", tag.name}:
        at = len(reader.source[:begin].encode())
        raise broken(f'Unmatched end tag at byte offset {at}, expected "</{tag.name}>", found "</{name}>"')
    length = reader.offset - tag.offset
    covered = "".join(reader.text[tag.piece :]) if tag.name == "a" and length <= MAX_LINK else ""
    about = meaning(tag.name, tag.attributes, covered) if length else None
    if about:
        reader.entities.append({"offset": tag.offset, "length": length} | about)
