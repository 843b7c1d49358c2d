"""/answer: what the group's material says about a question, with the page; or that it does not say it."""

import re
from collections.abc import Sequence

from bot.citing import buttons, citation, place, shelf
from bot.context import Context
from bot.library.search import Hit
from bot.markdown import escape
from bot.routing import Button, Command
from bot.storage import history, materials
from bot.storage.history import Exchange
from bot.taking import Given, take
from bot.tasks import chat
from bot.tasks.answer import Answer, Passage, answer
from bot.tasks.detect import detect
from bot.tasks.followup import may_follow, standalone
from bot.tasks.models import Models
from bot.working import Outcome, work

# Passages that the model reads; one more says little and takes long.
_PASSAGES = 4
# Of what did not answer so many are offered to look at.
_NEAREST = 2
# A message that somebody replies to with a question is what the question is about when it is this long.
_A_TEXT = 150
_COMMAND = re.compile(r"/\w+(?:@\w+)?\s*")


async def run(ctx: Context) -> None:
    """Answer from the text replied to, if there is one, else from the chat's material, else from the course."""
    if ctx.words and _replies_to_text(ctx):
        given = await take(ctx, "", "answer")
        if given:
            await work(ctx, lambda models: _from_text(ctx, models, given))
        return
    asked = await take(ctx, ctx.words, "answer")
    if asked:
        await work(ctx, lambda models: _from_library(ctx, models, asked.text))


def _replies_to_text(ctx: Context) -> bool:
    replied = None if ctx.asked else ctx.message.reply_to_message
    said = (replied.text or replied.caption or "") if replied else ""
    return bool(ctx.message.document or (replied and replied.document) or len(said) >= _A_TEXT)


async def _from_text(ctx: Context, models: Models, given: Given) -> Outcome:
    done = await answer(models, ctx.words, [Passage(given.text, given.title)], ctx.language)
    source = f"\n\n{escape('[' + given.title + ']')}" if given.title and done.found else ""
    return Outcome(_shown(done) + source)


async def _from_library(ctx: Context, models: Models, question: str) -> Outcome:
    question, language = await _whole(ctx, models, question, await _past(ctx, question))
    hits = await ctx.services.library.search(shelf(ctx), question, _PASSAGES)
    passages = [Passage(hit.text, hit.title, hit.page, hit.chunk_id) for hit in hits]
    done = await answer(models, question, passages, language)
    cited = [hits[quote.passage] for quote in done.quotes]
    if not done.found:
        return Outcome(_not_there(ctx, hits), buttons(ctx, hits[:_NEAREST]), talk=bool(ctx.row_id))
    sources = " ".join(citation(ctx, hit) for hit in cited)
    return Outcome(f"{_shown(done)}\n\n{sources}", buttons(ctx, cited), talk=bool(ctx.row_id))


def _shown(done: Answer) -> str:
    quotes = [f"> {escape(' '.join(quote.text.split()))}" for quote in done.quotes]
    return "\n\n".join((escape(done.text[:1].upper() + done.text[1:]), *quotes))


def _not_there(ctx: Context, hits: Sequence[Hit]) -> str:
    return ctx.t("answer-not-in-material" if hits else "answer-no-material")


async def _past(ctx: Context, question: str) -> list[Exchange]:
    """Make the question part of the conversation; return what came before."""
    if not ctx.row_id:
        return []  # somebody who opted out: nothing of theirs is stored
    room, tokens = ctx.services.settings.context_tokens, len(question) // 3 + 1
    here = ctx.place.chat_id, ctx.place.thread_id
    return await ctx.transact(history.ask, ctx.row_id, *here, tokens, lambda lengths: chat.to_drop(lengths, room))


async def _whole(ctx: Context, models: Models, question: str, past: Sequence[Exchange]) -> tuple[str, str]:
    """Return what is asked, in full, and the language to answer in."""
    if not past or not may_follow(question):
        return question, ctx.language
    before = _COMMAND.sub("", past[-1].question, count=1), past[-1].answer
    whole = await standalone(models, question, before, ctx.language)
    # "And in English?" becomes the question in English.
    return whole, detect(whole) if whole != question else ctx.language


async def show(ctx: Context) -> None:
    """Show the passage that a button stands for, where it can be seen."""
    known = ctx.choice.isdecimal() and len(ctx.choice) < 19
    found = await ctx.transact(materials.passage, shelf(ctx), int(ctx.choice)) if known else None
    if found is None:
        await ctx.answer_button(ctx.t("answer-passage-gone"), alert=True)
        return
    chunk, material = found
    await ctx.answer_button()
    where = place(ctx, material.kind, chunk.page, chunk.last_page)
    await ctx.reply(f"📄 **{escape(material.title)}**, {where}\n\n{escape(chunk.text)}")


HANDLERS = [Command("answer", run, {"es": "responder"}, topic="material"), Button("passage", show)]
