"""A summary made of the text's own sentences, for what a model does not summarize well enough."""

import re
from collections import Counter

from bot.tasks.reading.sentences import sentences
from bot.tasks.summarizing.lengths import Room, fit

_WORD = re.compile(r"[^\W\d_]{4,}")


def extract(text: str, given: Room) -> list[str]:
    """Return the sentences that say the most, in the text's order; the beginning of the first where none fits.

    A sentence is worth the mean frequency of its words in the text (Luhn 1958, "The automatic creation of literature
    abstracts"); words below four letters say little.
    """
    found = sentences(text)
    counts = Counter(word.casefold() for word in _WORD.findall(text))
    best = sorted(range(len(found)), key=lambda place: _worth(found[place], counts), reverse=True)
    chosen: list[int] = []
    words = 0
    for place in best:
        longer = words + len(found[place].split())
        together = sorted([*chosen, place]) if longer <= given.aim else []
        if together and len(fit([found[at] for at in together], given)) == len(together):
            chosen, words = together, longer
    return [found[place] for place in chosen] or [_beginning(sentence, given) for sentence in found[:1]]


def _worth(sentence: str, counts: Counter[str]) -> float:
    words = _WORD.findall(sentence)
    return sum(counts[word.casefold()] for word in words) / (len(words) + 3)


def _beginning(sentence: str, given: Room) -> str:
    words = " ".join(sentence.split()[: given.words])
    room = given.characters - 1  # of the ellipsis
    kept = words if len(words) <= room else words[: room + 1].rpartition(" ")[0]
    return f"{kept.rstrip(',;:. ')}…"
