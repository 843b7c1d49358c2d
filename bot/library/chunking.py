"""Cut a document into passages: by its structure, within a number of tokens, each with the pages that it stands on."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from bot.errors import BadInput
from bot.library.documents import Document, Page
from bot.storage.materials import Passage

# Of a passage: about the length of those that encoders learn from, a thought and its context. With 200 the vectors of
# the benchmark's book put the passage asked for first in 5 questions of ten, with 110 in 7.
TOKENS = 120
# A heading begins a new passage once there are this many; fewer left over at a page's end join the passage before.
_SMALL = 25
# For what has to be finished or joined a passage may become this long.
_STRETCHED = 170
# Characters from which a sentence is cut whatever its tokens.
_LONGEST = 1200
# Of sentences and lines in a document: more than 2,000 dense pages have. And how many are counted at once.
MOST_UNITS, _COUNTED_AT_ONCE = 400_000, 2000

_HEADING = re.compile(r"#{1,6}[ \t]+(.+)")
_FENCE = re.compile(r"[ \t]*(?:```|~~~)")
# After a sentence's last mark and what closes with it, before what can begin one.
_SENTENCE = re.compile(r"(?<=[.!?…:;])(?:[\"'»”’)\]]{0,3})(\s+)(?=[\"'«“‘(\[]?[¿¡]?[A-ZÁÉÍÓÚÜÑ0-9])")
_ENDS = re.compile(r"[.!?…:;][\"'»”’)\]]{0,3}$")
_MARKED_UP = frozenset({"md", "html", "docx", "epub", "pptx", "course"})

Count = Callable[[Sequence[str]], Awaitable[Sequence[int]]]


@dataclass(frozen=True, slots=True)
class Unit:
    """What is never cut again: a sentence, or a line. `before` is the space between it and the one before."""

    page: int
    text: str
    before: str = "\n"
    heading: str = ""
    is_heading: bool = False


@dataclass(slots=True)
class _Open:
    """A passage in the making."""

    units: list[Unit] = field(default_factory=list)
    tokens: int = 0

    def add(self, unit: Unit, tokens: int) -> None:
        self.units.append(unit)
        self.tokens += tokens

    @property
    def page(self) -> int:
        return self.units[0].page

    @property
    def last_page(self) -> int:
        return self.units[-1].page


async def chunked(document: Document, count: Count) -> list[Passage]:
    """Return a document's passages in order; together they hold all of its text but the space between.

    `count` returns texts' lengths in tokens. A passage stands on one page, or its last sentence goes on to the next.
    Raises BadInput for a document of too many lines and sentences.
    """
    units = await asyncio.to_thread(_units, document)
    lengths = await _counted(units, count)
    while halves := await asyncio.to_thread(_halved, units, lengths):
        counted = await _counted([half for pair in halves.values() for half in pair], count)
        units, lengths = await asyncio.to_thread(_shorter, units, lengths, halves, counted)
    return await asyncio.to_thread(pack, units, lengths)


def _units(document: Document) -> list[Unit]:
    units = list(islice(cut(document), MOST_UNITS + 1))
    if len(units) > MOST_UNITS:
        raise BadInput("error-file-lines", limit=MOST_UNITS)
    return units


async def _counted(units: Sequence[Unit], count: Count) -> list[int]:
    lengths = list[int]()
    for start in range(0, len(units), _COUNTED_AT_ONCE):
        lengths += await count([unit.text for unit in units[start : start + _COUNTED_AT_ONCE]])
    return lengths


def _halved(units: Sequence[Unit], lengths: Sequence[int]) -> dict[int, tuple[Unit, ...]]:
    """Return the halves of those units that are too long, by their places."""
    both = enumerate(zip(units, lengths, strict=True))
    return {index: _halves(unit) for index, (unit, tokens) in both if tokens > TOKENS and len(unit.text) > 1}


def _shorter(
    units: Sequence[Unit], lengths: Sequence[int], halves: Mapping[int, tuple[Unit, ...]], counts: Sequence[int]
) -> tuple[list[Unit], list[int]]:
    counted = iter(counts)
    new_units, new_lengths = list[Unit](), list[int]()
    for index, (unit, tokens) in enumerate(zip(units, lengths, strict=True)):
        pair = halves.get(index, ())
        new_units += pair or [unit]
        new_lengths += [next(counted) for _ in pair] or [tokens]
    return new_units, new_lengths


def _halves(unit: Unit) -> tuple[Unit, ...]:
    text, middle = unit.text, len(unit.text) // 2
    space = text.rfind(" ", middle // 2, middle + 1)
    at = space if space > 0 else middle
    # Without a space a word is cut, and nothing stands between its halves.
    pieces = (replace(unit, text=text[:at].rstrip()), replace(unit, text=text[at:].strip(), before=" " * (space > 0)))
    return tuple(piece for piece in pieces if piece.text)


def cut(document: Document) -> Iterator[Unit]:
    """Yield a document's sentences and headings in order."""
    for page in document.pages:
        yield from _of_page(page, marked_up=document.kind in _MARKED_UP)


def _of_page(page: Page, *, marked_up: bool) -> Iterator[Unit]:
    heading, before, in_code = page.heading, "\n\n", False
    for line in page.text.split("\n"):
        if not line.strip():
            before = "\n\n"
            continue
        in_code ^= marked_up and _FENCE.match(line) is not None
        found = _HEADING.match(line) if marked_up and not in_code else None
        if found:
            heading = _below(page.heading, found[1].strip(" \t#"))
            yield Unit(page.number, line.strip(), before, heading, is_heading=True)
        else:
            yield from _sentences(Unit(page.number, line.rstrip(), before, heading))
        before = "\n"


def _below(title: str, heading: str) -> str:
    return f"{title} › {heading}"[:200] if title and title != heading else heading[:200]


def _sentences(line: Unit) -> Iterator[Unit]:
    at, before = 0, line.before
    for end in (*(match.span(1) for match in _SENTENCE.finditer(line.text)), (len(line.text),) * 2):
        for start in range(at, end[0], _LONGEST):
            yield replace(line, text=line.text[start : min(start + _LONGEST, end[0])], before=before)
            before = ""
        at, before = end[1], " "


def pack(units: Sequence[Unit], lengths: Sequence[int]) -> list[Passage]:
    """Return passages of whole units, given each unit's tokens."""
    done, now = list[_Open](), _Open()
    for unit, tokens in zip(units, lengths, strict=True):
        if now.units and _closes(now, unit, tokens):
            now = _next(done, now, unit)
        now.add(unit, tokens)
    if now.units:
        _finish(done, now)
    return [_passage(number, one) for number, one in enumerate(done)]


def _closes(now: _Open, unit: Unit, tokens: int) -> bool:
    if now.page != now.last_page:
        return True  # it went on only to finish a sentence
    if unit.page != now.last_page:
        return not _goes_on(now, unit) or now.tokens + tokens > _STRETCHED
    return now.tokens + tokens > TOKENS or (unit.is_heading and now.tokens >= _SMALL)


def _goes_on(now: _Open, unit: Unit) -> bool:
    last = now.units[-1]
    return not last.is_heading and not _ENDS.search(last.text) and unit.text[:1].islower()


def _next(done: list[_Open], now: _Open, unit: Unit) -> _Open:
    """Close a passage; headings at its end go with what they head."""
    follows = _Open()
    while len(now.units) > 1 and now.units[-1].is_heading and unit.page == now.last_page:
        follows.units.insert(0, now.units.pop())
    _finish(done, now)
    return follows


def _finish(done: list[_Open], now: _Open) -> None:
    before = done[-1] if done else None
    joins = before and before.last_page == before.page == now.page == now.last_page and now.tokens < _SMALL
    if before and joins and before.tokens + now.tokens <= _STRETCHED:
        before.units += now.units
        before.tokens += now.tokens
    else:
        done.append(now)


def _passage(number: int, one: _Open) -> Passage:
    first, *others = one.units
    # What goes on on the next page is one sentence, whatever stands between.
    text = first.text + "".join((unit.before if unit.page == first.page else " ") + unit.text for unit in others)
    return Passage(number, one.page, one.last_page, first.heading, text)
