"""Recap: what was talked about, thread by thread, each point with the message that it comes from."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.tasks.models import Models, Part
from bot.tasks.reading.facts import likeness
from bot.tasks.reading.sentences import sentences
from bot.tasks.summarize import FEWEST_WORDS, summarize

# A silence after which what is said belongs to something new, unless it is a reply.
SILENCE = timedelta(minutes=15)
# Threads that are told, the longest ones; a longer recap would be read by nobody.
MOST_THREADS = 10
# Words from which on a thread is summarized; what is shorter is quoted, in so many characters.
_FEWEST, _QUOTED = 30, 160
# Threads in flight together: engines batch them.
_AT_ONCE = 4


@dataclass(frozen=True, slots=True)
class Heard:
    """A message of a group; `topic` is the forum topic's id, 0 outside of any."""

    id: int
    topic: int
    name: str
    text: str
    reply_to: int | None
    sent_at: datetime


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


def threads(messages: Sequence[Heard]) -> list[list[Heard]]:
    """Return the messages, which come in their order, by thread: replies, and what follows without a long silence.

    A message that replies to nothing joins the thread in which its topic last spoke.
    """
    found: list[list[Heard]] = []
    of: dict[int, list[Heard]] = {}
    latest: dict[int, list[Heard]] = {}
    for message in messages:
        thread = of.get(message.reply_to or 0) or _running(latest.get(message.topic), message)
        if thread is None:
            found.append(thread := [])
        thread.append(message)
        of[message.id] = latest[message.topic] = thread
    return found


def _running(thread: list[Heard] | None, message: Heard) -> list[Heard] | None:
    return thread if thread and message.sent_at - thread[-1].sent_at <= SILENCE else None


async def recap(models: Models, messages: Sequence[Heard], language: str) -> Recap:
    """Return what was talked about, in `language`. Raises what `summarize` raises for a thread that is far too long."""
    found = threads(messages)
    weighed = sorted(found, key=_words, reverse=True)[:MOST_THREADS]
    told = [thread for thread in found if thread in weighed]
    free = asyncio.Semaphore(_AT_ONCE)

    async def tell(number: int, thread: list[Heard]) -> tuple[Point, ...]:
        async with free:
            models.tell(Part(number, len(told)))
            return await _points(models, thread, language)

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(tell(number, thread)) for number, thread in enumerate(told, 1)]
    return Recap(tuple(task.result() for task in tasks), len(found) - len(told))


def _words(thread: Sequence[Heard]) -> int:
    return sum(len(message.text.split()) for message in thread)


async def _points(models: Models, thread: Sequence[Heard], language: str) -> tuple[Point, ...]:
    if _words(thread) < max(_FEWEST, FEWEST_WORDS):
        return tuple(_quoted(message) for message in thread[:2])
    said = "\n".join(f"{message.name}: {' '.join(message.text.split())}" for message in thread)
    done = await summarize(models, said, language)
    return tuple(_placed(sentence, thread) for sentence in sentences(done.text))


def _quoted(message: Heard) -> Point:
    words = " ".join(message.text.split())
    short = words if len(words) <= _QUOTED else f"{words[:_QUOTED].rsplit(' ', 1)[0]}…"
    return Point(short, message.id, message.topic, message.name)


def _placed(sentence: str, thread: Sequence[Heard]) -> Point:
    """Return a sentence with the message that has the most of its words, the first of them where several have."""
    source = max(thread, key=lambda message: likeness(sentence, f"{message.name} {message.text}"))
    return Point(sentence, source.id, source.topic)
