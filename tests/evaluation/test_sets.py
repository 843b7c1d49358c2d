"""The sets of cases: enough of them, in both languages, split once and for all."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from bot.evaluation.run import SETS, tasks

FILES = sorted(SETS.glob("*.jsonl"))


def read(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_set_is_large_enough_and_split(file: Path) -> None:
    cases = read(file)
    assert len({case["id"] for case in cases}) == len(cases)
    languages = Counter(case["lang"] for case in cases)
    assert languages.keys() == {"es", "en"}
    assert min(languages.values()) >= 40
    for language in languages:
        splits = Counter(case["split"] for case in cases if case["lang"] == language)
        assert splits.keys() == {"dev", "test"}
        assert splits["test"] >= 25
        assert splits["dev"] >= 10


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_no_text_is_in_both_splits(file: Path) -> None:
    cases = read(file)
    texts = {
        split: {case.get("text") or case.get("context") for case in cases if case["split"] == split}
        for split in ("dev", "test")
    }
    assert texts["dev"] & texts["test"] == set()


def test_every_set_has_a_task_and_an_origin() -> None:
    assert tasks() == [file.stem for file in FILES]
    origins = (SETS / "README.md").read_text(encoding="utf-8")
    assert [file.name for file in FILES if file.name not in origins] == []
