"""Talking with the model: free text in private chats, starting over, stopping."""

from collections.abc import Sequence

from bot.answering import Below, answer
from bot.citing import buttons, uncited
from bot.consulting import consult
from bot.context import Context
from bot.errors import BadInput
from bot.grounding import relevant, used, with_passages
from bot.inference.api import ChatRequest
from bot.jobs import stop_all
from bot.library.search import Hit
from bot.routing import PRIVATE, Button, Command, Other, Text
from bot.storage import history
from bot.tasks import chat


async def talk(ctx: Context) -> None:
    """Answer with the conversation so far in mind, and the material where it has to do with what is said."""
    passages: list[Hit] = []  # known once it is this answer's turn
    sources: list[Sequence[tuple[str, str]]] = []  # known once the answer is written

    async def keep(written: str) -> None:
        sources.extend(buttons(ctx, used(passages, written)))

    await answer(
        ctx,
        lambda: _request(ctx, passages),
        talk=True,
        below=Below(sources, keep),
        first=lambda models: consult(ctx, models),
        mend=uncited,
    )


async def _request(ctx: Context, passages: list[Hit]) -> ChatRequest:
    settings, place = ctx.services.settings, ctx.place
    makers = {state.id: state.maker for state in ctx.services.inference.states()}
    system = ctx.t("prompt-chat", model=ctx.chat_model, maker=makers.get(ctx.chat_model, ""))
    hits = await relevant(ctx, ctx.words)
    told = with_passages(ctx, ctx.words, hits)
    texts = [ctx.words, system, told]
    length, instructions, whole = await ctx.services.inference.count_tokens(ctx.chat_model, texts)
    if whole + instructions > settings.context_tokens:
        hits, told, whole = [], ctx.words, length
    passages += hits
    room = settings.context_tokens - whole - instructions
    if room < 0:
        raise BadInput("error-too-long", tokens=length, limit=settings.context_tokens - instructions)
    past = await ctx.transact(
        history.ask, ctx.row_id, place.chat_id, place.thread_id, length, lambda lengths: chat.to_drop(lengths, room)
    )
    pairs = [(exchange.question, exchange.answer) for exchange in past]
    return chat.request(
        ctx.chat_model,
        system,
        pairs,
        told,
        max_new_tokens=settings.max_new_tokens,
        seed=ctx.update_id,
    )


async def new(ctx: Context) -> None:
    """Let the model forget what was said; what is being written stops."""
    place = ctx.place
    await stop_all(ctx.services.jobs.of(place.chat_id, place.thread_id))
    await ctx.transact(history.start_over, place.chat_id, place.thread_id)
    await ctx.reply(ctx.t("new-done"))


async def cancel(ctx: Context) -> None:
    """Stop what is being written for this person, or for an admin all; what is there already stays."""
    here = ctx.services.jobs.of(ctx.place.chat_id, ctx.place.thread_id)
    own = [job for job in here if job.user_id == ctx.user_id]
    if not here:
        await ctx.reply(ctx.t("cancel-nothing"))
    elif own or await ctx.is_admin():
        ctx.let_next_go()
        await stop_all(own or here)
    else:
        await ctx.reply(ctx.t("cancel-not-yours"))


async def stop(ctx: Context) -> None:
    """Stop the answer under which the button stands, for the asker or an admin (who may have asked unnamed)."""
    job = ctx.services.jobs.find(int(ctx.choice)) if ctx.choice.isdecimal() else None
    # A button's data can be forged; an admin is one of their own chat alone.
    if job is None or (job.chat_id, job.thread_id) != (ctx.place.chat_id, ctx.place.thread_id):
        await ctx.answer_button(ctx.t("cancel-nothing"))
    elif job.user_id == ctx.user_id or await ctx.is_admin():
        await ctx.answer_button()
        ctx.let_next_go()
        await stop_all([job])
    else:
        await ctx.answer_button(ctx.t("cancel-not-yours"), alert=True)


async def other(ctx: Context) -> None:
    """Say what can be sent instead of an unknown command, a picture or a voice."""
    command = (ctx.message.text or "").startswith("/")
    raise BadInput("error-unknown-command" if command else "error-only-text")


HANDLERS = [
    Text(talk),
    Command("new", new, {"es": "nuevo"}, PRIVATE),
    Command("cancel", cancel, {"es": "cancelar"}),
    Button("stop", stop),
    Other(other),
]
