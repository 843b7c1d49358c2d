"""Drafts of a summary: what of them can be said of the source, and how good that is."""

import re
from dataclasses import dataclass
from functools import cache

from bot import texts
from bot.tasks.detect import detect
from bot.tasks.reading.facts import Facts, facts, invented, mend, support
from bot.tasks.reading.sentences import sentences
from bot.tasks.summarizing.lengths import Room, fit
from bot.tasks.threads import content

# The numbers of the examples that a prompt shows.
EXAMPLES = (1, 2)

# What models put before a summary, and marks of lists and emphasis.
_ANNOUNCED = re.compile(r"^[^.\n]{0,60}\b(?:resumen|summary)\b[^.\n]{0,60}:\s*", re.IGNORECASE)
_MARKED = re.compile(r"^\s*(?:[-*•–]|\d{1,2}[.)]|#+)\s+")
_EMPHASIS = re.compile(r"\*\*|__|`")
_QUOTED = re.compile(r"[\"«“]([^\"«»“”]*)[\"»”]")
_COMPLETE = re.compile(r"[.!?…][\"»”’)\]]*$")
# Shares below which a draft is not good: of its words that the source has, and of the words that it was to have.
_SUPPORTED, _FILLED = 0.75, 0.4


@dataclass(frozen=True, slots=True)
class Source:
    """A text that is summarized in `language`, which need not be its own (`own`), and what it states."""

    text: str
    language: str
    own: str
    stated: Facts


@dataclass(frozen=True, slots=True)
class Draft:
    """What of a draft can be used. `worth` compares drafts of one source, `good` ones need no other."""

    pieces: list[str]
    worth: float
    good: bool


def source_of(text: str, language: str) -> Source:
    """Return a text with what must be known of it to judge its summaries."""
    return Source(text, language, detect(text), facts(text))


def judged(words: str, source: Source, given: Room, *, cut: bool = False) -> Draft:
    """Return what of a draft fits and is stated by the source; with `cut` the draft ends in mid-sentence."""
    written = _pieces(words)
    if cut and len(written) > 1 and not _COMPLETE.search(written[-1]):
        written.pop()
    mended = [mend(piece, source.stated, source.language) for piece in written]
    stated = [piece for piece in mended if not invented(piece, source.stated, source.language)]
    true = [piece for piece in stated if not borrowed(piece, source)]
    kept = fit(list(dict.fromkeys(true)), given)
    supported = support(" ".join(kept), source.stated) if source.own == source.language else 1.0
    filled = min(1.0, sum(len(piece.split()) for piece in kept) / given.aim)
    right_language = not kept or detect(" ".join(kept)) == source.language
    return Draft(
        pieces=kept,
        worth=supported * filled * (1 if right_language else 0.5),
        good=bool(kept)
        and len(true) == len(written)
        and supported >= _SUPPORTED
        and filled >= _FILLED
        and right_language,
    )


def borrowed(text: str, source: Source) -> bool:
    """Tell whether a sentence speaks of what the examples in the prompt speak of, and the source does not.

    One word may come from elsewhere, and two in another language than the source's, with which it shares none.
    """
    chance = 1 if source.own == source.language else 2
    return len((content(text) & _lent(source.language)) - content(source.text)) > chance


@cache
def _lent(language: str) -> frozenset[str]:
    """Return the words of the examples that few other texts have."""
    shown = [f"prompt-summarize-{kind}-{number}" for kind in ("example", "answer") for number in EXAMPLES]
    return content(" ".join(texts.text(language, key) for key in shown))


def _pieces(words: str) -> list[str]:
    """Return the sentences or points of a draft, without their marks."""
    plain = _ANNOUNCED.sub("", _EMPHASIS.sub("", words).strip())
    if quoted := _QUOTED.fullmatch(plain):
        plain = quoted.group(1)
    lines = [line for line in plain.splitlines() if line.strip()]
    if any(_MARKED.match(line) for line in lines):
        return [_MARKED.sub("", line).strip() for line in lines]
    return sentences(plain)
