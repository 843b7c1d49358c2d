import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.inference.cache import MARKER, cached_folder, intact


class Builder:
    """Builds a folder of two files and counts how often it was asked to."""

    def __init__(self) -> None:
        self.builds = 0

    def __call__(self, folder: Path) -> None:
        assert list(folder.iterdir()) == []
        self.builds += 1
        (folder / "inner").mkdir()
        (folder / "inner" / "weights").write_bytes(b"weights")
        (folder / "config").write_bytes(b"config")


@pytest.fixture
def build() -> Builder:
    return Builder()


def test_is_built_once(tmp_path: Path, build: Builder) -> None:
    folder = cached_folder(tmp_path / "cache", "key", build)
    assert cached_folder(tmp_path / "cache", "key", build) == folder == tmp_path / "cache" / "key"
    assert build.builds == 1
    assert cached_folder(tmp_path / "cache", "other", build) != folder
    assert build.builds == 2


def delete(folder: Path) -> None:
    (folder / "inner" / "weights").unlink()


def shorten(folder: Path) -> None:
    (folder / "config").write_bytes(b"conf")


def add(folder: Path) -> None:
    (folder / "more").write_bytes(b"")


def unmark(folder: Path) -> None:
    (folder / MARKER).unlink()


def halve(folder: Path) -> None:
    (folder / MARKER).write_text((folder / MARKER).read_text()[:10])


def list_nothing(folder: Path) -> None:
    (folder / MARKER).write_text("[]")


def swell(folder: Path) -> None:
    (folder / MARKER).write_text((folder / MARKER).read_text() + " " * (1 << 21))


@pytest.mark.parametrize("damage", [delete, shorten, add, unmark, halve, list_nothing, swell])
def test_broken_cache_is_rebuilt(tmp_path: Path, build: Builder, damage: object) -> None:
    folder = cached_folder(tmp_path, "key", build)
    assert callable(damage)
    damage(folder)
    assert not intact(folder)
    cached_folder(tmp_path, "key", build)
    assert build.builds == 2
    assert intact(folder)


def test_failed_build_leaves_nothing(tmp_path: Path, build: Builder) -> None:
    def fail(folder: Path) -> None:
        (folder / "half").write_bytes(b"half")
        raise RuntimeError("no")

    with pytest.raises(RuntimeError, match="no"):
        cached_folder(tmp_path, "key", fail)
    assert [file.name for file in tmp_path.iterdir() if file.is_dir()] == []
    cached_folder(tmp_path, "key", build)


def test_leavings_of_a_killed_build_are_cleared(tmp_path: Path, build: Builder) -> None:
    (tmp_path / ".key.building" / "half").mkdir(parents=True)
    assert sorted(file.name for file in cached_folder(tmp_path, "key", build).iterdir()) == [
        MARKER,
        "config",
        "inner",
    ]


def test_threads_wait_for_one_build(tmp_path: Path, build: Builder) -> None:
    together = threading.Barrier(4)

    def ask() -> Path:
        together.wait()
        return cached_folder(tmp_path, "key", build)

    with ThreadPoolExecutor(4) as threads:
        asked = [threads.submit(ask) for _ in range(4)]
        assert {future.result() for future in asked} == {tmp_path / "key"}
    assert build.builds == 1


@pytest.mark.parametrize("key", ["", "../key", "a/b", ".hidden", "/root"])
def test_key_is_a_plain_name(tmp_path: Path, build: Builder, key: str) -> None:
    with pytest.raises(ValueError, match="not a folder name"):
        cached_folder(tmp_path, key, build)
