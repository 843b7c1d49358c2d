"""What a translation leaves as it is: line breaks, the marks of lists, code, links, @names and emoji."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.tasks.sentences import sentences

# Characters that a model gets at once: enough for a sentence's surroundings, little enough not to lose its way.
MOST = 500

_BASE = r"[\U0001F000-\U0001FAFF←-⇿⌀-⏿☀-➿⬀-⯿]"
EMOJI = rf"(?:{_BASE}(?:[\uFE0F\u20E3\U0001F3FB-\U0001F3FF\U000E0020-\U000E007F]|\u200D{_BASE})*|[0-9#*]\uFE0F\u20E3)"
_LINK = r"(?:https?://|www\.)[^\s<>()`\"“”«»]*[^\s<>()`\"“”«».,;:!?'’…\]]"
_MAIL = r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
_NAME = r"(?<![\w@])@\w+"
_CODE = r"`[^`\n]+`"
_BLOCK = r"```.*?(?:```|\Z)"
_LINE_START = re.compile(rf"\s*(?:>\s*)*(?:(?:[-+*•·–—]|\d+[.)]|#{{1,6}})\s+|[—•])?(?:\[[ xX]\]\s+)?(?:{EMOJI}|\s)*")
_LINE_END = re.compile(rf"(?:{EMOJI}|\s)+\Z")
_LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of a text, which is to be translated or stays as it is."""

    text: str
    translate: bool


@lru_cache(maxsize=64)
def marks(code: tuple[str, ...] = ()) -> re.Pattern[str]:
    """Return the pattern of what must occur in a translation as in its text; `code` are stretches known to be code."""
    known = sorted(map(re.escape, code), key=len, reverse=True)
    return re.compile("|".join((*known, _BLOCK, _CODE, _LINK, _MAIL, _NAME, EMOJI)), re.DOTALL)


def kept(text: str, code: tuple[str, ...] = ()) -> Counter[str]:
    """Count what a translation of `text` keeps."""
    return Counter(marks(code).findall(text))


def stretches(text: str, code: tuple[str, ...] = (), most: int = MOST) -> list[Stretch]:
    """Return a text's pieces, which joined are the text; those to translate have at most `most` characters."""
    known = sorted(map(re.escape, code), key=len, reverse=True)
    # Code in a line belongs to its sentence; a block, and known code of several lines, stands between lines.
    blocks = re.compile("|".join((_BLOCK, *(one for one in known if "\n" in one))), re.DOTALL)
    found, start = [], 0
    for block in blocks.finditer(text):
        found += _of_lines(text[start : block.start()], code, most)
        found.append(Stretch(block.group(), translate=False))
        start = block.end()
    found += _of_lines(text[start:], code, most)
    return [stretch for stretch in found if stretch.text]


def _of_lines(text: str, code: tuple[str, ...], most: int) -> list[Stretch]:
    # A line and the break after it come in turns.
    lines = re.split(r"([\r\n]+)", text)
    return [stretch for line in lines for stretch in _of_line(line, code, most)]


def _of_line(line: str, code: tuple[str, ...], most: int) -> Iterator[Stretch]:
    first = _LINE_START.match(line)
    start = first.end() if first else 0
    last = _LINE_END.search(line, start)
    end = last.start() if last else len(line)
    yield Stretch(line[:start], translate=False)
    place = start
    for begin, past in _groups(line, start, end, most):
        yield Stretch(line[place:begin], translate=False)
        yield Stretch(line[begin:past], translate=has_words(line[begin:past], code))
        place = past
    yield Stretch(line[place:], translate=False)


def has_words(text: str, code: tuple[str, ...] = ()) -> bool:
    """Tell whether there is anything to translate in a text."""
    return bool(_LETTER.search(marks(code).sub("", text)))


def _groups(line: str, start: int, end: int, most: int) -> Iterator[tuple[int, int]]:
    """Yield where groups of whole sentences begin and end."""
    begin = past = -1
    for first, last in _sentences(line, start, end, most):
        if begin >= 0 and last - begin > most:
            yield begin, past
            begin = -1
        begin, past = first if begin < 0 else begin, last
    if begin >= 0:
        yield begin, past


def _sentences(line: str, start: int, end: int, most: int) -> Iterator[tuple[int, int]]:
    place = start
    for sentence in sentences(line[start:end]):
        first = line.index(sentence, place)
        place = first + len(sentence)
        yield from _cut(line, first, place, most)


def _cut(line: str, start: int, end: int, most: int) -> Iterator[tuple[int, int]]:
    while end - start > most:
        blank = max(line.rfind(" ", start, start + most), line.rfind("\t", start, start + most))
        past = blank if blank > start else start + most
        yield start, past
        start = past + (blank == past)
    yield start, end


def between(text: str, cuts: Sequence[tuple[int, int]]) -> Iterator[tuple[str, tuple[int, int] | None]]:
    """Yield, in order, the text before each of some stretches, with that stretch; and, with None, what comes last."""
    place = 0
    for start, end in cuts:
        yield text[place:start], (start, end)
        place = end
    yield text[place:], None
