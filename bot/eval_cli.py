"""`python -m bot eval`: measure the tasks on the sets of cases."""

import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from rich.console import Console

from bot.config import Settings
from bot.terminal import fail, models, settings

if TYPE_CHECKING:
    from bot.evaluation.run import Evaluation


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
    console = Console()
    for name in [task] if task else known:
        result = asyncio.run(_evaluate(settings(), name, split, most))
        console.print(f"{name}\n{run.table(result)}\n", highlight=False, soft_wrap=True, markup=False)
        if outputs:
            with outputs.open("a", encoding="utf-8") as file:
                file.writelines(_lines(result))
        if split == "test" and not most:
            run.write(result)


async def _evaluate(chosen: Settings, task: str, split: str, most: int) -> "Evaluation":
    from bot.evaluation import run

    async with models(chosen) as available:
        return await run.evaluate(available, task, split, most)


def _lines(result: "Evaluation") -> list[str]:
    found = zip(result.cases, result.outputs, result.bare_outputs, strict=True)
    return [
        json.dumps({"task": result.task, "case": case, "ours": ours, "bare": bare}, ensure_ascii=False) + "\n"
        for case, ours, bare in found
    ]
