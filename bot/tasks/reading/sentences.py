"""The sentences of a text."""

import re

# What ends in a dot and ends no sentence.
_ABBREVIATIONS = """
    dr dra sr sra srta sres d dña prof profa lic mr mrs ms st sto etc p pp pág págs cap núm nº n art fig vol
    ee uu aprox tel av avda c pza e.g i.e vs cf ed eds inc ltd jr a.m p.m a.c d.c
"""
_KNOWN = frozenset(_ABBREVIATIONS.split())
# From the first of several dots alone: a search from each of a hundred thousand would last minutes.
_END = re.compile(r"(?<![.!?…])[.!?…]++[\"»”’)\]]*+\s+")
# Characters; no abbreviation is longer.
_LONGEST = 20
_LAST_WORD = re.compile(r"[^\s(«“\"]+$")


def sentences(text: str) -> list[str]:
    """Return the sentences in order, without the blanks around them; a line's end is a sentence's, too."""
    found = [piece for line in text.splitlines() for piece in _of_line(line.strip())]
    return [piece for piece in found if piece]


def _of_line(line: str) -> list[str]:
    pieces, start = [], 0
    for end in _END.finditer(line):
        if _ends(line[max(start, end.start() - _LONGEST) : end.start()], end.group(), line[end.end() : end.end() + 1]):
            pieces.append(line[start : end.end()].strip())
            start = end.end()
    return [*pieces, line[start:].strip()]


def _ends(before: str, stop: str, after: str) -> bool:
    if after.islower():
        return False
    word = _LAST_WORD.search(before)
    if stop.strip() != "." or word is None:
        return True
    return word.group().lower() not in _KNOWN and not (len(word.group()) == 1 and word.group().isupper())
