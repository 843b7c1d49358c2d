"""Summarize: what a text says, in at most half of its length, with no number or name that is not in it.

What a model writes is a draft. Its numbers and names are compared with the text's, sentence by sentence: spellings are
mended, what is invented is left out, and what remains is cut to the room that it has. Where too little remains the
model writes another draft, and where that is no better the text's own sentences do.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

from bot import texts
from bot.errors import BadInput
from bot.inference.api import ChatRequest, Done, RewriteRequest, Turn
from bot.tasks.detect import detect
from bot.tasks.models import Models, Part, together
from bot.tasks.reading.parts import parts
from bot.tasks.reading.sentences import sentences
from bot.tasks.summarizing.drafts import EXAMPLES, Draft, Source, judged, source_of
from bot.tasks.summarizing.extract import extract
from bot.tasks.summarizing.lengths import Length, Room, room, within

# Below this a text is as short as its summary.
FEWEST_WORDS = 12
# A chapter of a book, for which the starter model takes some minutes; and far less memory than it could fill.
MOST_TOKENS, MOST_CHARACTERS = 32_000, 200_000
# What a model of the starter's size reads at once without losing the thread, and what it then still does in one go.
_PART, _ONCE = 1200, 1800
# A seq2seq model's context is 512 tokens, its own special ones among them.
_REWRITTEN_PART = 480
# Parts in flight together: engines batch them.
_AT_ONCE = 4
# The seeds of the drafts, the first of which is decoded greedily; the third is written if nothing else can be used.
_SEEDS = (0, 1, 2)


@dataclass(frozen=True, slots=True)
class Summary:
    """A summary as Markdown: sentences, or lines that begin with "- "."""

    text: str


async def summarize(models: Models, text: str, language: str = "", *, length: Length = "short") -> Summary:
    """Return a summary in `language`, one that the bot speaks, of at most half of the words and characters of `text`.

    Raises BadInput for less than FEWEST_WORDS, and for more than MOST_TOKENS.
    """
    text = text.strip()
    if len(text.split()) < FEWEST_WORDS:
        raise BadInput("summarize-too-short", words=FEWEST_WORDS)
    if len(text) > MOST_CHARACTERS:
        raise BadInput("summarize-too-long", limit=MOST_CHARACTERS)
    language = texts.choose([language or await asyncio.to_thread(detect, text)])
    source = await asyncio.to_thread(source_of, text, language)
    given = room(text, length)
    # A seq2seq model writes in the language that it reads.
    head = models.for_task("summarize", language) if source.own == language else ""
    if head:
        pieces = await _rewritten(models, head, source, given)
    else:
        read = await _condensed(models, text, language)
        pieces = await _written(models, source, read, given, points=length == "bullets")
    return Summary("\n".join(f"- {piece}" for piece in pieces) if length == "bullets" else " ".join(pieces))


async def _condensed(models: Models, text: str, language: str) -> str:
    """Return the text, or notes on its parts where it is long, and notes on these where they are still long."""
    [tokens] = await models.inference.count_tokens(models.chat, [text])
    if tokens > MOST_TOKENS:
        raise BadInput("error-text-too-long", tokens=tokens, limit=MOST_TOKENS)
    while tokens > _ONCE:
        pieces = await parts(models.inference, models.chat, text, _PART)
        shorter = "\n".join(await _noted(models, pieces, language))
        before, [tokens] = tokens, await models.inference.count_tokens(models.chat, [shorter])
        if tokens >= before:  # letters that no model makes words of
            break
        text = shorter
    return text


async def _noted(models: Models, pieces: list[str], language: str) -> list[str]:
    free = asyncio.Semaphore(_AT_ONCE)

    async def note(number: int, piece: str) -> str:
        async with free:
            if len(pieces) > 1:
                models.tell(Part(number, len(pieces)))
            source = await asyncio.to_thread(source_of, piece, language)
            return " ".join(await _written(models, source, piece, within(piece), points=False))

    return await together(note(number, piece) for number, piece in enumerate(pieces, 1))


async def _written(models: Models, source: Source, read: str, given: Room, *, points: bool) -> list[str]:
    """Return the sentences or points of the best draft, of the text itself where no draft can be used."""
    drafts: list[Draft] = []
    async for done in _drafts(models, source.language, read, given, points=points):
        cut = done.finish == "length"
        drafts.append(await asyncio.to_thread(judged, done.text, source, given, cut=cut))
        if drafts[-1].good or (len(drafts) > 1 and any(draft.pieces for draft in drafts)):
            break
    best = max(drafts, key=lambda draft: draft.worth)
    return best.pieces or await asyncio.to_thread(extract, source.text, given)


async def _drafts(models: Models, language: str, read: str, given: Room, *, points: bool) -> AsyncIterator[Done]:
    for seed in _SEEDS:
        request = ChatRequest(
            models.chat,
            _turns(language, read, given, points=points),
            # Spanish takes up to 2.2 tokens a word.
            max_new_tokens=round(2.2 * min(given.words, given.aim * 1.6)) + 16,
            temperature=0.5 if seed else 0,
            seed=seed,
            copies=True,
        )
        yield await models.generate(request)


def _turns(language: str, read: str, given: Room, *, points: bool) -> tuple[Turn, ...]:
    """Return instructions and two examples, which all requests share, and the text with what is asked for."""
    turns = [Turn("system", texts.text(language, "prompt-summarize"))]
    for number in EXAMPLES:
        example = texts.text(language, f"prompt-summarize-example-{number}")
        answer = texts.text(language, f"prompt-summarize-answer-{number}")
        shown = "\n".join(f"- {line}" for line in sentences(answer)) if points else answer
        turns += [Turn("user", _asked(language, example, room(answer * 3, "short"), points=points))]
        turns += [Turn("assistant", shown)]
    return (*turns, Turn("user", _asked(language, read, given, points=points)))


def _asked(language: str, read: str, given: Room, *, points: bool) -> str:
    key = "prompt-summarize-points" if points else "prompt-summarize-sentences"
    return f"{read}\n\n---\n{texts.text(language, key, count=given.sentences)}"


async def _rewritten(models: Models, head: str, source: Source, given: Room) -> list[str]:
    """Return what a seq2seq model makes of the text, part by part."""
    pieces = await parts(models.inference, head, source.text, _REWRITTEN_PART)
    if len(pieces) > 1:
        models.tell(Part(1, len(pieces)))
    request = RewriteRequest(
        head, tuple(pieces), source.language, source.language, person=models.person, priority=models.priority
    )
    shorter = await models.inference.rewrite(request)
    models.used.models.add(head)
    draft = await asyncio.to_thread(judged, "\n".join(shorter), source, given)
    return draft.pieces or await asyncio.to_thread(extract, source.text, given)
