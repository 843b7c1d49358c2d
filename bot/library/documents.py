"""A text to study, as it was read out of a file: pages in order."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Page:
    """A page, a slide, or a section where the file has no pages; `heading` is the title that it stands under."""

    number: int
    text: str
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """What was read: `kind` is pdf, pptx, docx, epub, html, md, txt or course; `language` two letters, "" unknown."""

    title: str
    kind: str
    pages: tuple[Page, ...]
    language: str = ""


def unit(kind: str) -> str:
    """Return what a kind's pages are: page, slide or section."""
    return {"pdf": "page", "pptx": "slide"}.get(kind, "section")
