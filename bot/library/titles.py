"""Which of the titles that a file gives itself says what it is."""

import re

from bot.library.documents import Page

# What programs write of themselves: their name before the file's, a file's name, a title that nobody gave.
_PROGRAM = re.compile(
    r"(?i)^microsoft (?:word|powerpoint|excel|office)\b|\.(?:docx?|pptx?|odt|tex|dvi|indd|qxd|pdf|html?)$"
)
_NOBODYS = re.compile(
    r"(?i)^\W*(?:untitled|sin t[ií]tulo|anonymous|unknown|document[oe]?|presentation|presentaci[oó]n(?: de powerpoint)?"
    r"|powerpoint presentation|slide|diapositiva|title|t[ií]tulo)?[\W\d]*$"
)


def sensible(title: str) -> str:
    """Return a title with single spaces, "" for one that says nothing of the file."""
    title = " ".join(title.split())
    return "" if _PROGRAM.search(title) or _NOBODYS.search(title) or sum(map(str.isalpha, title)) < 3 else title


def heading(first: Page) -> str:
    """Return the heading that a file begins with, if it is a title: of the first level and of several words."""
    line, _, _ = first.text.partition("\n")
    marked = line.startswith("# ") and first.heading == line[2:].strip(" \t#")
    return sensible(first.heading) if marked and " " in first.heading else ""
