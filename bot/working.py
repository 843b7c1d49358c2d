"""A task that works while its reader waits: how it goes is shown, it can be stopped, its outcome takes that place."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from bot.attending import PARTS, footer, live_reply, look_if_old, stoppable, waiting
from bot.context import Context
from bot.delivery import Keyboard, markup
from bot.guard import to_the_end
from bot.inference.api import Waiting
from bot.markdown import Attached, Part, pieces, render, with_more
from bot.tasks.models import Doing, Models, News


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a task has to say: Markdown, or `parts` with entities of their own; a file goes ahead as the first's.

    `talk`: it is remembered as an answer of the conversation, by the words `remembered` where there are any.
    """

    markdown: str = ""
    keyboard: Keyboard = ()
    parts: tuple[Part, ...] = ()
    attached: Attached | None = None
    talk: bool = False
    remembered: str = ""


async def work(ctx: Context, do: Callable[[Models], Awaitable[Outcome]]) -> None:
    """Run a task and answer with its outcome; meanwhile people see how it goes, can stop it, and are served otherwise.

    Whoever deletes the question wants no answer: it stops within seconds and leaves nothing behind.
    """
    first = ctx.take_parts(PARTS)
    live, begun = live_reply(ctx, first), time.monotonic()
    models = replace(ctx.models(), tell=lambda news: live.say(told(ctx, news)))
    outcome = Outcome(ctx.t("answer-stopped-work"))
    ctx.let_next_go()
    try:
        async with stoppable(ctx) as job, live.growing():
            live.say(ctx.t("waiting-work"))
            await look_if_old(ctx, job)
            outcome = await do(models)
    except Exception:
        ctx.give_back_parts(first)  # the explanation takes the place of "waiting"
        raise
    if job.pointless:
        await to_the_end(ctx.drop_parts(range(first, first + PARTS)))
        return
    said = footer(ctx, sorted(models.used.models), time.monotonic() - begun, models.used.tokens)
    await to_the_end(show(ctx, first, outcome, said, models.used.tokens))


def told(ctx: Context, news: News) -> str:
    """Return what people are told of how a task goes."""
    if isinstance(news, Waiting):
        return waiting(ctx, news, ctx.chat_model)
    if isinstance(news, Doing):
        return ctx.t(f"waiting-{news.what}")
    return ctx.t("waiting-part", number=news.number, of=news.of)


async def show(ctx: Context, first: int, outcome: Outcome, said: str, tokens: int) -> None:
    """Send an outcome from part `first` on, with the footer `said`, and remember it."""
    *parts, last = _parts(outcome, said)
    for index, part in enumerate(parts):
        await ctx.put(first + index, part)
    message_id = await ctx.put(first + len(parts), last, markup(outcome.keyboard))
    await ctx.drop_parts(range(first + len(parts) + 1, first + PARTS))
    words = outcome.remembered or outcome.markdown or "\n".join(part.text for part in outcome.parts)
    await ctx.remember_own(message_id, words, talk=outcome.talk, tokens=tokens, model=ctx.chat_model)


def _parts(outcome: Outcome, said: str) -> list[Part]:
    if outcome.parts:
        return with_more(outcome.parts, render(said)[0] if said else None)
    markdown = "\n\n".join(words for words in (outcome.markdown, said) if words)
    return pieces(markdown, outcome.attached)
