"""`python -m bot eval`: measure the tasks on the sets of cases."""

import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

import typer
from rich.console import Console

from bot.config import Settings
from bot.terminal import fail, models, settings

if TYPE_CHECKING:
    from bot.evaluation.run import Evaluation


class Extent(NamedTuple):
    """What of each set is measured: a split, and at most so many cases of each language (0: all)."""

    split: str
    most: int


# What is written down.
_WHOLE = Extent("test", 0)


def evaluate(
    task: Annotated[str, typer.Argument(metavar="[TASK]", help="A task; without one all of them.")] = "",
    split: Annotated[Literal["dev", "test"], typer.Option(help="Figures are of test; dev is for tuning.")] = "test",
    most: Annotated[int, typer.Option(min=0, help="Only so many cases of each language; 0: all.")] = 0,
    outputs: Annotated[Path | None, typer.Option(dir_okay=False, help="Write each case and what came out.")] = None,
) -> None:
    """Measure tasks beside the bare chat model; the test split's figures go into docs/models.md."""
    from bot.evaluation import run

    known = run.tasks()
    if task and task not in known:
        fail(f"There are no cases for {task}; there are for {', '.join(known) or 'nothing: run this in a checkout'}.")
    chosen = [task] if task else known
    asyncio.run(_all(settings(), chosen, Extent(split, most), outputs))


async def _all(chosen: Settings, tasks: list[str], extent: Extent, outputs: Path | None) -> None:
    """Measure one task after another, with models that are loaded once, and show each as soon as it is done."""
    from bot.evaluation import run

    console = Console()
    async with models(chosen) as available:
        for name in tasks:
            result = await run.evaluate(available, name, extent.split, extent.most)
            console.print(f"{name}\n{run.table(result)}\n", highlight=False, soft_wrap=True, markup=False)
            if outputs:
                with outputs.open("a", encoding="utf-8") as file:
                    file.writelines(_lines(result))
            if extent == _WHOLE:
                run.write(result)


def _lines(result: "Evaluation") -> list[str]:
    found = zip(result.cases, result.outputs, result.bare_outputs, strict=True)
    return [
        json.dumps({"task": result.task, "case": case, "ours": ours, "bare": bare}, ensure_ascii=False) + "\n"
        for case, ours, bare in found
    ]
