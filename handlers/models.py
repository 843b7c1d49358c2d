"""/model and /models: which models there are, and which one a chat talks with."""

from collections.abc import Sequence

from bot.context import Context
from bot.errors import BadInput
from bot.inference.api import ModelState
from bot.routing import Button, Command
from bot.storage import people

_GIB = 2**30
_ALL = ("all", "todos")


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
    """List the installed models, or with "all" the whole catalog, each kind by itself."""
    states = ctx.services.inference.states()
    if ctx.words.lower() in _ALL:
        await ctx.reply(_catalog(ctx, states))
        return
    installed = [state for state in states if state.state != "missing"]
    missing = len(states) - len(installed)
    intro = ctx.t("models-intro") if installed else ctx.t("models-none")
    more = [ctx.t("models-missing", count=missing)] if missing else []
    button = [[(ctx.t("button-all-models"), "models:all")]] if missing else []
    await ctx.reply("\n\n".join((intro, *_by_kind(ctx, installed), *more)), button)


async def show_all(ctx: Context) -> None:
    """Let the whole catalog take the place of the installed models."""
    await ctx.change(_catalog(ctx, ctx.services.inference.states()))


def _catalog(ctx: Context, states: Sequence[ModelState]) -> str:
    return "\n\n".join((ctx.t("models-all"), *_by_kind(ctx, states)))


def _by_kind(ctx: Context, states: Sequence[ModelState]) -> list[str]:
    return [
        "\n".join((_heading(ctx, kind), *(_line(ctx, state) for state in states if state.kind == kind)))
        for kind in dict.fromkeys(state.kind for state in states)
    ]


def _heading(ctx: Context, kind: str) -> str:
    words = ctx.t(f"kind-{kind}")
    return f"**{words}**"


async def _set(ctx: Context, model_id: str) -> None:
    if model_id not in [state.id for state in _installed(ctx)]:
        raise BadInput("model-unknown", model=model_id[:64])
    await ctx.transact(people.set_chat_model, ctx.chat.id, model_id)


def _installed(ctx: Context) -> list[ModelState]:
    return [state for state in ctx.services.inference.states() if state.kind == "chat" and state.state != "missing"]


def _line(ctx: Context, state: ModelState) -> str:
    words, memory = ctx.t(f"state-{state.state}", model=state.id), state.memory_bytes / _GIB
    if state.state == "missing":
        return ctx.t("model-missing", state=words, memory=memory, licence=state.licence)
    engine = f"{state.engine}, {state.device.upper()} · " if state.engine else ""
    return ctx.t("model-line", state=words, engine=engine, memory=memory, licence=state.licence)


HANDLERS = [
    Command("model", model, {"es": "modelo"}),
    Command("models", models, {"es": "modelos"}),
    Button("model", choose),
    Button("models", show_all),
]
