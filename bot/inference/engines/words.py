"""Words and signs of a text, as spans of entities and answers begin and end with them."""

import re

# Scripts written without spaces, in which each character counts as a word: Thai to Burmese, Khmer, kana, Han.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
# Accents of their own belong to the letter before; \w leaves them out.
_MARKS = "\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0900-\u0903\u093a-\u094f\u200c\u200d\ufe0e\ufe0f"
_UNIT = re.compile(rf"[{_UNSPACED}][{_MARKS}]*|(?:(?![{_UNSPACED}])\w[{_MARKS}]*)+|\S[{_MARKS}]*")


def units(text: str) -> list[tuple[int, int]]:
    """Return where each word and each other sign but white space begins and ends, in order."""
    return [match.span() for match in _UNIT.finditer(text)]


def whole(text: str, start: int, end: int) -> tuple[int, int]:
    """Widen a stretch to the words and signs that it touches; (0, 0) if there are none."""
    touched = [(first, last) for first, last in units(text) if first < end and last > start]
    return (touched[0][0], touched[-1][1]) if touched else (0, 0)
