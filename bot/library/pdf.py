"""The pages of a PDF, by pypdfium2, as text that reads on across its lines."""

import re
from collections.abc import Iterator
from contextlib import closing
from typing import Any

from bot.errors import BadInput
from bot.library.documents import Page

# A hyphen at a line's end, as PDFium marks it.
_BROKEN = re.compile(r"[\ufffe\x02](?:\r?\n)?")
# Of the longest line's length: a line this long, with the next word, was full, so that the sentence goes on.
_FULL = 0.9
# Characters below which no line is full: points on a slide, lines of a poem.
_NARROW = 40


def title(data: bytes) -> str:
    """Return the title in the file's own description, "" for none. Raises BadInput as `pages` does."""
    with closing(_opened(data)) as document:
        return str(document.get_metadata_value("Title"))


def pages(data: bytes, most: int) -> Iterator[Page]:
    """Yield each page. Raises BadInput for what is encrypted or broken, or has more than `most` pages."""
    with closing(_opened(data)) as document:
        if len(document) > most:
            raise BadInput("error-file-pages", pages=len(document), limit=most)
        headings = _headings(document)
        heading = ""
        for index in range(len(document)):
            heading = headings.get(index, heading)
            yield Page(index + 1, flow(_text(document, index)), heading)


def _opened(data: bytes) -> Any:
    import pypdfium2

    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        locked = getattr(error, "err_code", None) in (pypdfium2.raw.FPDF_ERR_PASSWORD, pypdfium2.raw.FPDF_ERR_SECURITY)
        raise BadInput("error-file-encrypted" if locked else "error-file-broken") from None


def _text(document: Any, index: int) -> str:
    import pypdfium2

    try:
        with closing(document[index]) as page, closing(page.get_textpage()) as text:
            return str(text.get_text_range())
    except pypdfium2.PdfiumError:  # one page that cannot be read spoils no book
        return ""


def _headings(document: Any) -> dict[int, str]:
    """Return, by page index, the title of the outline's last entry that begins there."""
    found = dict[int, str]()
    for entry in document.get_toc(max_depth=4):
        place = entry.get_dest()
        index = place.get_index() if place else None
        if index is not None:
            found[index] = " ".join(str(entry.get_title()).split())[:200]
    return found


def flow(text: str) -> str:
    """Return a page's text with words that were broken at a line's end made whole, and full lines joined.

    A line was full when the next line's first word would not have fitted.
    """
    lines = [line.strip() for line in _whole(text).splitlines()]
    width = max(_NARROW, max(map(len, lines), default=0) * _FULL)
    flowing = list[str]()
    last = ""
    for line in lines:
        if last and line and len(last) + 1 + len(line.split(maxsplit=1)[0]) > width:
            flowing[-1] += f" {line}"
        else:
            flowing.append(line)
        last = line
    return "\n".join(flowing)


def _whole(text: str) -> str:
    first, *others = _BROKEN.split(text)
    whole = [first]
    for other in others:
        # "state-of-the-art" and "Spanish-English" keep their hyphens; "repre-sentation" had none.
        word = whole[-1].split(" ")[-1]
        if "-" in word or not word[-1:].islower() or not other[:1].islower():
            whole.append("-")
        whole.append(other)
    return "".join(whole)
