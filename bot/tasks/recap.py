"""Recap: what was talked about, thread by thread, each point with the message that it comes from.

Conversations of a usual length are told by their own messages: the one that began, and those that decide something.
Small models retell chat badly, in who does what above all. Only what is long is summarized, and a sentence with words
that nobody said gives way to the message that it comes from.
"""

import asyncio
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.tasks.models import Models, News, Part, together
from bot.tasks.reading.facts import Facts, facts, likeness, support
from bot.tasks.reading.sentences import sentences
from bot.tasks.summarize import summarize
from bot.tasks.threads import Heard, content, threads

# Threads that are told, the longest ones; a longer recap would be read by nobody.
MOST_THREADS = 12
# Words from which on a thread is summarized; what is shorter is quoted, each message in so many characters.
_SUMMARIZED, _QUOTED = 250, 160
# Messages of a thread by how many of it are quoted.
_STEPS = (2, 6, 14)
# Fewer words ("see you Friday!") decide little.
_BRIEF = 5
# The share of a sentence's words that people must have said.
_SUPPORTED = 0.9
# Threads in flight together: engines batch them.
_AT_ONCE = 4
# What a decision tends to have in it: a number, a day, words of agreeing.
_DECIDES = re.compile(
    r"\d|\b(?:lunes|martes|miércoles|jueves|viernes|sábado|domingo|quedamos|quedado|entonces|decidido|confirmad[oa]"
    r"|reservad[oa]|hecho|resuelto|arreglado|al final|os recuerdo|me encargo|traigo|llevo"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day|agreed|settled|decided|confirmed|booked|done|fixed|solved"
    r"|in the end|reminder|let's|i'll)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Point:
    """A sentence about a thread, and the message that it comes from; `name` is who said it where it is a quotation."""

    text: str
    message: int
    topic: int
    name: str = ""


@dataclass(frozen=True, slots=True)
class Recap:
    """The points of each thread in the order in which the threads began, and how many threads were left out."""

    threads: tuple[tuple[Point, ...], ...]
    left_out: int


async def recap(models: Models, messages: Sequence[Heard], language: str) -> Recap:
    """Return what was talked about, in `language`. Raises what `summarize` raises for a thread that is far too long."""
    found = threads(messages)
    weighed = sorted(found, key=_words, reverse=True)[:MOST_THREADS]
    told = [thread for thread in found if thread in weighed]
    long = [thread for thread in told if _words(thread) >= _SUMMARIZED]
    free = asyncio.Semaphore(_AT_ONCE)

    async def tell(thread: list[Heard]) -> tuple[Point, ...]:
        if thread not in long:
            return tuple(map(_quoted, decisive(thread)))
        async with free:
            if len(long) > 1:
                models.tell(Part(long.index(thread) + 1, len(long)))
            return await _summarized(models, thread, language)

    return Recap(tuple(await together(tell(thread) for thread in told)), len(found) - len(told))


def decisive(thread: Sequence[Heard]) -> list[Heard]:
    """Return the message that began a thread and those that say the most of it, in order; all of one or two."""
    counts = Counter(word for message in thread for word in content(message.text))
    first, *others = thread
    more = sum(len(thread) > step for step in _STEPS)
    best = sorted(others, key=lambda message: _weight(message, counts), reverse=True)[: max(more, 1)]
    return [first, *(message for message in others if message in best)]


def _weight(message: Heard, counts: Counter[str]) -> float:
    """Return how much a message says: of what its thread is about, and most where it decides something."""
    said = content(message.text)
    about = sum(counts[word] for word in said) / (len(said) + 3)
    decides = 2 if _DECIDES.search(message.text) else 0
    asks, brief = message.text.rstrip().endswith("?"), len(message.text.split()) < _BRIEF
    return about + decides - (2 if asks else 0) - (1 if brief else 0)


def _words(thread: Sequence[Heard]) -> int:
    return sum(len(message.text.split()) for message in thread)


async def _summarized(models: Models, thread: Sequence[Heard], language: str) -> tuple[Point, ...]:
    said = "\n".join(f"{message.name}: {' '.join(message.text.split())}" for message in thread)

    def tell(news: News) -> None:
        # The parts of one thread are not those of the recap.
        if not isinstance(news, Part):
            models.tell(news)

    done = await summarize(replace(models, tell=tell), said, language)
    stated = await asyncio.to_thread(facts, said)
    points = [_placed(sentence, thread, stated) for sentence in sentences(done.text)]
    return tuple(dict.fromkeys(points))


def _quoted(message: Heard) -> Point:
    words = " ".join(message.text.split())
    short = words if len(words) <= _QUOTED else f"{words[:_QUOTED].rsplit(' ', 1)[0]}…"
    return Point(short, message.id, message.topic, message.name)


def _placed(sentence: str, thread: Sequence[Heard], stated: Facts) -> Point:
    """Return a sentence with the message that has the most of its words, the first of them where several have.

    With words that nobody said the message itself is returned.
    """
    source = max(thread, key=lambda message: likeness(sentence, f"{message.name} {message.text}"))
    if support(sentence, stated) < _SUPPORTED:
        return _quoted(source)
    return Point(sentence, source.id, source.topic)
