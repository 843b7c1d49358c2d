"""Running a task and the bare model over cases, and writing the figures down."""

import asyncio
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bot.errors import BadInput
from bot.evaluation import Case, Output, run
from bot.tasks.models import Models
from tests.conftest import Script

CASES = [
    {"id": f"{language}-{number}", "lang": language, "split": "test" if number % 3 else "dev", "number": number}
    for language in ("es", "en")
    for number in range(30)
]


class Echo:
    """A task that repeats numbers, fails at the unlucky one, and counts how many it is asked at once."""

    TASK = "echo"

    def __init__(self) -> None:
        self.running = self.most = 0

    async def ours(self, models: Models, case: Case) -> Output:
        self.running += 1
        self.most = max(self.most, self.running)
        await asyncio.sleep(0)
        self.running -= 1
        if case["number"] == 13:
            raise BadInput
        return {"number": case["number"]}

    async def bare(self, models: Models, case: Case) -> Output:
        return {"number": 1}

    def score(self, cases: Sequence[Case], outputs: Sequence[Output]) -> dict[str, float]:
        right = [case["number"] == output.get("number") for case, output in zip(cases, outputs, strict=True)]
        return {"right": sum(right) / len(right)}


@pytest.fixture
def echo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Echo:
    lines = "".join(json.dumps(case) + "\n" for case in CASES)
    (tmp_path / "echo.jsonl").write_text(lines, encoding="utf-8")
    monkeypatch.setattr(run, "SETS", tmp_path)
    task = Echo()
    module: Any = SimpleNamespace(TASK="echo", ours=task.ours, bare=task.bare, score=task.score)
    monkeypatch.setitem(sys.modules, "bot.evaluation.echo", module)
    return task


async def test_both_are_scored_on_the_same_cases_and_a_failure_is_wrong(echo: Echo) -> None:
    result = await run.evaluate(Models(Script(), "chat"), "echo")
    assert {case["split"] for case in result.cases} == {"test"}
    assert len(result.cases) == 40
    assert (result.ours, result.bare) == ({"right": 38 / 40}, {"right": 2 / 40})
    failed = [output for output in result.outputs if "error" in output]
    assert failed == [{"error": "error-bad-input"}] * 2
    assert echo.most == 8


async def test_few_cases_are_of_all_languages(echo: Echo) -> None:
    result = await run.evaluate(Models(Script(), "chat"), "echo", "dev", 2)
    assert [case["id"] for case in result.cases] == ["en-0", "es-0", "en-3", "es-3"]


async def test_figures_take_the_place_of_the_last_ones(echo: Echo, tmp_path: Path) -> None:
    page = tmp_path / "models.md"
    page.write_text("# Models\n\nWords.\n", encoding="utf-8")
    result = await run.evaluate(Models(Script(), "chat"), "echo")
    run.write(result, page)
    once = page.read_text(encoding="utf-8")
    assert once.startswith(
        "# Models\n\nWords.\n\n### echo\n\n<!-- eval echo -->\n\nCases of the split test: 20 in en, 20"
    )
    assert "| figure | task | bare model |\n|---|---|---|\n| right | 0.950 | 0.050 |\n" in once
    page.write_text(once.replace("0.950", "0.100") + "\nMore words.\n", encoding="utf-8")
    run.write(result, page)
    assert page.read_text(encoding="utf-8") == once + "\nMore words.\n"
