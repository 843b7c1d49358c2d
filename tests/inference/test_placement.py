"""How many threads compute."""

from pathlib import Path

import pytest

from bot.inference import placement
from bot.inference.placement import Placement


@pytest.mark.parametrize(("quota", "most"), [("100000 100000", 1), ("150000 100000", 2), ("50000 100000", 1)])
def test_a_containers_quota_bounds_the_threads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, quota: str, most: int
) -> None:
    file = tmp_path / "cpu.max"
    file.write_text(quota)
    monkeypatch.setattr(placement, "_CPU_QUOTA", file)
    monkeypatch.setattr("psutil.cpu_count", lambda **_: 64)
    monkeypatch.setattr("os.sched_getaffinity", lambda _: set(range(64)), raising=False)
    assert Placement(tmp_path).compute_threads == most


@pytest.mark.parametrize("quota", ["max 100000", "", "odd"])
def test_without_a_quota_the_affinity_bounds_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, quota: str) -> None:
    file = tmp_path / "cpu.max"
    file.write_text(quota)
    monkeypatch.setattr(placement, "_CPU_QUOTA", file)
    monkeypatch.setattr("psutil.cpu_count", lambda **_: 64)
    monkeypatch.setattr("os.sched_getaffinity", lambda _: {0, 5, 9}, raising=False)
    assert Placement(tmp_path).compute_threads == 3


def test_the_setting_wins(tmp_path: Path) -> None:
    assert Placement(tmp_path, threads=7).compute_threads == 7
