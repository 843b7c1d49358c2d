"""/model and /models: which models there are, and which one a chat talks with."""

from bot.context import Context
from bot.errors import BadInput
from bot.inference.api import ModelState
from bot.routing import Button, Command
from bot.storage import people

_GIB = 2**30


async def model(ctx: Context) -> None:
    """Set the chat model that is named, or offer the installed ones."""
    if ctx.words:
        await _set(ctx, ctx.words.lower())
        await ctx.reply(ctx.t("model-set", model=ctx.words.lower()))
        return
    installed = _installed(ctx)
    lines = [_line(ctx, state) for state in installed]
    buttons = [
        [(f"{'✓ ' if state.id == ctx.chat_model else ''}{state.id}", f"model:{state.id}")] for state in installed
    ]
    await ctx.reply("\n\n".join((ctx.t("model-choose"), *lines)), buttons)


async def choose(ctx: Context) -> None:
    """Set the chat model of the tapped button."""
    await _set(ctx, ctx.choice)
    await ctx.change(ctx.t("model-set", model=ctx.choice))


async def models(ctx: Context) -> None:
    """List every model of the catalog and how it stands."""
    lines = [_line(ctx, state) for state in ctx.services.inference.states()]
    await ctx.reply("\n\n".join((ctx.t("models-intro"), *lines)))


async def _set(ctx: Context, model_id: str) -> None:
    if model_id not in [state.id for state in _installed(ctx)]:
        raise BadInput("model-unknown", model=model_id[:64])
    async with ctx.session() as session:
        await people.set_chat_model(session, ctx.chat.id, model_id)


def _installed(ctx: Context) -> list[ModelState]:
    return [state for state in ctx.services.inference.states() if state.kind == "chat" and state.state != "missing"]


def _line(ctx: Context, state: ModelState) -> str:
    return ctx.t(
        "model-line",
        model=state.id,
        kind=ctx.t(f"kind-{state.kind}"),
        licence=state.licence,
        memory=f"{state.memory_bytes / _GIB:.1f}",
        state=ctx.t(f"state-{state.state}"),
        engine=f" ({state.engine}, {state.device})" if state.engine else "",
    )


HANDLERS = [
    Command("model", model, {"es": "modelo"}),
    Command("models", models, {"es": "modelos"}),
    Button("model", choose),
]
