"""Where a text may name somebody or something: stretches by capitals, known names and the words that join a name."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.tasks.naming.names import common_form, key, kinds, known
from bot.tasks.naming.words import (
    ARTICLES,
    FUNCTION_WORDS,
    JOINS,
    ORGANIZATION_HEADS,
    PARTICLES,
    PLACE_HEADS,
    SUFFIXES,
    TITLES,
)

# A word with what belongs inside it, or initials with their dots ("J.", "S.A.").
_WORD = re.compile(r"(?:[^\W\d_]\.){2,}|[A-ZÀ-Þ]\.(?=\s*[A-ZÀ-Þ])|\w+(?:[-'’·]\w+)*|&")
# What is written in a way of its own: addresses, @names, #tags, code.
_NOT_TEXT = re.compile(r"```.*?(?:```|\Z)|`[^`\n]*`|https?://\S+|www\.\S+|\S+@\S+\.\w+|[@#/]\w+", re.DOTALL)
_POSSESSIVE = re.compile(r"['’]s$")
# After these a word has a capital whether it is a name or not.
_BEGINS = re.compile(r"(?:^|[.!?…:]['\"»”)]*\s+|\n\s*|[¿¡«\"“|•–—]\s*|(?:^|\n)\s*[-*\d.)]+\s+)$")
_BY_NUMBER = re.compile(r"\d\.? \||\| \d")
_LONGEST = 8
# "Radio 4", "Canal 9".
_NUMBERED = frozenset(("radio", "channel", "canal"))
_HEADS = ORGANIZATION_HEADS | PLACE_HEADS


@dataclass(frozen=True, slots=True)
class Word:
    """A word at its place in a text; `begins`: it stands where any word has a capital."""

    text: str
    start: int
    end: int
    begins: bool = False

    @property
    def capital(self) -> bool:
        """Whether the word is written like a name: "Ana", "IBM", "easyJet"."""
        return any(char.isupper() for char in self.text)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A stretch of a text that may be a name, `text == source[start:end]`."""

    text: str
    start: int
    end: int
    begins: bool = False


def words(text: str) -> list[Word]:
    """Return a text's words in order, without those of addresses, @names and code."""
    hidden = _NOT_TEXT.sub(lambda found: "\0" * len(found.group()), text)
    return [_word(hidden, found) for found in _WORD.finditer(hidden) if "\0" not in found.group()]


def _word(text: str, found: re.Match[str]) -> Word:
    start, end = found.span()
    if (owner := _POSSESSIVE.search(found.group())) and not _keeps_possessive(text, found):
        end = start + owner.start()
    begins = bool(_BEGINS.search(text[max(0, start - 12) : start])) if start else True
    return Word(text[start:end], start, end, begins)


def _keeps_possessive(text: str, found: re.Match[str]) -> bool:
    """Tell whether an owner is part of a name: "McDonald's", and "Guy's" in "Guy's Hospital"."""
    if kinds(found.group()):
        return True
    after = re.match(r"(?: [A-ZÀ-Þ][\w-]*)+", text[found.end() :])
    owner = kinds(_POSSESSIVE.sub("", found.group()))
    if after is None or owner & {"place", "organization"}:
        return False
    return any(key(word) in _HEADS for word in after.group().split())


def candidates(text: str) -> tuple[Candidate, ...]:
    """Return the stretches of a text that may be names, in order, none within another."""
    found = words(text)
    able = [item for item in _capitals(text, found) if not _no_name(text, item)]
    return tuple(merged([*able, *_known_ones(text, found)]) if _careless(found) else able)


def capitals(text: str) -> list[Candidate]:
    """Return all stretches that are written like names, those known to be none included."""
    return list(_capitals(text, words(text)))


def without_capitals(text: str) -> bool:
    """Tell whether somebody writes names without capitals, as far as one can see: the text begins without one."""
    return _careless(words(text))


def _careless(found: Sequence[Word]) -> bool:
    return bool(found) and found[0].text[0].isalpha() and not found[0].capital


def _no_name(text: str, item: Candidate) -> bool:
    """Tell whether what is written like a name is a language, a product, a month; a common word that begins."""
    able = kinds(item.text) or kinds(item.text.removesuffix("s"))
    # Surnames alone ("English") are rarer than what they were taken from.
    if able and able <= {"other", "word", "surname"} and ("other" in able or (item.begins and "surname" not in able)):
        return True
    # "May 12", "12 April": people are called so, too.
    return "other" in able and bool(
        _BY_NUMBER.search(f"{text[max(0, item.start - 4) : item.start]}|{text[item.end : item.end + 4]}")
    )


def _capitals(text: str, found: Sequence[Word]) -> Iterator[Candidate]:
    position = 0
    while position < len(found):
        length = _known_length(text, found, position) or _grown(text, found, position)
        if not length:
            position += 1
            continue
        yield _candidate(text, found[position : position + length])
        position += length


def _known_ones(text: str, found: Sequence[Word]) -> Iterator[Candidate]:
    """Yield known names written without capitals, where they are no common words."""
    position = 0
    while position < len(found):
        length = next((n for n in range(4, 0, -1) if _sure(text, found[position : position + n], n)), 0)
        if length:
            yield _candidate(text, found[position : position + length])
        position += max(length, 1)


def _sure(text: str, group: Sequence[Word], size: int) -> bool:
    if len(group) < size or not _adjacent(text, group):
        return False
    name = text[group[0].start : group[-1].end]
    # Surnames are left out: most are words, too.
    able = kinds(name) & {"first", "place", "organization"}
    return len(name) > 3 and bool(able) and "word" not in kinds(name) and key(name) not in FUNCTION_WORDS


def merged(items: Sequence[Candidate]) -> list[Candidate]:
    """Return the candidates in order; of two that overlap only the longer."""
    longest = sorted(items, key=lambda item: (item.start - item.end, item.start))
    kept: list[Candidate] = []
    for item in longest:
        if all(item.end <= other.start or item.start >= other.end for other in kept):
            kept.append(item)
    return sorted(kept, key=lambda item: item.start)


def _known_length(text: str, found: Sequence[Word], position: int) -> int:
    """Return how many words from here on make a known name of several words, articles and joining words within."""
    if not found[position].capital:
        return 0
    for size in range(min(_LONGEST, len(found) - position), 1, -1):
        group = found[position : position + size]
        if not group[-1].capital or not _adjacent(text, group):
            continue
        if known().get(key(text[group[0].start : group[-1].end]), frozenset()) - {"word"}:
            return size + _more(text, found, position, size)
    return 0


def _more(text: str, found: Sequence[Word], position: int, size: int) -> int:
    """Return how many words a known name goes on for: "Real Madrid" in "Real Madrid Baloncesto"."""
    rest = _run(text, found, position + size - 1)
    return rest - 1 if rest > 1 else 0


def _grown(text: str, found: Sequence[Word], position: int) -> int:
    """Return how many words from here on make a name by their capitals; 0 where none begins."""
    first = found[position]
    if not first.capital or not _may_begin(text, found, position):
        return 0
    length = _run(text, found, position)
    while (more := _joined(text, found, position, length)) > length:
        length = more
    return length


def _may_begin(text: str, found: Sequence[Word], position: int) -> bool:
    """Tell whether a word with a capital may be the first of a name."""
    word, plain = found[position], key(found[position].text)
    follows = _run(text, found, position) > 1
    if len(word.text) > 1 and word.text.isupper():
        return True
    if len(word.text) == 1 and (word.text == "I" or not follows):
        return False
    if plain in TITLES and (follows or word.begins or not kinds(word.text) - {"word"}):
        return False
    if plain in ARTICLES:
        return follows and not word.begins
    return plain not in FUNCTION_WORDS and not (word.begins and _common(word, follows=follows))


def _common(word: Word, *, follows: bool) -> bool:
    """Tell whether a word is no name at the beginning of a sentence, unless the name goes on ("Banco Azul")."""
    able = kinds(word.text)
    if able & {"first", "place", "organization"} or (follows and key(word.text) in _HEADS):
        return False
    return "word" in able or common_form(word.text)


def _run(text: str, found: Sequence[Word], position: int) -> int:
    """Return how many words with capitals follow each other here."""
    length = 1
    while position + length < len(found):
        word = found[position + length]
        suffix = key(word.text).replace(".", "") in SUFFIXES
        gap = text[found[position + length - 1].end : word.start]
        numbered = word.text.isdigit() and key(found[position + length - 1].text) in _NUMBERED
        if not ((word.capital or numbered) and (gap in (" ", "\u00a0", "-") or (suffix and gap == ", "))):
            break
        before = found[position + length - 1].text
        if before.endswith(".") and len(before) > 2 and word.begins and not suffix:
            break  # "S.A. Después" is a new sentence, "J. Pérez" goes on
        length += 1
    return length


def _joined(text: str, found: Sequence[Word], position: int, length: int) -> int:
    """Return the name's length with what a joining word adds to it ("Universidad" "de" "Granada"); else `length`."""
    start = position + length
    link = 0
    while start + link < len(found) and key(found[start + link].text) in JOINS and link < 3:
        link += 1
    beyond = start + link
    if not link or beyond >= len(found) or not found[beyond].capital:
        return length
    if not _adjacent(text, found[start - 1 : beyond + 1]):
        return length
    right = _run(text, found, beyond)
    joins = _belongs(found[position:start], found[start:beyond], found[beyond : beyond + right])
    return length + link + right if joins else length


def _belongs(left: Sequence[Word], link: Sequence[Word], right: Sequence[Word]) -> bool:
    joint = key(link[0].text)
    names = kinds(" ".join(word.text for word in right)) | kinds(right[0].text)
    heads = {key(word.text) for word in left}
    if joint == "&" or joint in PARTICLES:
        return True
    # "Universidad Autónoma" "de Madrid", but "Banco de Alimentos" "de Huelva" where one joining word was enough.
    if "place" in names and any(key(word.text) in JOINS for word in left):
        return False
    if joint in ("y", "e", "and"):
        # "Ministerio de Ciencia e Innovación", but "Universidad de Granada y Ana".
        inside = any(key(word.text) in JOINS for word in left)
        return inside and bool(heads & ORGANIZATION_HEADS) and not names & {"first", "place", "organization"}
    if heads & _HEADS:
        return True
    # "Juan de la Cruz", "Miguel de Unamuno": of a person, unless what follows is a place or an organization.
    return "first" in kinds(left[0].text) and joint in ("de", "del") and not names & {"place", "organization", "first"}


def _adjacent(text: str, group: Sequence[Word]) -> bool:
    return all(not text[a.end : b.start].strip(" \u00a0'’.-") for a, b in pairwise(group))


def _candidate(text: str, group: Sequence[Word]) -> Candidate:
    start, end = group[0].start, group[-1].end
    if key(group[-1].text) in SUFFIXES and text[end : end + 1] == ".":
        end += 1
    return Candidate(text[start:end], start, end, group[0].begins)
