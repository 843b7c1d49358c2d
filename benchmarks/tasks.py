"""How many lines a minute does `python -m bot task` work off, against one by one?

`python -m benchmarks.tasks` gives each task 200 lines, Spanish and English mixed, made of the evaluation sets' texts,
as the command line does: many in flight, so that the engine batches them. In turns with that it gives it other lines of
the same kind one by one. No line is given twice, since what a prefix cache has read costs less. The last line is JSON:
for each task lines a minute both ways (`…_together`, `…_one_by_one`), the seconds that the 200 took, how many lines of
all gave an error (`…_failed`), and the `ratio_…` of the two speeds.
"""

import argparse
import asyncio
import json
import random
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import aclosing
from typing import Any

from bot.config import Settings
from bot.evaluation.run import SETS
from bot.task_cli import AT_ONCE, results
from bot.task_forms import FORMS
from bot.tasks.models import Models
from bot.terminal import models

LINES, SINGLES = 200, 20
# The two ways take turns so often, so that another load of the machine touches both.
ROUNDS = 2
_OTHER = {"es": "en", "en": "es"}

Line = dict[str, Any]
Case = dict[str, Any]


def _text(case: Case, more: str) -> Line:
    return {"text": f"{case['text']}{more}"}


def _answer(case: Case, more: str) -> Line:
    return {"question": case["question"], "context": f"{case['context']}{more}", "lang": case["lang"]}


def _translate(case: Case, more: str) -> Line:
    return _text(case, more) | {"target": _OTHER[case["lang"]]}


def _classify(case: Case, more: str) -> Line:
    return _text(case, more) | {"labels": case["labels"]}


def _generate(case: Case, more: str) -> Line:
    beginning = [*more.split()[:6], *case["text"].split()[:12]]
    return {"prompt": " ".join(beginning), "max_new_tokens": 48}


# What a line is made of: a set, and how one of its cases, and for variety another's text, become a line.
MADE: dict[str, tuple[str, Callable[[Case, str], Line]]] = {
    "answer": ("answer", _answer),
    "classify": ("classify", _classify),
    "entities": ("entities", _text),
    "generate": ("translate", _generate),
    "sentiment": ("sentiment", _text),
    "summarize": ("summarize", _text),
    "translate": ("translate", _translate),
}


def lines(task: str, number: int, seed: int = 0) -> list[Line]:
    """Return so many different lines, always the same for a seed; when the cases run out, two of them make a line."""
    name, make = MADE[task]
    with (SETS / f"{name}.jsonl").open(encoding="utf-8") as file:
        cases = [json.loads(line) for line in file]
    draw = random.Random(seed)
    draw.shuffle(cases)
    made = [make(case, "") for case in cases[:number]]
    alike = {language: [case for case in cases if case["lang"] == language] for language in _OTHER}
    while len(made) < number:
        case = draw.choice(cases)
        other = draw.choice(alike[case["lang"]])
        line = make(case, f"\n{other.get('text') or other['context']}")
        if line not in made:
            made.append(line)
    draw.shuffle(made)
    return [{"id": place, **line} for place, line in enumerate(made)]


async def work(available: Models, task: str, given: Sequence[Line], at_once: int) -> tuple[float, int]:
    """Return how many seconds the lines took, and how many of them failed."""

    async def source() -> AsyncIterator[bytes]:
        for line in given:
            yield json.dumps(line).encode()

    start, failed = time.monotonic(), 0
    async with aclosing(results(available, FORMS[task], source(), at_once)) as found:
        async for result in found:
            failed += "error" in result
    return time.monotonic() - start, failed


async def measure(available: Models, task: str, number: int, singles: int) -> dict[str, float]:
    """Let one task work off its lines both ways."""
    made = lines(task, number + singles + 1)
    await work(available, task, made[:1], 1)  # whatever is loaded first is not counted
    together = one_by_one = 0.0
    failed = 0
    for many, few in zip(_parts(made[1 : number + 1]), _parts(made[number + 1 :]), strict=True):
        for given, at_once in ((many, AT_ONCE), (few, 1)):
            seconds, wrong = await work(available, task, given, at_once)
            failed += wrong
            if at_once == 1:
                one_by_one += seconds
            else:
                together += seconds
    ratio = (number / together) / (singles / one_by_one)
    print(f"{task}: {number} lines in {together:.1f} s, {ratio:.2f} times as fast as one by one", flush=True)
    return {
        f"ratio_{task}": round(ratio, 2),
        f"{task}_together": round(60 * number / together, 1),
        f"{task}_one_by_one": round(60 * singles / one_by_one, 1),
        f"{task}_seconds": round(together, 1),
        f"{task}_failed": failed,
    }


def _parts(given: Sequence[Line]) -> Iterator[Sequence[Line]]:
    return (given[start::ROUNDS] for start in range(ROUNDS))


async def measure_all(names: Sequence[str], number: int, singles: int) -> dict[str, float]:
    """Measure tasks one after another with the machine's own models."""
    figures: dict[str, float] = {"lines": number, "one_by_one": singles}
    async with models(Settings()) as available:
        for name in names:
            figures |= await measure(available, name, number, singles)
    return figures


def main() -> None:
    """Measure what the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="TASK", help=f"of {', '.join(MADE)}; none: all")
    parser.add_argument("--lines", type=int, default=LINES)
    parser.add_argument("--singles", type=int, default=SINGLES)
    parser.add_argument("--quick", action="store_true", help="4 lines a task: does it all work?")
    arguments = parser.parse_args()
    if unknown := set(arguments.names) - MADE.keys():
        parser.error(f"there is no task {', '.join(sorted(unknown))}")
    number, singles = (4, 2) if arguments.quick else (arguments.lines, arguments.singles)
    print(json.dumps(asyncio.run(measure_all(arguments.names or list(MADE), number, singles))))


if __name__ == "__main__":
    main()
