"""A model's Markdown as Telegram's text and entities, in parts that fit a message."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import accumulate

from telegram import MessageEntity
from telegramify_markdown import RenderConfig, convert

# https://core.telegram.org/bots/api#sendmessage: 4096 characters after entity parsing, 100 entities a message.
MAX_TEXT = 4096
# https://core.telegram.org/bots/api#sendphoto
MAX_CAPTION = 1024
MAX_ENTITIES = 100

# What a model may use; anything else (custom emoji, mentions of users) needs more than a type and a place.
_ENTITIES = frozenset(
    (
        "bold",
        "italic",
        "underline",
        "strikethrough",
        "spoiler",
        "blockquote",
        "expandable_blockquote",
        "code",
        "pre",
        "text_link",
    )
)
_SPECIAL = re.compile(r"[\\`*_\[\]<>~|#!&$]")
# What means something at the beginning of a line alone: blanks, list marks, rules, lines below a title.
_AT_START = re.compile(r"^[ \t]+|^[ \t]*(?:[-+=]+|\d+[.)])(?=\s|[-+=]|$)", re.MULTILINE)
_CODE = re.compile(r"(```.*?(?:```|\Z)|`[^`\n]*`)", re.DOTALL)
_TAG = re.compile(r"<(?=[A-Za-z/!?|])")


@dataclass(frozen=True, slots=True)
class Attached:
    """A picture or any other file that a message carries."""

    name: str
    data: bytes
    picture: bool = True


@dataclass(frozen=True, slots=True)
class Part:
    """The text of one message, with its entities (offsets in UTF-16 code units); a caption if something is attached."""

    text: str
    entities: tuple[MessageEntity, ...] = ()
    attached: Attached | None = None


def render(markdown: str, limit: int = MAX_TEXT) -> list[Part]:
    """Return the parts of a Markdown text, at least one unless it is blank; none is longer than `limit`."""
    text, entities = convert(_keep_tags(markdown), config=_config())
    kept = [
        MessageEntity(entity.type, entity.offset, entity.length, url=entity.url, language=entity.language)
        for entity in entities
        if entity.type in _ENTITIES
    ]
    return split(text, kept, limit)


def pieces(markdown: str, attached: Attached | None = None) -> list[Part]:
    """Return the parts of an answer: the first carries what is attached, and of the text what fits a caption."""
    if attached is None:
        return render(markdown)
    first, *rest = render(markdown, MAX_CAPTION) or [Part("")]
    return [replace(first, attached=attached), *rest]


def with_more(parts: Sequence[Part], more: Part | None) -> list[Part]:
    """Return parts with one more below: in the last message, if it fits there."""
    if more is None:
        return list(parts)
    *others, last = parts
    moved = _units(last.text) + 2
    fits = moved + _units(more.text) <= (MAX_CAPTION if last.attached else MAX_TEXT)
    if not fits or len(last.entities) + len(more.entities) > MAX_ENTITIES:
        return [*parts, more]
    entities = MessageEntity.shift_entities(moved, more.entities)
    return [*others, replace(last, text=f"{last.text}\n\n{more.text}", entities=(*last.entities, *entities))]


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def escape(text: str) -> str:
    """Return Markdown that shows a text as it is, for names and words that people chose."""
    # By number and not by backslash: a backslash with a bracket begins a formula for the converter.
    shown = _SPECIAL.sub(_numbered, text)
    return _AT_START.sub(_numbered, shown)


def _numbered(found: re.Match[str]) -> str:
    return "".join(sign if sign.isalnum() else f"&#{ord(sign)};" for sign in found.group())


def _keep_tags(markdown: str) -> str:
    # Markdown lets HTML through and the converter drops it; a reader of "<eos>" wants to see it.
    pieces = _CODE.split(markdown)
    return "".join(piece if index % 2 else _TAG.sub(r"\\<", piece) for index, piece in enumerate(pieces))


@cache
def _config() -> RenderConfig:
    config = RenderConfig.isolated()
    symbols = config.markdown_symbol
    symbols.heading_level_1 = symbols.heading_level_2 = symbols.heading_level_3 = symbols.heading_level_4 = ""
    symbols.unordered_list_item = "•"
    return config


def split(text: str, entities: Sequence[MessageEntity], limit: int = MAX_TEXT) -> list[Part]:
    """Cut a text into parts of at most `limit` UTF-16 units, between paragraphs or lines where that is possible.

    A code block is cut only if it does not fit a message by itself; each piece of it is a code block again.
    """
    # units[i]: how many UTF-16 units come before character i.
    units = list(accumulate((2 if c > "\uffff" else 1 for c in text), initial=0))
    blocks = [(e.offset, e.offset + e.length) for e in entities if e.type == MessageEntity.PRE]
    parts, start = [], _skip_blank(text, 0)
    while start < len(text):
        end = _cut(text, units, blocks, start, limit)
        if piece := text[start:end].rstrip():
            window = (units[start], units[start + len(piece)])
            parts.append(Part(piece, _clip(entities, *window)))
        start = _skip_blank(text, end)
    return parts


def _skip_blank(text: str, start: int) -> int:
    while start < len(text) and text[start] == "\n":
        start += 1
    return start


def _cut(text: str, units: list[int], blocks: list[tuple[int, int]], start: int, limit: int) -> int:
    if units[-1] - units[start] <= limit:
        return len(text)
    last = start
    while units[last + 1] - units[start] <= limit:
        last += 1

    def outside(i: int) -> bool:
        return not any(begin < units[i] < end for begin, end in blocks)

    lines = [i for i in range(start + 1, last + 1) if text[i - 1] == "\n" or text[i] == "\n"]
    good = [i for i in lines if outside(i)]
    paragraphs = [i for i in good if text[i - 2 : i] == "\n\n" and i - start > (last - start) // 2]
    words = [i for i in range(start + 1, last + 1) if text[i - 1] == " "]
    for candidates in (paragraphs, good, lines, words):
        if candidates:
            return candidates[-1]
    return max(last, start + 1)


def _clip(entities: Sequence[MessageEntity], begin: int, end: int) -> tuple[MessageEntity, ...]:
    clipped = []
    for entity in entities:
        first, past = max(entity.offset, begin), min(entity.offset + entity.length, end)
        if first < past:
            clipped.append(
                MessageEntity(entity.type, first - begin, past - first, url=entity.url, language=entity.language)
            )
    return tuple(clipped[:MAX_ENTITIES])
