"""The sentence of some passages that states an answer, and passages cut down to what a question is about."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log

from bot.letters import unaccented
from bot.tasks.reading.number_words import VALUES

_BREAK = re.compile(r"(?<=[.!?;…])[\"»”’)\]]*\s+|\s*\n\s*")
_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+")
# Shorter pieces (initials, "No.", "1.") are no sentences of their own.
_SHORTEST = 15
# Words of one root begin alike; this many letters are compared.
_ROOT = 5
# A word of the answer says more about where it was found than a word of the question.
_OF_ANSWER = 2.0


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the passage with that index, `text == passage[start:end]`."""

    passage: int
    text: str
    start: int
    end: int


def sentences(passages: Sequence[str]) -> list[Sentence]:
    """Return the sentences of all passages in order; the end of a line is a sentence's, too."""
    return [Sentence(i, text[a:b], a, b) for i, text in enumerate(passages) for a, b in _spans(text)]


def _spans(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for gap in _BREAK.finditer(text):
        if "\n" in gap.group() or gap.start() - start >= _SHORTEST:
            if text[start : gap.start()].strip():
                yield start, gap.start()
            start = gap.end()
    if text[start:].strip():
        yield start, len(text.rstrip())


def closest(found: Sequence[Sentence], question: str, answer: str) -> Sentence:
    """Return the sentence that shares most with an answer, and then with its question; rare words count more."""
    return max(zip(_scores(found, question, answer), found, strict=True), key=lambda pair: pair[0])[1]


def _scores(found: Sequence[Sentence], question: str, answer: str) -> list[float]:
    rooted = [roots(sentence.text) for sentence in found]
    common = Counter(root for words in rooted for root in words)
    asked, answered = roots(question), roots(answer)

    def worth(root: str) -> float:
        weight = (_OF_ANSWER if root in answered else 0) + (1 if root in asked else 0)
        return weight * log(1 + len(found) / common[root])

    return [sum(worth(root) for root in words) for words in rooted]


def about(passages: Sequence[str], question: str, most: int) -> list[Sentence]:
    """Return the sentences nearest to a question by their words, with their neighbours, in order.

    Together they have at most `most` characters, the nearest sentence aside.
    """
    found = sentences(passages)
    scores = _scores(found, question, "")
    kept: set[int] = set()
    room = most
    for place in sorted(range(len(found)), key=lambda place: -scores[place]):
        near = {place, *(n for n in (place - 1, place + 1) if 0 <= n < len(found))} - kept
        room -= sum(len(found[n].text) for n in near)
        if room < 0 and kept:
            break
        kept |= near
    return [found[place] for place in sorted(kept)]


def roots(text: str) -> frozenset[str]:
    """Return what makes words comparable: no case, no accents, no endings; numbers in words as figures."""
    return frozenset(_root(word) for word in _WORD.findall(text))


def _root(word: str) -> str:
    lower = word.casefold()
    value = next((known[lower] for known in VALUES.values() if lower in known), None)
    if value is not None:
        return str(value)
    plain = unaccented(lower)
    return plain if plain[0].isdigit() else plain[:_ROOT]
