"""How long a summary may be: by what is asked for, and never more than half of its source."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Length = Literal["short", "medium", "bullets"]

# Of each length: the share of the source's words that is aimed at, at most so many words, and words a sentence.
_AIMS: dict[Length, tuple[float, int, int]] = {
    "short": (0.3, 72, 18),
    "medium": (0.4, 180, 20),
    "bullets": (0.4, 120, 15),
}


@dataclass(frozen=True, slots=True)
class Room:
    """What a summary may take: `words` and `characters` at the most; `aim` words in `sentences` are wished for."""

    words: int
    characters: int
    aim: int
    sentences: int


def room(source: str, length: Length) -> Room:
    """Return the room that a summary of `source` has."""
    words, (share, most, each) = len(source.split()), _AIMS[length]
    aim = max(5, min(round(words * share), most))
    return Room(words // 2, len(source) // 2, aim, max(1, round(aim / each)))


def within(part: str) -> Room:
    """Return the room that notes on a part of a long text have."""
    words = len(part.split())
    return Room(words // 2, len(part) // 2, max(5, min(round(words * 0.25), 100)), max(1, min(round(words * 0.012), 5)))


def fits(text: str, given: Room) -> bool:
    """Tell whether a text stays within its room."""
    return len(text.split()) <= given.words and len(text) <= given.characters


def fit(pieces: Sequence[str], given: Room, between: str = " ") -> list[str]:
    """Return the first of some sentences or points, as many as fit together."""
    kept: list[str] = []
    for piece in pieces:
        if not fits(between.join([*kept, piece]), given):
            break
        kept.append(piece)
    return kept
