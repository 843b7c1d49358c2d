"""`python -m bot models check`: put a model on an engine beside the torch reference, and keep the verdict."""

import contextlib
from datetime import UTC, datetime
from typing import Any

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from bot.errors import BadInput
from bot.inference import gate, verdicts, weights
from bot.inference.catalog import EngineName, Model
from bot.inference.gate import ChatSample, Figure
from bot.inference.placement import Placement, Target

REFERENCE = Target("torch", "cpu")


def check(placement: Placement, model: Model, engine: EngineName | None, console: Console) -> bool:
    """Measure, show and keep; returns whether the model passed.

    Without an engine the pair is the one that the bot would use now, with one the one that it would use if it had never
    been checked. Raises ModelMissing, WeightsError, OutOfMemory, BadInput for an engine that does not run the model,
    EngineFailed.
    """
    weights.path(model, placement.weights_dir)
    target, dtype = _pair(placement, model, engine)
    wide = _reference_dtype(model, target, dtype)
    console.print(f"{model.id}: torch on the CPU in {wide}, the reference", highlight=False)
    reference = _sample(placement, model, REFERENCE, wide, console)
    console.print(f"{model.id}: {target.engine} on {target.device} in {dtype}", highlight=False)
    sample = _sample(placement, model, target, dtype, console)
    figures = _compare(model, sample, reference)
    passed = all(figure.passed for figure in figures)
    setup = verdicts.setup(model, placement.weights_dir, target, dtype)
    found = {figure.name: figure.value for figure in figures}
    day = datetime.now(UTC).date().isoformat()
    verdicts.keep(model, placement.weights_dir, verdicts.Verdict(setup, found, passed, day))
    _show(figures, console)
    _conclude(placement, model, target, passed=passed, console=console)
    return passed


def _pair(placement: Placement, model: Model, engine: EngineName | None) -> tuple[Target, str]:
    if engine is None:
        target = placement.target(model, {})
        return target, placement.dtype(model, target)
    targets = [target for target in placement.targets(model, {}) if target.engine == engine]
    if not targets:
        raise BadInput("error-model-engine", model=model.id, engine=engine)
    return targets[0], placement.usual_dtype(model, targets[0])


def _reference_dtype(model: Model, target: Target, dtype: str) -> str:
    """Return the reference's numbers: a chat model's weights are bfloat16, and with float32 it takes twice the memory.

    What runs as the reference itself does would only be compared with itself.
    """
    return "bfloat16" if model.kind == "chat" and (target, dtype) != (REFERENCE, "bfloat16") else "float32"


def _sample(placement: Placement, model: Model, target: Target, dtype: str, console: Console) -> Any:
    # Which of the two protocols an engine answers to, its model's kind says.
    with console.status("loading"):
        engine: Any = placement.start(model, target, dtype)
    with contextlib.closing(engine), console.status("reading and answering"):
        if model.kind == "chat":
            return gate.take_chat(engine, gate.tokenizer(model, placement.weights_dir))
        return gate.take_batch(engine, model)


def _compare(model: Model, sample: Any, reference: Any) -> list[Figure]:
    if isinstance(sample, ChatSample):
        return gate.compare_chat(sample, reference)
    return gate.compare_batch(model.kind, sample, reference)


def _show(figures: list[Figure], console: Console) -> None:
    table = Table("figure", "measured", "bound", "", box=SIMPLE, pad_edge=False)
    for figure in figures:
        bound = f"at {'most' if figure.highest else 'least'} {figure.bound:g}"
        table.add_row(figure.name, f"{figure.value:.4g}", bound, "right" if figure.passed else "WRONG")
    console.print(table)


def _conclude(placement: Placement, model: Model, target: Target, *, passed: bool, console: Console) -> None:
    if passed:
        console.print(f"{model.id} on {target.engine}: passed", highlight=False)
        return
    then = placement.target(model, {})
    instead = (
        "nothing else runs it here"
        if placement.refused(model, then)
        else f"from now on it is {then.engine} on {then.device} in {placement.dtype(model, then)}"
    )
    console.print(f"{model.id} on {target.engine}: REFUSED; {instead}", highlight=False)
