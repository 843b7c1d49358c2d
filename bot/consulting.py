"""Questions that the material is to answer: understood, looked up, answered with the place or refused."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot import texts
from bot.citing import buttons, citation, shelf
from bot.context import Context
from bot.grounding import RELEVANT, may_answer
from bot.library.search import Hit
from bot.markdown import escape
from bot.storage import history
from bot.storage.history import Exchange
from bot.storage.materials import Shelf
from bot.tasks import chat
from bot.tasks.answer import Answer, Passage, answer
from bot.tasks.detect import detect, lean
from bot.tasks.followup import adds, asks, language_asked, may_follow, same, standalone
from bot.tasks.models import Doing, Models
from bot.tasks.reading.evidence import roots
from bot.tasks.translate import translate
from bot.working import Outcome

# Passages that the model reads; one more says little and takes long.
_PASSAGES = 4
# Of what did not answer so many are offered to look at.
_NEAREST = 2
# Below this difference of log probabilities a few words may be in either language.
_CLEAR = 2.0


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that is understood by itself, the language that it is in, and the one to answer in."""

    question: str
    language: str
    into: str


async def past(ctx: Context, question: str) -> list[Exchange]:
    """Make the question part of the conversation; return what came before."""
    if not ctx.row_id:
        return []  # somebody who opted out: nothing of theirs is stored
    room, tokens = ctx.services.settings.context_tokens, len(question) // 3 + 1
    here = ctx.place.chat_id, ctx.place.thread_id
    return await ctx.transact(history.ask, ctx.row_id, *here, tokens, lambda lengths: chat.to_drop(lengths, room))


async def understood(models: Models, words: str, before: Exchange | None, language: str) -> Asked:
    """Return what somebody asks who may be going on from the exchange before."""
    if before is None or not may_follow(words):
        return Asked(words, language, language)
    if wanted := language_asked(words):
        return Asked(before.question, detect(before.question), wanted)
    spoken = _spoken(words, language)
    question = await standalone(models, words, (before.question, before.answer), spoken)
    return Asked(question, detect(question), spoken) if question != words else Asked(words, language, language)


def _spoken(words: str, otherwise: str) -> str:
    found = detect(words)
    return found if found == otherwise or lean(words, found, otherwise) > _CLEAR else otherwise


async def consult(ctx: Context, models: Models) -> Outcome | None:
    """Answer from the material what is said as plain text; None where that is left to free talk.

    Who goes on from an answer of the material gets one, or a refusal. Other questions get one if it has to do with them
    and answers them.
    """
    if not asks(ctx.words) and not language_asked(ctx.words):
        return None
    before = next(reversed(await past(ctx, ctx.words)), None)
    if before and before.of_material and may_follow(ctx.words):
        asked = await understood(models, ctx.words, before, ctx.language)
        if asked.question != ctx.words or adds(ctx.words) or same(ctx.words, before.question):
            return await look_up(ctx, models, asked)
    if not asks(ctx.words) or not await may_answer(ctx, ctx.words):
        return None
    spoken = _spoken(ctx.words, ctx.language)
    return await _found(ctx, models, Asked(ctx.words, spoken, spoken), await _hits(ctx, models, ctx.words))


async def look_up(ctx: Context, models: Models, asked: Asked) -> Outcome:
    """Answer from the chat's material, else from the course; refuse where neither says it."""
    hits = await _hits(ctx, models, asked.question)
    if found := await _found(ctx, models, asked, hits):
        return found
    await _note(ctx, asked)
    refusal = texts.text(asked.into, "answer-not-in-material" if hits else "answer-no-material")
    nothing = texts.text(asked.into, "answer-not-found")
    return Outcome(refusal, buttons(ctx, hits[:_NEAREST]), talk=bool(ctx.row_id), remembered=nothing)


async def _hits(ctx: Context, models: Models, question: str) -> list[Hit]:
    models.tell(Doing("search"))
    return await ctx.services.library.search(shelf(ctx), question, _PASSAGES)


async def _found(ctx: Context, models: Models, asked: Asked, hits: Sequence[Hit]) -> Outcome | None:
    models.tell(Doing("read"))
    if found := await _from(ctx, models, asked, hits):
        return found
    # Where a chat has no material, these were the course's already.
    course = await ctx.services.library.search(Shelf(None), asked.question, _PASSAGES)
    known = {hit.chunk_id for hit in hits}
    # Without an encoder nothing is known of how near they are.
    others = [hit for hit in course if hit.chunk_id not in known and (hit.similarity >= RELEVANT or not hit.similarity)]
    if not others:
        return None
    models.tell(Doing("course"))
    return await _from(ctx, models, asked, others)


async def _from(ctx: Context, models: Models, asked: Asked, hits: Sequence[Hit]) -> Outcome | None:
    hits = _in_order(hits)
    passages = [Passage(hit.text, hit.title, hit.page, hit.chunk_id) for hit in hits]
    done = await answer(models, asked.question, passages, asked.language)
    if not done.found:
        return None
    await _note(ctx, asked)
    said = await _in_language(models, done.text, asked)
    cited = [hits[quote.passage] for quote in done.quotes]
    sources = " ".join(citation(ctx, hit) for hit in cited)
    return Outcome(
        f"{shown(said, done)}\n\n{sources}", buttons(ctx, cited), talk=bool(ctx.row_id), remembered=_begun(said)
    )


def _in_order(hits: Sequence[Hit]) -> list[Hit]:
    """Return passages of one page as they follow one another, pages by their best passage."""
    first: dict[tuple[int, int], int] = {}
    for rank, hit in enumerate(hits):
        first.setdefault((hit.material_id, hit.page), rank)
    return sorted(hits, key=lambda hit: (first[hit.material_id, hit.page], hit.chunk_id))


async def _note(ctx: Context, asked: Asked) -> None:
    if ctx.row_id:
        await ctx.transact(history.note_question, ctx.row_id, asked.question)


async def _in_language(models: Models, said: str, asked: Asked) -> str:
    """Return an answer in the language that is wanted; names and numbers are the same in all."""
    if asked.into == asked.language or not any(word[:1].islower() for word in said.split()):
        return said
    if _spoken(said, asked.language) == asked.into:
        return said
    return (await translate(models, said, asked.into, source=asked.language)).text


def shown(said: str, done: Answer) -> str:
    """Return an answer as Markdown, above the sentences that state it where they say more than it does."""
    stated = [" ".join(quote.text.split()).rstrip(";, ") for quote in done.quotes]
    quotes = [f"> {escape(quote)}" for quote in stated if not roots(quote) <= roots(said)]
    return "\n\n".join((escape(_begun(said)), *quotes))


def _begun(said: str) -> str:
    return said[:1].upper() + said[1:]
