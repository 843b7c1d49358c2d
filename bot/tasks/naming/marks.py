"""What about a stretch of a text tells whether it names a person, an organization or a place, beside its meaning."""

import re
from collections.abc import Collection

from bot.tasks.naming.found import Candidate
from bot.tasks.naming.names import KINDS, key, kinds
from bot.tasks.naming.words import ORGANIZATION_HEADS, PLACE_HEADS, SUFFIXES, TITLES

# Words around a name that its context vector shows. More of them blur the vector's mean.
_AROUND = 6
# What stands right before or after a name in both languages, one mark each.
_BEFORE = [
    "en",
    "de",
    "del",
    "a",
    "la",
    "el",
    "los",
    "las",
    "desde",
    "hasta",
    "por",
    "para",
    "con",
    "y",
    "e",
    "o",
    "segun",
    "como",
    "que",
    "entre",
    "don",
    "dona",
    "rio",
    "calle",
    "capital",
    "lago",
    "in",
    "at",
    "from",
    "to",
    "of",
    "by",
    "for",
    "with",
    "and",
    "or",
    "the",
    "near",
    "between",
    "through",
    "than",
    "as",
    "is",
    "are",
    "river",
    "said",
    "(",
    ",",
    ":",
    "¿",
    "¡",
    '"',
    ".",
]
_AFTER = [
    "y",
    "e",
    "and",
    "or",
    "o",
    "(",
    ")",
    ",",
    ".",
    ":",
    ";",
    "?",
    "!",
    "'s",
    "es",
    "is",
    "dice",
    "says",
    "said",
    "who",
    "que",
    "quien",
    "de",
    "of",
    "en",
    "in",
    "at",
    "river",
    "street",
    "islands",
    "county",
]
_TOKEN = re.compile(r"'s|’s|\w+|[^\w\s]")
NUMBER = 2 * len(KINDS) + len(_BEFORE) + len(_AFTER) + 11


def context(text: str, candidate: Candidate) -> str:
    """Return the words around a stretch, itself replaced by "[X]"."""
    left = " ".join(re.split(r"\s+", text[: candidate.start])[-_AROUND:])
    right = " ".join(re.split(r"\s+", text[candidate.end :])[:_AROUND])
    return f"{left}[X]{right}".strip()


def marks(text: str, candidate: Candidate, hidden: Collection[str] = ()) -> list[float]:
    """Return NUMBER marks of a stretch, 0 to 1. `hidden` are kinds of known names that are taken for unknown."""
    parts = [key(part) for part in candidate.text.split()]
    whole, first, last = (kinds(name) - frozenset(hidden) for name in (candidate.text, parts[0], parts[-1]))
    before = [key(token) for token in _TOKEN.findall(text[max(0, candidate.start - 30) : candidate.start])][-1:]
    after = [key(token) for token in _TOKEN.findall(text[candidate.end : candidate.end + 20])][:1]
    plain = (
        parts[0] in ORGANIZATION_HEADS,
        any(part in ORGANIZATION_HEADS for part in parts),
        parts[0] in PLACE_HEADS,
        parts[-1] in PLACE_HEADS,
        parts[-1].replace(".", "") in SUFFIXES,
        candidate.text.isupper(),
        len(parts) == 1,
        len(parts) > 3,
        candidate.begins,
        "surname" in last and "first" in first,
        bool(before) and _title(text, candidate),
    )
    known = [kind in whole for kind in KINDS] + [kind in first for kind in KINDS]
    near = [token in before for token in _BEFORE] + [token in after for token in _AFTER]
    return [float(mark) for mark in (*plain, *known, *near)]


def _title(text: str, candidate: Candidate) -> bool:
    words = re.findall(r"\w+", text[max(0, candidate.start - 20) : candidate.start])
    return bool(words) and key(words[-1]) in TITLES
