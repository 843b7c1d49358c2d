"""Letters without their accents, as people write in a hurry."""

import unicodedata
from typing import Literal


def unaccented(text: str, form: Literal["NFD", "NFKD"] = "NFKD") -> str:
    """Return a text without accents and tildes; NFKD also gives ligatures and the like as plain letters."""
    return "".join(mark for mark in unicodedata.normalize(form, text) if not unicodedata.combining(mark))
