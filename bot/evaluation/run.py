"""Runs a task and the bare chat model over a set of cases, and puts their figures side by side."""

import asyncio
import importlib
import json
import pkgutil
import re
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from bot import evaluation
from bot.errors import BotError
from bot.evaluation import Case, Measured, Output
from bot.tasks.models import Models

_ROOT = Path(__file__).parents[2]
SETS = _ROOT / "tests" / "data"
PAGE = _ROOT / "docs" / "models.md"

# Cases in flight together: engines batch them, and a machine with two cores gains nothing from more.
_AT_ONCE = 8

Work = Callable[[Models, Case], Awaitable[Output]]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Figures of a task and of the bare model on the same cases, by name; and what each gave, in their order."""

    task: str
    split: str
    model: str
    cases: list[Case]
    ours: dict[str, float]
    bare: dict[str, float]
    outputs: list[Output]
    bare_outputs: list[Output]
    seconds: float
    bare_seconds: float


def tasks() -> list[str]:
    """Return the tasks that have both a module here and a set of cases."""
    names = [module.name for module in pkgutil.iter_modules(evaluation.__path__)]
    return [name for name in names if (SETS / f"{name}.jsonl").is_file()]


def cases(task: str, split: str, most: int = 0) -> list[Case]:
    """Return the cases of one split, the languages in turns; `most` limits them to so many of each language."""
    with (SETS / f"{task}.jsonl").open(encoding="utf-8") as lines:
        found = [case for case in map(json.loads, lines) if case["split"] == split]
    return list(_in_turns(found, most or len(found)))


def _in_turns(found: list[Case], most: int) -> Iterator[Case]:
    languages = sorted({case["lang"] for case in found})
    queues = [[case for case in found if case["lang"] == language][:most] for language in languages]
    for place in range(max(map(len, queues), default=0)):
        yield from (queue[place] for queue in queues if place < len(queue))


async def evaluate(models: Models, task: str, split: str = "test", most: int = 0) -> Evaluation:
    """Run a task and then the bare model over a split of its set. Raises what only a mistake in the code raises."""
    module = cast("Measured", importlib.import_module(f"bot.evaluation.{task}"))
    chosen = cases(task, split, most)
    outputs, seconds = await _over(chosen, models, module.ours)
    bare_outputs, bare_seconds = await _over(chosen, models, module.bare)
    ours, bare = module.score(chosen, outputs), module.score(chosen, bare_outputs)
    return Evaluation(
        task, split, models.chat, chosen, ours, bare, outputs, bare_outputs, round(seconds, 1), round(bare_seconds, 1)
    )


async def _over(chosen: list[Case], models: Models, work: Work) -> tuple[list[Output], float]:
    free, start = asyncio.Semaphore(_AT_ONCE), time.monotonic()

    async def one(case: Case) -> Output:
        async with free:
            try:
                return await work(models, case)
            except BotError as error:
                return {"error": str(error)}

    outputs = await asyncio.gather(*map(one, chosen))
    return outputs, time.monotonic() - start


def table(result: Evaluation) -> str:
    """Return the figures as a Markdown table, with what they are of in a line above it."""
    counts = {case["lang"]: 0 for case in result.cases}
    for case in result.cases:
        counts[case["lang"]] += 1
    many = ", ".join(f"{count} in {language}" for language, count in sorted(counts.items()))
    took = f"{result.seconds:.0f} s against {result.bare_seconds:.0f} s"
    lines = [
        f"Cases of the split {result.split}: {many}. Chat model: {result.model}; {took}.",
        "",
        "| figure | task | bare model |",
        "|---|---|---|",
    ]
    names = [*result.ours, *(name for name in result.bare if name not in result.ours)]
    lines += [f"| {name} | {_figure(result.ours, name)} | {_figure(result.bare, name)} |" for name in names]
    return "\n".join(lines)


def _figure(figures: dict[str, float], name: str) -> str:
    return f"{figures[name]:.3f}" if name in figures else "–"


def write(result: Evaluation, page: Path = PAGE) -> None:
    """Put the table into the page, in place of the task's last one or at the end of the page."""
    text = page.read_text(encoding="utf-8")
    begin, end = f"<!-- eval {result.task} -->", "<!-- end -->"
    block = f"{begin}\n\n{table(result)}\n\n{end}"
    pattern = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
    if pattern.search(text):
        text = pattern.sub(lambda _: block, text)
    else:
        text = f"{text.rstrip()}\n\n### {result.task}\n\n{block}\n"
    page.write_text(text, encoding="utf-8")
