"""python -m bot eval, with the real weights where they are."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.config import Settings
from bot.evaluation import run
from bot.inference import weights
from bot.inference.catalog import find

COMMAND = CliRunner()


def test_unknown_task_names_those_that_there_are() -> None:
    result = COMMAND.invoke(app, ["eval", "sing"])
    assert result.exit_code == 2
    assert "There are no cases for sing; there are for answer, classify, entities" in result.stderr


@pytest.mark.weights
def test_few_cases_are_shown_and_nothing_is_written_down(tmp_path: Path) -> None:
    if not weights.installed(find("qwen2.5-coder-1.5b"), Settings().weights_dir):
        pytest.skip("needs the starter weights")
    before = run.PAGE.stat().st_mtime_ns
    outputs = tmp_path / "outputs.jsonl"
    result = COMMAND.invoke(app, ["eval", "sentiment", "--split", "dev", "--most", "1", "--outputs", str(outputs)])
    assert result.exit_code == 0, result.output
    assert "Cases of the split dev: 1 in en, 1 in es." in result.output
    written = [json.loads(line) for line in outputs.read_text(encoding="utf-8").splitlines()]
    assert [one["case"]["lang"] for one in written] == ["en", "es"]
    assert {one["ours"]["label"] for one in written} <= {"positive", "neutral", "negative"}
    assert run.PAGE.stat().st_mtime_ns == before
