"""Read one file in a process of its own: its bytes come by standard input, its pages leave as lines of JSON.

`python -m bot.library.reading_child NAME`. A file that breaks or floods its reader ends this process, not the bot's.
"""

import json
import os
import re
import resource
import sys
import warnings
from collections.abc import Iterable, Iterator
from typing import Any

from bot.errors import BadInput
from bot.library import pdf, sections
from bot.library.documents import Page
from bot.library.kinds import kind_of
from bot.library.titles import heading, sensible

MOST_PAGES = 2000
# Of the whole text; more than 2,000 dense pages have.
MOST_CHARACTERS = 12_000_000
# Of a page: the bot takes each in one piece, in a few milliseconds.
MOST_ON_PAGE = 200_000
# Of addresses, in bytes, and of computing.
MEMORY = 1536 * 2**20
CPU_SECONDS = 60
_LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "\xa0": " ", "\xad": None})
_UNSTORABLE = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f\ud800-\udfff\ufeff\ufffe\uffff]")
# Its own escapes would stand in what people get to read.
_AS_IT_IS = {"escape_asterisks": False, "escape_underscores": False}


def main() -> None:
    """Write a line for each page, then one with what the file is; or one with what is wrong."""
    _limit()
    warnings.simplefilter("ignore")
    try:
        for line in _lines(sys.argv[1], sys.stdin.buffer.read()):
            print(json.dumps(line), flush=True)  # noqa: T201 - the way back to the bot
    except BadInput as refusal:
        _refuse(refusal)
    except MemoryError:
        _refuse(BadInput("error-file-heavy"))
    except Exception:  # noqa: BLE001 - whatever a library stumbles over in a stranger's file
        _refuse(BadInput("error-file-broken"))


def _refuse(refusal: BadInput) -> None:
    print(json.dumps({"error": refusal.key, "values": refusal.values}), flush=True)  # noqa: T201 - as above


def _limit() -> None:
    os.nice(10)  # people who wait for an answer go first
    for what, limit in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, 0),  # nothing is written to disk
        (resource.RLIMIT_CORE, 0),
    ):
        try:
            resource.setrlimit(what, (limit, limit))
        except (ValueError, OSError):  # macOS knows no limit of addresses; time still is
            continue


def _lines(name: str, data: bytes) -> Iterator[dict[str, Any]]:
    kind = kind_of(name, data)
    title, pages = _read(kind, data)
    title, written, numbers, letters = sensible(title), 0, 0, 0
    for page in pages:
        title = title or (heading(page) if page.number == 1 else "")
        numbers, text = numbers + 1, clean(page.text)
        written += len(text)
        if numbers > MOST_PAGES:
            raise BadInput("error-file-too-long", limit=MOST_PAGES)
        if written > MOST_CHARACTERS or len(text) > MOST_ON_PAGE:
            raise BadInput("error-file-too-long", limit=MOST_PAGES)
        letters += any(map(str.isalnum, text))
        yield {"number": page.number, "text": text, "heading": clean(page.heading)[:200]}
    if not letters:
        raise BadInput("error-file-scanned" if kind == "pdf" else "error-file-empty")
    yield {"kind": kind, "title": clean(title)}


def _read(kind: str, data: bytes) -> tuple[str, Iterable[Page]]:
    if kind == "pdf":
        return pdf.title(data), pdf.pages(data, MOST_PAGES)
    if kind in ("md", "txt"):
        text = clean(_decoded(data))
        return "", sections.sections(text) if kind == "md" else sections.plain(text)
    title, markdown = _converted(kind, data)
    return title, sections.slides(markdown) if kind == "pptx" else sections.sections(clean(markdown))


def _converted(kind: str, data: bytes) -> tuple[str, str]:
    import io

    from markitdown import StreamInfo
    from markitdown.converters import DocxConverter, EpubConverter, HtmlConverter, PptxConverter

    if kind == "html":
        done = HtmlConverter().convert_string(_decoded(data, html=True), **_AS_IT_IS)
    else:
        converter = {"docx": DocxConverter, "epub": EpubConverter, "pptx": PptxConverter}[kind]()
        done = converter.convert(io.BytesIO(data), StreamInfo(extension=f".{kind}"), **_AS_IT_IS)
    return done.title or "", done.markdown


def _decoded(data: bytes, *, html: bool = False) -> str:
    """Return text in the encoding that it names, else UTF-8, else the one that old Western files have."""
    from bs4.dammit import EncodingDetector

    data, marked = EncodingDetector.strip_byte_order_mark(data)
    named = EncodingDetector.find_declared_encoding(data, is_html=True) if html else None
    for encoding in (marked, named, "utf-8"):
        try:
            return data.decode(encoding or "utf-8")
        except (UnicodeError, LookupError):
            continue
    return data.decode("windows-1252", "replace")


def clean(text: str) -> str:
    """Return a text with plain line ends, without what no database keeps, at most one empty line between lines."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(_LIGATURES)
    lines = "\n".join(line.rstrip() for line in _UNSTORABLE.sub("", text).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", lines).strip()


if __name__ == "__main__":
    main()
