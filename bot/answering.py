"""An answer that a model writes while its reader watches: it waits its turn, streams, can be stopped, is remembered."""

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing, suppress
from dataclasses import dataclass, replace
from functools import partial

from bot.attending import PARTS, footer, live_reply, look_if_old, stoppable, waiting
from bot.context import Context
from bot.delivery import Keyboard, markup
from bot.errors import Busy
from bot.guard import to_the_end
from bot.inference.api import ChatRequest, Done, Event, Piece, Waiting
from bot.jobs import Job
from bot.live import LiveReply
from bot.tasks.models import Models
from bot.working import Outcome, show, told

Prepare = Callable[[], Awaitable[ChatRequest]]
Stream = Callable[[ChatRequest], AsyncGenerator[Event]]
First = Callable[[Models], Awaitable[Outcome | None]]

# Questions of one conversation that may wait for their turn; more would only fill the bot's memory for nobody's good.
_MOST_WAITING = 5
# How often the place in the queue is looked up, in seconds.
_LOOK_AGAIN = 2.0


@dataclass(frozen=True, slots=True)
class Below:
    """Buttons below an answer. `keep(text)` stores what they stand for, before anybody can tap them.

    An answer of which nothing was written has none.
    """

    keyboard: Keyboard
    keep: Callable[[str], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Source:
    """What writes an answer, instead of the model as it is, and the text to show if it writes nothing."""

    stream: Stream
    nothing: str


async def answer(  # noqa: PLR0913 - what callers need differs, and each names what it gives
    ctx: Context,
    prepare: Prepare,
    *,
    talk: bool = False,
    below: Below | None = None,
    first: First | None = None,
    mend: Callable[[str], str] = str,
    source: Source | None = None,
) -> None:
    """Stream a model's answer. People can stop it, and the chat's next update need not wait for it.

    Whoever deletes the question wants no answer: it stops within seconds and leaves nothing behind.

    `prepare` makes the request when it is this answer's turn. With `talk` that is when the earlier answers of the
    conversation are complete, since they belong to what the model is told. What `first` has to say then is the answer,
    and the model is asked only where that is nothing. `mend` has the last word on what the model wrote.
    """
    source = source or Source(ctx.services.inference.stream, ctx.t("answer-empty"))
    begin = ctx.take_parts(PARTS)
    live, since, models = live_reply(ctx, begin), time.monotonic(), ctx.models()
    models = replace(models, tell=lambda news: live.say(told(ctx, news)))
    ctx.let_next_go()
    lane = (ctx.place.chat_id, ctx.place.thread_id) if talk else ctx.update_id
    if ctx.services.conversations.count(lane) > _MOST_WAITING:
        raise Busy("error-too-many-questions")
    async with ctx.services.conversations.turn(lane, ctx.update_id) as called:
        try:
            job, outcome = await _write(ctx, live, called, partial(_feed, ctx, live, prepare, source), first, models)
        except Exception:
            if live.text:
                await to_the_end(_settle(ctx, live, begin, live.text, talk=False))  # what was written stays
            else:
                ctx.give_back_parts(begin)  # the explanation takes the place of "waiting"
            raise
        if job.pointless:
            await to_the_end(ctx.drop_parts(range(begin, begin + PARTS)))
            return
        if outcome:
            said = footer(ctx, sorted(models.used.models), time.monotonic() - since, models.used.tokens)
            await to_the_end(show(ctx, begin, outcome, said, models.used.tokens))
            return
        live.text = mend(live.text)
        written = live.text.strip()
        live.write(_closing(ctx, live, source.nothing, stopped=job.stopped and live.done is None))
        # From here on people may have seen the whole answer: a stop of the bot must not have it written anew.
        await to_the_end(_settle(ctx, live, begin, written, talk=talk and bool(written), below=below))


async def _write(
    ctx: Context,
    live: LiveReply,
    called: asyncio.Event,
    feed: Callable[[], Awaitable[None]],
    first: First | None,
    models: Models,
) -> tuple[Job, Outcome | None]:
    outcome: Outcome | None = None
    async with stoppable(ctx) as job, live.growing():
        await _wait(ctx, called, live)
        await look_if_old(ctx, job)
        _announce(ctx, live)
        outcome = await first(models) if first else None
        if outcome is None:
            await feed()
    return job, outcome


async def _wait(ctx: Context, called: asyncio.Event, live: LiveReply) -> None:
    while not called.is_set():
        live.say(ctx.t("waiting-turn", ahead=ctx.services.conversations.ahead(ctx.update_id)))
        with suppress(TimeoutError):
            async with asyncio.timeout(_LOOK_AGAIN):
                await called.wait()


def _announce(ctx: Context, live: LiveReply) -> None:
    # Making the request may already need the model, to count tokens: what takes long is said before it begins.
    if "loaded" not in [state.state for state in ctx.services.inference.states() if state.id == ctx.chat_model]:
        live.say(ctx.t("waiting-loading", model=ctx.chat_model))


async def _feed(ctx: Context, live: LiveReply, prepare: Prepare, source: Source) -> None:
    request = replace(await prepare(), person=ctx.person)
    async with aclosing(source.stream(request)) as events:
        async for event in events:
            match event:
                case Waiting():
                    live.say(waiting(ctx, event, request.model))
                case Piece(text):
                    live.write(text)
                case Done():
                    live.done = event


def _closing(ctx: Context, live: LiveReply, nothing: str, *, stopped: bool) -> str:
    """Return what is added to the answer for its reader; the model never sees it."""
    if not live.text.strip():
        return ctx.t("answer-stopped") if stopped else nothing
    if stopped:
        return _below(ctx.t("answer-stopped-here"), live.text)
    if live.done and live.done.finish == "length":
        return _below(ctx.t("answer-cut"), live.text)
    return _below(said, live.text) if live.done and (said := _footer(ctx, live.done)) else ""


def _footer(ctx: Context, done: Done) -> str:
    return footer(ctx, [ctx.chat_model], done.seconds, done.new_tokens)


def _below(note: str, text: str) -> str:
    # An open code block would swallow the note.
    return ("\n```" if text.count("```") % 2 else "") + f"\n\n{note}"


async def _settle(
    ctx: Context, live: LiveReply, first: int, written: str, *, talk: bool, below: Below | None = None
) -> None:
    below = below if written else None
    if below:
        await below.keep(written)
    messages = await live.finish(markup(below.keyboard) if below else None)
    await ctx.drop_parts(range(first + len(messages), first + PARTS))
    # A stopped answer was not counted: three characters a token is the usual in Spanish and English, rounded up.
    tokens = live.done.new_tokens if live.done else len(written) // 3 + 1
    await ctx.remember_own(messages[0], written, talk=talk, tokens=tokens, model=ctx.chat_model)
