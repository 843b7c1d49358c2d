"""Translate: from one language to another, with what is no language left as it is and a glossary obeyed."""

import asyncio
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bot.errors import BadInput
from bot.inference.api import RewriteRequest
from bot.tasks.detect import LANGUAGES, detect
from bot.tasks.models import Models, Part
from bot.tasks.translating import layout, terms
from bot.tasks.translating.agreement import most_agreed
from bot.tasks.translating.request import MANNERS, SURE, Manner, request, room
from bot.tasks.translating.terms import Found, Glossary
from bot.tasks.translating.tongues import TONGUES

# Characters. A longer text would take minutes on the starter machine.
MOST = 20_000
# Up to so many characters a text is translated in several ways, of which one is chosen; longer ones would take long.
_THOROUGH = 1500
# Stretches that are told of as one part, and requests in flight for one translation.
_IN_A_PART, _AT_ONCE = 4, 8
# Latin letters: below this, a text says too little to tell Spanish from Catalan or Portuguese.
_TELLING = 60
_NUMBER = re.compile(r"\d(?:[\d.,' ]*\d)?")


@dataclass(frozen=True, slots=True)
class Translation:
    """A text in the language `target`, and which language it was translated from."""

    text: str
    source: str
    target: str


@dataclass(frozen=True, slots=True)
class _Job:
    models: Models
    source: str
    target: str
    glossary: Glossary
    code: tuple[str, ...]
    head: str
    thorough: bool
    free: asyncio.Semaphore


async def translate(
    models: Models,
    text: str,
    target: str,
    *,
    source: str = "",
    glossary: Glossary = (),
    code: Sequence[str] = (),
) -> Translation:
    """Return a text in another language; `code` are stretches of it that are known to be code.

    Line breaks, the marks of lists, code, links, @names and emoji stay. The glossary, pairs of a term in Spanish and
    in English in either order, holds between these two. Raises BadInput for too long a text and an unknown language.
    """
    if len(text) > MOST:
        raise BadInput("translate-too-long", limit=MOST)
    if target not in (able := languages(models)):
        raise BadInput("translate-no-such-language", language=target, choices=", ".join(able))
    source = source or await asyncio.to_thread(source_of, text, able, target)
    if source == target:
        return Translation(text, source, target)
    pairs = [(one, other) for one, other in glossary] if {source, target} <= set(LANGUAGES) else []
    head, thorough = _head(models, source, target), len(text) <= _THOROUGH
    known = tuple(one for one in code if one.strip())
    free = asyncio.Semaphore(_AT_ONCE)
    job = _Job(models, source, target, pairs, known, head, thorough, free)
    return Translation(await _whole(job, text), source, target)


def languages(models: Models) -> tuple[str, ...]:
    """Return the languages that this chat's model and the installed translation models know."""
    states = [state for state in models.inference.states() if state.state not in ("missing", "failed")]
    able = [state for state in states if state.id == models.chat or any(map(_translates, state.tasks))]
    known = {language for state in able for language in state.languages} | set(LANGUAGES)
    return tuple(code for code in TONGUES if code in known)


def source_of(text: str, able: Sequence[str], but: str = "") -> str:
    """Return the language of a text, one of those that models are `able` to translate, and not `but`.

    Its first call takes a second: for a thread of its own.
    """
    letters = [letter for letter in text if letter.isalpha()]
    foreign = any(letter > "\u024f" for letter in letters)
    # py3langid has no Guarani.
    candidates = [code for code in able if code != "gn"]
    chosen = candidates if foreign or len(letters) >= _TELLING else LANGUAGES
    return detect(text, [code for code in chosen if code != but])


def _translates(task: str) -> bool:
    return task.partition(":")[0] == "translate"


def _head(models: Models, source: str, target: str) -> str:
    """Return the installed model made for these two languages, the one of a single pair before others, or ""."""
    if pair := models.for_task(f"translate:{source}-{target}"):
        return pair
    states = [state for state in models.inference.states() if "translate" in state.tasks]
    usable = [state for state in states if state.state not in ("missing", "failed")]
    return next((state.id for state in usable if {source, target} <= set(state.languages)), "")


async def _whole(job: _Job, text: str) -> str:
    pieces = layout.stretches(text, job.code)
    work = [place for place, piece in enumerate(pieces) if piece.translate]
    written = [piece.text for piece in pieces]
    parts = [work[start : start + _IN_A_PART] for start in range(0, len(work), _IN_A_PART)]
    for number, part in enumerate(parts, start=1):
        if len(parts) > 1:
            job.models.tell(Part(number, len(parts)))
        done = await asyncio.gather(*(_stretch(job, written[place]) for place in part))
        for place, translation in zip(part, done, strict=True):
            written[place] = translation
    return "".join(written)


async def _stretch(job: _Job, text: str) -> str:
    """Return a stretch's translation: as a whole if it keeps what it must, else put together from its pieces."""
    found = await asyncio.to_thread(_terms, job, text) if job.glossary else []
    if written := await _as_a_whole(job, text, text, found):
        return written
    if found and (written := await _as_a_whole(job, text, terms.put_in(text, found), found)):
        return written
    return await _in_pieces(job, text, found)


def _terms(job: _Job, text: str) -> list[Found]:
    # Code and links are no text: what stands in them is no term.
    hidden = layout.hidden(text, layout.marks(job.code))
    return terms.find(hidden, job.glossary, job.source, job.target)


async def _as_a_whole(job: _Job, text: str, shown: str, found: list[Found]) -> str:
    """Return the best translation of what is shown to the model that keeps what the text has; "" if none does."""
    options, right = list[str](), list[str]()
    for manners in _rounds(job):
        more = await asyncio.gather(*(_write(job, shown, found, manner) for manner in manners))
        options += [one for one in more if one and _keeps(job, one, text) and terms.obeyed(one, found)]
        right = [one for one in options if _numbers(one) == _numbers(text)]
        if right:
            break
    return most_agreed(right or options) if options else ""


def _rounds(job: _Job) -> list[tuple[Manner, ...]]:
    """Return the manners to ask in: the later ones where the earlier ones do not do."""
    if job.head:
        return [MANNERS[:1]]
    first = SURE if job.thorough else 1
    return [MANNERS[:first], MANNERS[first:]]


def _keeps(job: _Job, written: str, text: str) -> bool:
    return layout.kept(written, job.code) == layout.kept(text, job.code)


def _numbers(text: str) -> Counter[str]:
    """Count the numbers of a text, however its language writes thousands and decimals."""
    return Counter(re.sub(r"\D", "", number) for number in _NUMBER.findall(text))


async def _in_pieces(job: _Job, text: str, found: list[Found]) -> str:
    """Return a translation of what stands between terms and marks, each of which is put where it stood."""
    fixed = {(one.start, one.end): terms.cased(one) for one in found}
    fixed |= {mark.span(): mark.group() for mark in layout.marks(job.code).finditer(text)}
    written = ""
    for words, place in layout.between(text, sorted(fixed)):
        written += await _words(job, words)
        written += fixed[place] if place else ""
    return written if _keeps(job, written, text) else terms.put_in(text, found)


async def _words(job: _Job, text: str) -> str:
    """Return a translation of words without any mark; they stay if there is none, as does what is around them."""
    body = re.search(r"\w.*\w|\w", text, re.DOTALL)
    if not body or not layout.has_words(text, job.code):
        return text
    written = await _write(job, body.group(), [], MANNERS[0])
    # What the model makes up must not be taken for what the text has, nor join with what stands beside it.
    written = re.sub(r"[`@]", "", layout.marks(job.code).sub("", written)).strip(" .:;,…")
    return text[: body.start()] + (written or body.group()) + text[body.end() :]


async def _write(job: _Job, text: str, found: list[Found], manner: Manner) -> str:
    """Return a model's translation of one stretch, on one line; "" if it did not come to an end."""
    models = job.models
    async with job.free:
        if job.head:
            models.used.models.add(job.head)
            asked = RewriteRequest(
                job.head, (text,), job.source, job.target, room(text), models.person, models.priority
            )
            [written] = await models.inference.rewrite(asked)
            return _line(written, text)
        wanted = [(one.text, one.wanted) for one in found]
        done = await models.generate(request(models.chat, text, job.source, job.target, wanted, manner))
    return _line(done.text, text) if done.finish == "stop" else ""


def _line(written: str, text: str) -> str:
    line = " ".join(" ".join(written.splitlines()).split(" ")).strip()
    quoted = re.fullmatch(r"[\"“«](.*)[\"”»]", line)
    return quoted[1].strip() if quoted and text[:1] not in '"“«' else line
