"""/status: how the machine and its models are doing."""

from collections.abc import Sequence

from bot.context import Context
from bot.inference.api import ModelState, Status
from bot.routing import Command

_GIB = 2**30
_BAR = 10


async def status(ctx: Context) -> None:
    """Show devices, memory, queue, speed, and the models in memory."""
    now = ctx.services.inference.status()
    machine = [
        ctx.t("status-title"),
        *(ctx.t("status-device", device=device) for device in now.devices),
        _memory(ctx, now),
        f"✍ {_work(ctx, now)}",
        _speed(ctx, now.tokens_per_second),
    ]
    await ctx.reply("\n".join((*machine, "", *_models(ctx, now.models))))


def _memory(ctx: Context, now: Status) -> str:
    used = now.memory_bytes / _GIB
    if not now.memory_limit:
        return ctx.t("status-memory-used", used=used)
    share = min(now.memory_bytes / now.memory_limit, 1.0)
    # Something is always shown of what is not nothing.
    full = max(round(share * _BAR), int(share > 0))
    return ctx.t("status-memory", bar="▰" * full + "▱" * (_BAR - full), used=used, limit=now.memory_limit / _GIB)


def _speed(ctx: Context, speed: float) -> str:
    return ctx.t("status-speed", speed=speed) if speed else ctx.t("status-no-speed")


def _models(ctx: Context, states: Sequence[ModelState]) -> list[str]:
    shown = [state for state in states if state.state in ("loading", "loaded", "failed")]
    if not shown:
        return [ctx.t("status-no-models")]
    busy = [state for state in shown if state.running or state.queued]
    # What a single busy model does has been said of the whole machine.
    lines = [_model(ctx, state, work=state in busy and len(busy) > 1) for state in shown]
    return [ctx.t("status-models"), *lines]


def _model(ctx: Context, state: ModelState, *, work: bool) -> str:
    parts = [ctx.t(f"state-{state.state}", model=state.id)]
    if state.state == "loaded":
        memory = ctx.t("status-gib", memory=state.memory_bytes / _GIB)
        parts += [f"{state.engine}, {state.device.upper()}", memory]
    if work:
        parts.append(_work(ctx, state))
    return " · ".join(parts)


def _work(ctx: Context, of: Status | ModelState) -> str:
    return f"{ctx.t('status-running', count=of.running)}, {ctx.t('status-queued', count=of.queued)}"


HANDLERS = [Command("status", status, {"es": "estado"})]
