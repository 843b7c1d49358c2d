"""The starter course: sections to walk through, a picture each, in every language that there is a text for.

`<language>.md` is the text: the title, then sections, each with its heading, `![](picture)` and words that fit below
a picture. `<language>.toml` is what the pictures say; a table is a picture of bot/drawing.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from bot.library.documents import Document, Page

_HERE = Path(__file__).parent
_PICTURE = re.compile(r"^!\[\]\((\w+)\)\n")
# Of Markdown the course uses bold, italics around whole words, and code.
_MARKS = re.compile(r"\*\*|`|(?<!\w)_|_(?!\w)")


@dataclass(frozen=True, slots=True)
class Section:
    """A section: Markdown below a picture, `number` from 1, `picture` a module of bot/drawing."""

    number: int
    title: str
    text: str
    picture: str


@cache
def languages() -> tuple[str, ...]:
    """Return the languages that the course is there in."""
    return tuple(sorted(file.stem for file in _HERE.glob("*.md")))


@cache
def title(language: str) -> str:
    """Return the course's name."""
    return _text(language).partition("\n")[0].removeprefix("# ")


@cache
def sections(language: str) -> tuple[Section, ...]:
    """Return the sections in their order."""
    _, *parts = re.split(r"^## ", _text(language), flags=re.MULTILINE)
    return tuple(_section(number, part) for number, part in enumerate(parts, start=1))


def labels(language: str, picture: str) -> dict[str, Any]:
    """Return what a picture says, as its `draw` takes it."""
    return dict(tomllib.loads((_HERE / f"{language}.toml").read_text(encoding="utf-8"))[picture])


def course_documents() -> tuple[Document, ...]:
    """Return the course in each language as material, for chats that have none; a section is a page."""
    return tuple(
        Document(title(language), "course", tuple(_page(section) for section in sections(language)), language)
        for language in languages()
    )


def _text(language: str) -> str:
    return (_HERE / f"{language}.md").read_text(encoding="utf-8")


def _section(number: int, part: str) -> Section:
    heading, _, rest = part.partition("\n")
    found = _PICTURE.match(rest)
    if found is None:
        raise ValueError(f"section {number}: no picture")
    return Section(number, heading, rest[found.end() :].strip(), found[1])


def _page(section: Section) -> Page:
    # The last paragraph asks the reader something; nobody finds an answer there.
    text = section.text.rpartition("\n\n")[0]
    return Page(section.number, _MARKS.sub("", text), section.title)
