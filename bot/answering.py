"""An answer that a model writes while its reader watches: it waits its turn, streams, can be stopped, is remembered."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing, asynccontextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.context import Context
from bot.errors import Busy
from bot.guard import to_the_end
from bot.inference.api import ChatRequest, Done, Piece, Waiting
from bot.jobs import Job
from bot.live import LiveReply

Prepare = Callable[[], Awaitable[ChatRequest]]

# Part numbers are given in order; an answer that grows may come to need many.
_PARTS = 1000
# Questions of one conversation that may wait for their turn; more would only fill the bot's memory for nobody's good.
_MOST_WAITING = 5
# How often the place in the queue is looked up, in seconds.
_LOOK_AGAIN = 2.0
# How often Telegram is asked whether the question still stands, in seconds.
_LOOK_AT_QUESTION = 5.0


async def answer(ctx: Context, prepare: Prepare, *, talk: bool = False) -> None:
    """Stream a model's answer. People can stop it, and the chat's next update need not wait for it.

    Whoever deletes the question wants no answer: it stops within seconds and leaves nothing behind.

    `prepare` makes the request when it is this answer's turn. With `talk` that is when the earlier answers of the
    conversation are complete, since they belong to what the model is told.
    """
    first = ctx.take_parts(_PARTS)
    live = _live(ctx, first)
    ctx.let_next_go()
    lane = (ctx.place.chat_id, ctx.place.thread_id) if talk else ctx.update_id
    if ctx.services.conversations.count(lane) > _MOST_WAITING:
        raise Busy("error-too-many-questions")
    async with ctx.services.conversations.turn(lane, ctx.update_id) as called:
        try:
            job = await _write(ctx, live, called, prepare)
        except Exception:
            if live.text:
                await to_the_end(_settle(ctx, live, first, live.text, talk=False))  # what was written stays
            else:
                ctx.give_back_parts(first)  # the explanation takes the place of "waiting"
            raise
        if job.pointless:
            await to_the_end(ctx.drop_parts(range(first, first + _PARTS)))
            return
        written = live.text.strip()
        live.write(_closing(ctx, live, stopped=job.stopped and live.done is None))
        # From here on people may have seen the whole answer: a stop of the bot must not have it written anew.
        await to_the_end(_settle(ctx, live, first, written, talk=talk and bool(written)))


def _live(ctx: Context, first: int) -> LiveReply:
    button = InlineKeyboardButton(ctx.t("button-stop"), callback_data=f"stop:{ctx.update_id}")
    return LiveReply(
        ctx.services.delivery,
        ctx.place,
        # Any number but 0; the same after a restart, so that the draft goes on where it stood.
        draft_id=ctx.update_id,
        put=lambda index, part, keyboard: ctx.put(first + index, part, keyboard),
        stop=InlineKeyboardMarkup([[button]]),
    )


async def _write(ctx: Context, live: LiveReply, called: asyncio.Event, prepare: Prepare) -> Job:
    async with _stoppable(ctx) as job, _watching(ctx, job), live.growing():
        await _wait(ctx, called, live)
        if _age(ctx) > _LOOK_AT_QUESTION:
            await _look(ctx, job)
        _announce(ctx, live)
        await _feed(ctx, live, replace(await prepare(), person=ctx.person))
    return job


@asynccontextmanager
async def _stoppable(ctx: Context) -> AsyncGenerator[Job]:
    task = asyncio.current_task()
    assert task is not None  # noqa: S101 - we are in a coroutine
    job = Job(ctx.update_id, ctx.place.chat_id, ctx.place.thread_id, ctx.user_id, task)
    ctx.services.jobs.add(job)
    try:
        yield job
        if job.stopped:  # the wish came with the last word: it is delivered here, where it does no harm
            await asyncio.sleep(0)
    except asyncio.CancelledError:
        if not job.stopped:
            raise  # the process is ending; the update is handled after the restart
        task.uncancel()
    finally:
        ctx.services.jobs.remove(job)


@asynccontextmanager
async def _watching(ctx: Context, job: Job) -> AsyncGenerator[None]:
    watcher = asyncio.create_task(_watch(ctx, job))
    try:
        yield
    finally:
        watcher.cancel()
        await asyncio.gather(watcher, return_exceptions=True)


async def _watch(ctx: Context, job: Job) -> None:
    standing: bool | None = True
    while standing:
        await asyncio.sleep(_LOOK_AT_QUESTION)
        standing = await _look(ctx, job)


async def _look(ctx: Context, job: Job) -> bool | None:
    """Stop the answer if the question is gone; return whether it stands, None if that cannot be known here."""
    standing = await ctx.services.delivery.stands(ctx.place, ctx.message.message_id)
    if standing is False:
        job.pointless = True
        job.stop()
        await asyncio.sleep(0)  # who looks before asking the model is stopped here
    return standing


def _age(ctx: Context) -> float:
    return (datetime.now(UTC) - ctx.message.date).total_seconds()


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


async def _feed(ctx: Context, live: LiveReply, request: ChatRequest) -> None:
    async with aclosing(ctx.services.inference.stream(request)) as events:
        async for event in events:
            match event:
                case Waiting("loading"):
                    live.say(ctx.t("waiting-loading", model=request.model))
                case Waiting(position=position):
                    live.say(ctx.t("waiting-queue", ahead=position))
                case Piece(text):
                    live.write(text)
                case Done():
                    live.done = event


def _closing(ctx: Context, live: LiveReply, *, stopped: bool) -> str:
    """Return what is added to the answer for its reader; the model never sees it."""
    if not live.text.strip():
        return ctx.t("answer-stopped" if stopped else "answer-empty")
    if stopped:
        return _below(ctx.t("answer-stopped-here"), live.text)
    if live.done and live.done.finish == "length":
        return _below(ctx.t("answer-cut"), live.text)
    return ""


def _below(note: str, text: str) -> str:
    # An open code block would swallow the note.
    return ("\n```" if text.count("```") % 2 else "") + f"\n\n{note}"


async def _settle(ctx: Context, live: LiveReply, first: int, written: str, *, talk: bool) -> None:
    messages = await live.finish()
    await ctx.drop_parts(range(first + len(messages), first + _PARTS))
    # A stopped answer was not counted: three characters a token is the usual in Spanish and English, rounded up.
    tokens = live.done.new_tokens if live.done else len(written) // 3 + 1
    await ctx.remember_own(messages[0], written, talk=talk, tokens=tokens, model=ctx.chat_model)
