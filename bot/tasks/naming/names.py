"""Names that are known: of people, places, organizations, and words that are none though they begin with a capital."""

import unicodedata
from collections import defaultdict
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

FILE = Path(__file__).with_name("names.txt")
KINDS = ("first", "surname", "place", "organization", "other", "word")
_NONE: frozenset[str] = frozenset()


def key(name: str) -> str:
    """Return what a name is looked up by: without accents and capitals, with plain apostrophes and single spaces."""
    plain = unicodedata.normalize("NFKD", name.replace("’", "'")).casefold()
    return " ".join("".join(char for char in plain if not unicodedata.combining(char)).split())


def kinds(name: str) -> frozenset[str]:
    """Return what a name may be ("first", "place" …), nothing for a name that is not known."""
    return known().get(key(name), _NONE)


def common_form(word: str) -> bool:
    """Tell whether a word is a form of a common word of either language: "Subimos", "Translated"."""
    stems = _stems()
    return any(stemmer.stemWord(word.casefold()) in of for stemmer, of in stems)


@cache
def _stems() -> "tuple[tuple[Any, frozenset[str]], ...]":
    from Stemmer import Stemmer

    common = [name for name, of in known().items() if "word" in of]
    stemmers = [Stemmer(language) for language in ("spanish", "english")]
    return tuple((stemmer, frozenset(stemmer.stemWords(common))) for stemmer in stemmers)


@cache
def known() -> "MappingProxyType[str, frozenset[str]]":
    """Return the kinds of every known name, by its key. The first call reads the file, which takes 50 ms."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    kind = ""
    for line in FILE.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            kind = line.strip("[]")
        elif not line.startswith("#"):
            found[line].add(kind)
    return MappingProxyType({name: frozenset(of) for name, of in found.items()})
