"""While people wait for a model: how it goes is shown, they can stop it, and it ends when nobody wants it any more."""

import asyncio
from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.context import Context
from bot.inference.api import Waiting
from bot.jobs import Job
from bot.live import LiveReply

# Part numbers are given in order; an answer that grows may come to need many.
PARTS = 1000
# How often Telegram is asked whether the question still stands, in seconds.
_LOOK_AT_QUESTION = 5.0


def live_reply(ctx: Context, first: int) -> LiveReply:
    """Return a reply that grows, from part number `first` on."""
    button = InlineKeyboardButton(ctx.t("button-stop"), callback_data=f"stop:{ctx.update_id}")
    return LiveReply(
        ctx.services.delivery,
        ctx.place,
        # Any number but 0; the same after a restart, so that the draft goes on where it stood.
        draft_id=ctx.update_id,
        put=lambda index, part, keyboard: ctx.put(first + index, part, keyboard),
        stop=InlineKeyboardMarkup([[button]]),
    )


def waiting(ctx: Context, event: Waiting, model: str) -> str:
    """Return what is said while a request waits."""
    if event.reason == "loading":
        return ctx.t("waiting-loading", model=model)
    return ctx.t("waiting-queue", ahead=event.position)


def footer(ctx: Context, models: Iterable[str], seconds: float, tokens: int) -> str:
    """Return what made an answer, for those who want to know (/verbose); for others, or without a model, nothing."""
    named = ", ".join(models)
    if not (named and ctx.user and ctx.user.verbose):
        return ""
    return ctx.t("footer", models=named, seconds=round(seconds, 1), tokens=tokens)


@asynccontextmanager
async def stoppable(ctx: Context) -> AsyncGenerator[Job]:
    """Make what happens in the block a job that people can stop, and that stops when its question is deleted.

    Where a person stopped it the block just ends; `job.stopped` tells.
    """
    task = asyncio.current_task()
    assert task is not None  # noqa: S101 - we are in a coroutine
    job = Job(ctx.update_id, ctx.place.chat_id, ctx.place.thread_id, ctx.user_id, task)
    ctx.services.jobs.add(job)
    try:
        async with _watching(ctx, job):
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


async def look_if_old(ctx: Context, job: Job) -> None:
    """Look whether the question still stands, if it was asked some time ago."""
    if _age(ctx) > _LOOK_AT_QUESTION:
        await _look(ctx, job)
