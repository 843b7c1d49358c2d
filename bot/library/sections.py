"""Text without pages, cut into what stands for them: slides, sections, or parts of a page's length."""

import re
from collections.abc import Iterator

from bot.library.documents import Page

# Characters of a section from which on it is cut into parts, and of such a part: about a printed page.
_LONG, _PART = 6000, 3000
_HEADING = re.compile(r"#{1,2}[ \t]+(.+)")
_FENCE = re.compile(r"[ \t]*(```|~~~)")
_UNDERLINE = re.compile(r"(=+|-{3,})[ \t]*$")
_SLIDE = re.compile(r"^<!-- Slide number: (\d+) -->$", re.MULTILINE)


def slides(markdown: str) -> list[Page]:
    """Return the slides of a presentation, which stand below comments with their numbers."""
    marks = list(_counting_up(_SLIDE.finditer(markdown)))
    ends = [*(mark.start() for mark in marks[1:]), len(markdown)]
    texts = [markdown[mark.end() : end] for mark, end in zip(marks, ends, strict=True)]
    return [_slide(number, text) for number, text in enumerate(texts, start=1)]


def _counting_up(marks: Iterator[re.Match[str]]) -> Iterator[re.Match[str]]:
    # A slide may show such a comment itself; only those in order are the converter's.
    expected = 1
    for mark in marks:
        if int(mark[1]) == expected:
            expected += 1
            yield mark


def _slide(number: int, text: str) -> Page:
    text = text.strip()
    title = re.match(r"# (.+)", text)
    return Page(number, text, title[1].strip() if title else "")


def sections(markdown: str) -> list[Page]:
    """Return the sections below headings of the first two levels, long ones in parts, numbered from 1."""
    pages = list[Page]()
    for heading, text in _below_headings(_with_marks(markdown)):
        for part in parts(text, _LONG):
            pages.append(Page(len(pages) + 1, part, heading))
    return pages


def plain(text: str) -> list[Page]:
    """Return the pages of a plain text: where it says so (form feeds), else parts of a page's length."""
    if "\f" in text:
        return [Page(number, page.strip()) for number, page in enumerate(text.split("\f"), start=1)]
    return [Page(number, part) for number, part in enumerate(parts(text, _PART), start=1)]


def _with_marks(markdown: str) -> list[str]:
    """Return the lines, underlined headings written with # instead."""
    lines = markdown.split("\n")
    for index in range(1, len(lines)):
        title, alone = lines[index - 1].strip(), index < 2 or not lines[index - 2].strip()
        if alone and title and title[0] not in "#|>-*+`" and (line := _UNDERLINE.match(lines[index])):
            lines[index - 1], lines[index] = f"{'#' if line[1][0] == '=' else '##'} {title}", ""
    return lines


def _below_headings(lines: list[str]) -> Iterator[tuple[str, str]]:
    heading, begun, fence = "", list[str](), ""
    for line in lines:
        if mark := _FENCE.match(line):
            fence = "" if fence == mark[1] else fence or mark[1]
        found = None if fence else _HEADING.match(line)
        if found:
            yield from _section(heading, begun)
            heading, begun = found[1].strip(" \t#"), []
        begun.append(line)
    yield from _section(heading, begun)


def _section(heading: str, lines: list[str]) -> Iterator[tuple[str, str]]:
    if text := "\n".join(lines).strip():
        yield heading, text


def parts(text: str, longest: int) -> Iterator[str]:
    """Yield a text, where it is longer than `longest` characters in parts of about a page, cut between paragraphs."""
    text = text.strip()
    while len(text) > longest:
        cut = max(text.rfind(end, _PART // 2, _PART) for end in ("\n\n",))
        for end in ("\n", ". ", " "):
            cut = cut if cut > 0 else text.rfind(end, _PART // 2, _PART)
        cut = cut + 1 if cut > 0 else _PART
        yield text[:cut].strip()
        text = text[cut:].strip()
    if text:
        yield text
