"""What a translation leaves as it is: line breaks, the marks of lists, code, links, @names and emoji."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.tasks.reading.sentences import sentences

# Characters that a model gets at once: enough for a sentence's surroundings, little enough not to lose its way.
MOST = 500

_SIGNS = r"\U0001F000-\U0001FAFF←-⇿⌀-⏿☀-➿⬀-⯿"
_BASE = f"[{_SIGNS}]"
EMOJI = rf"(?:{_BASE}(?:[\uFE0F\u20E3\U0001F3FB-\U0001F3FF\U000E0020-\U000E007F]|\u200D{_BASE})*|[0-9#*]\uFE0F\u20E3)"
_IN_LINK = rf"\s<>()`\"“”«»\uFE0F\u200D{_SIGNS}"
_LINK = rf"(?:https?://|www\.)[^{_IN_LINK}]*[^{_IN_LINK}.,;:!?'’…\]]"
_MAIL = r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
_NAME = r"(?<![\w@])@\w+"
_CODE = r"`[^`\n]+`"
_BLOCK = r"```.*?(?:```|\Z)"
_LINE_START = re.compile(rf"\s*(?:>\s*)*(?:(?:[-+*•·–—]|\d+[.)]|#{{1,6}})\s+|[—•])?(?:\[[ xX]\]\s+)?(?:{EMOJI}|\s)*")
_LINE_END = re.compile(rf"(?:{EMOJI}|\s)+\Z")
_HIDDEN = "\0"
_LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of a text, which is to be translated or stays as it is."""

    text: str
    translate: bool


@lru_cache(maxsize=64)
def marks(code: tuple[str, ...] = (), *, emoji: bool = True) -> re.Pattern[str]:
    """Return the pattern of what must occur in a translation as in its text; `code` are stretches known to be code."""
    # A lone backtick, too: it would make code of whatever stands between it and the next one.
    kinds = (*_known(code), _BLOCK, _CODE, "`", _LINK, _MAIL, _NAME, *([EMOJI] if emoji else []))
    return re.compile("|".join(kinds), re.DOTALL)


def _known(code: tuple[str, ...]) -> list[str]:
    return sorted(map(re.escape, code), key=len, reverse=True)


def kept(text: str, code: tuple[str, ...] = ()) -> Counter[str]:
    """Count what a translation of `text` keeps."""
    return Counter(marks(code).findall(text))


def stretches(text: str, code: tuple[str, ...] = (), most: int = MOST) -> list[Stretch]:
    """Return a text's pieces, which joined are the text; those to translate have at most `most` characters."""
    found, start = list[Stretch](), 0
    for mark in marks(code).finditer(text):
        # Code in a line belongs to its sentence; a block, and known code of several lines, stands between lines.
        if mark.group().startswith("```") or "\n" in mark.group():
            found += _of_lines(text[start : mark.start()], code, most)
            found.append(Stretch(mark.group(), translate=False))
            start = mark.end()
    found += _of_lines(text[start:], code, most)
    return [stretch for stretch in found if stretch.text]


def _of_lines(text: str, code: tuple[str, ...], most: int) -> list[Stretch]:
    # A line and the break after it come in turns.
    lines = re.split(r"([\r\n]+)", text)
    return [stretch for line in lines for stretch in _of_line(line, code, most)]


def _of_line(line: str, code: tuple[str, ...], most: int) -> Iterator[Stretch]:
    solid = hidden(line, marks(code, emoji=False))
    first = _LINE_START.match(solid)
    start = first.end() if first else 0
    last = _LINE_END.search(solid, start)
    end = last.start() if last else len(line)
    yield Stretch(line[:start], translate=False)
    place = start
    for begin, past in _groups(hidden(line[:end], marks(code)), start, most):
        yield Stretch(line[place:begin], translate=False)
        yield Stretch(line[begin:past], translate=has_words(line[begin:past], code))
        place = past
    yield Stretch(line[place:], translate=False)


def hidden(text: str, pattern: re.Pattern[str]) -> str:
    """Return a text as long as this one, in which what matches the pattern is neither word nor blank."""
    return pattern.sub(lambda found: _HIDDEN * len(found.group()), text)


def has_words(text: str, code: tuple[str, ...] = ()) -> bool:
    """Tell whether there is anything to translate in a text."""
    return bool(_LETTER.search(marks(code).sub("", text)))


def _groups(line: str, start: int, most: int) -> Iterator[tuple[int, int]]:
    """Yield where groups of whole sentences begin and end; marks are hidden, so that none is cut."""
    begin = past = -1
    for first, last in _sentences(line, start, most):
        if begin >= 0 and last - begin > most:
            yield begin, past
            begin = -1
        begin, past = first if begin < 0 else begin, last
    if begin >= 0:
        yield begin, past


def _sentences(line: str, start: int, most: int) -> Iterator[tuple[int, int]]:
    for sentence in sentences(line[start:]):
        first = line.index(sentence, start)
        start = first + len(sentence)
        while start - first > most:
            past = _cut(line[:start], first, first + most)
            yield first, past
            first = past + (line[past : past + 1] == " ")
        if first < start:
            yield first, start


def _cut(line: str, start: int, limit: int) -> int:
    """Return where to cut what is no sentence: at a blank, else anywhere but inside a mark."""
    blank = line.rfind(" ", start + 1, limit)
    if blank > 0:
        return blank
    past = limit
    while past > start and line[past - 1] == line[past] == _HIDDEN:
        past -= 1
    if past > start:
        return past
    return next((place for place in range(limit, len(line)) if line[place] != _HIDDEN), len(line))


def between(text: str, cuts: Sequence[tuple[int, int]]) -> Iterator[tuple[str, tuple[int, int] | None]]:
    """Yield, in order, the text before each of some stretches, with that stretch; and, with None, what comes last."""
    place = 0
    for start, end in cuts:
        yield text[place:start], (start, end)
        place = end
    yield text[place:], None
