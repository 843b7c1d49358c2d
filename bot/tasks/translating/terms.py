"""A glossary: which of its terms a text has, and whether a translation obeys it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from bot.tasks.detect import lean

Glossary = Sequence[tuple[str, str]]

_ACCENTS = str.maketrans("áéíóú", "aeiou")


@dataclass(frozen=True, slots=True)
class Found:
    """A term in a text, `text[start:end]`, and how the glossary has it in the other language."""

    start: int
    end: int
    text: str
    wanted: str


def find(text: str, glossary: Glossary, source: str, target: str) -> list[Found]:
    """Return the glossary's terms in a text in order, the longer ones first where they overlap.

    Either side of a line may occur, in any of its numbers and cases ("Attention heads"); the side in the target
    language is what is wanted. So a Spanish text that says "embedding" keeps it in English.
    """
    plain = text.casefold()
    near = [(term, pair) for pair in glossary for term in pair if _may_occur(term, plain)]
    sides = [(term, _side(pair, source, target)) for term, pair in near]
    # A side of one line may be the other side of another: first the line that translates it.
    sides.sort(key=lambda side: (-len(side[0]), side[0] == side[1]))
    found: list[Found] = []
    for term, wanted in sides:
        for match in _pattern(term).finditer(text):
            if all(match.end() <= one.start or match.start() >= one.end for one in found):
                found.append(Found(*match.span(), match.group(), wanted))
    return sorted(found, key=lambda one: one.start)


def obeyed(translation: str, found: Sequence[Found]) -> bool:
    """Tell whether each term that was found is translated as the glossary has it, in any of its numbers and cases."""
    return all(_pattern(one.wanted).search(translation) for one in found)


def cased(one: Found) -> str:
    """Return the wanted term, with a capital where the text has one."""
    return one.wanted[:1].upper() + one.wanted[1:] if one.text[:1].isupper() else one.wanted


def put_in(text: str, found: Sequence[Found]) -> str:
    """Return the text with the terms already translated."""
    for one in reversed(found):
        text = text[: one.start] + cased(one) + text[one.end :]
    return text


def _may_occur(term: str, plain: str) -> bool:
    """Tell, faster than by its pattern, whether a term could be in a text in lower case: by how its words begin."""
    return all((word[:-2] or word[:1]) in plain for word in re.split(r"[\s-]+", term.casefold()))


@lru_cache(maxsize=2048)
def _side(pair: tuple[str, str], source: str, target: str) -> str:
    """Return the side of a line that is in the target language."""
    # Two short terms say together what neither says alone.
    left, right = pair
    return left if lean(left, target, source) > lean(right, target, source) else right


@lru_cache(maxsize=2048)
def _pattern(term: str) -> re.Pattern[str]:
    words = [word for word in re.split(r"[\s-]+", term) if word]
    body = r"[\s-]+".join(_word(word) for word in words) or re.escape(term)
    return re.compile(rf"(?<!\w)(?:{body})(?!\w)", re.IGNORECASE)


def _word(word: str) -> str:
    return f"(?:{'|'.join(map(re.escape, sorted(_forms(word), key=len, reverse=True)))})"


def _forms(word: str) -> set[str]:
    """Return a word in its numbers, as Spanish and English make them."""
    forms = {word} | {word + ending for ending in ("s", "es")}
    for last, ending in (("y", "ies"), ("z", "ces")):
        if word.endswith(last):
            forms.add(word[:-1] + ending)
    if word[-2:] in map("".join, product("áéíóú", "ns")):
        forms.add(word[:-2] + word[-2:].translate(_ACCENTS) + "es")
    return forms
