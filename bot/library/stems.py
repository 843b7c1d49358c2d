"""Words as search compares them: without case, accents and endings."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

_WORD = re.compile(r"[^\W_]+")
# What stands above or below a letter, but for the tilde of ñ.
_MARK = re.compile(r"(?<![nN])[\u0300-\u036f]|(?<=[nN])[\u0300-\u0302\u0304-\u036f]")
_STEMMERS = {"es": "spanish", "en": "english"}
# Whoever types without accents means "atención" by "atencion", and only the former has an ending to take off.
_BARE_ENDING, _ENDING = "cion", "ción"


def stems(text: str, language: str) -> list[str]:
    """Return the stem of each word of a text in a language; one that has no stemmer keeps its endings."""
    return list(_stemmed(words_of(text), language))


def asked(query: str) -> list[str]:
    """Return the stems that a query's words have in any of the languages, each once, in order."""
    words = [form for word in words_of(query) for form in _forms(word)]
    per_language = (list(_stemmed(words, language)) for language in ("", *_STEMMERS))
    return list(dict.fromkeys(stem for found in zip(*per_language, strict=True) for stem in found))


def plain(text: str) -> str:
    """Return a text without case, accents, and all but single blanks between its words."""
    return " ".join(words_of(fold(text)))


@cache
def _stemmer(language: str) -> Any:
    from Stemmer import Stemmer

    return Stemmer(_STEMMERS[language])


def words_of(text: str) -> list[str]:
    """Return the words of a text, in lower case."""
    return _WORD.findall(unicodedata.normalize("NFC", text).casefold())


def _forms(word: str) -> Iterator[str]:
    yield word
    if word.endswith(_BARE_ENDING):
        yield word.removesuffix(_BARE_ENDING) + _ENDING


def _stemmed(words: Iterable[str], language: str) -> Iterator[str]:
    words = list(words)
    return map(fold, _stemmer(language).stemWords(words) if language in _STEMMERS else words)


def fold(text: str) -> str:
    """Return a text without accents; ñ, a letter of its own, stays."""
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", _MARK.sub("", unicodedata.normalize("NFD", text)))
