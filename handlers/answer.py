"""/answer: what the group's material says about a question, with the page; or that it does not say it."""

from bot.citing import place, shelf
from bot.consulting import look_up, past, shown, understood
from bot.context import Context
from bot.errors import BadInput
from bot.markdown import escape
from bot.routing import Button, Command
from bot.storage import materials
from bot.taking import Given, take
from bot.tasks.answer import Passage, answer
from bot.tasks.models import Doing, Models
from bot.working import Outcome, work

# A message that somebody replies to with a question is what the question is about when it is this long.
_A_TEXT = 150


async def run(ctx: Context) -> None:
    """Answer from the text replied to, if there is one, else from the chat's material, else from the course."""
    if _replies_to_text(ctx):
        if not ctx.words:
            raise BadInput("answer-which-question")
        given = await take(ctx, "", "answer")
        if given:
            await work(ctx, lambda models: _from_text(ctx, models, given))
        return
    asked = await take(ctx, ctx.words, "answer")
    if asked:
        await work(ctx, lambda models: _from_library(ctx, models, asked.text))


def _replies_to_text(ctx: Context) -> bool:
    replied = None if ctx.asked else ctx.message.reply_to_message
    if replied and replied.from_user and replied.from_user.id == ctx.bot.id and not replied.document:
        return False  # what the bot said is no source: the question goes on from it
    said = (replied.text or replied.caption or "") if replied else ""
    return bool(ctx.message.document or (replied and replied.document) or len(said) >= _A_TEXT)


async def _from_text(ctx: Context, models: Models, given: Given) -> Outcome:
    models.tell(Doing("read"))
    done = await answer(models, ctx.words, [Passage(given.text, given.title)], ctx.language)
    source = f"\n\n{escape('[' + given.title + ']')}" if given.title and done.found else ""
    return Outcome(shown(done.text, done) + source)


async def _from_library(ctx: Context, models: Models, question: str) -> Outcome:
    before = next(reversed(await past(ctx, question)), None)
    return await look_up(ctx, models, await understood(models, question, before, ctx.language))


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
