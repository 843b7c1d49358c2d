"""Folders that are expensive to make: built once, complete or absent, and rebuilt when they are broken."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock

# Its presence says that the build ended; its content says how large each file was at that moment.
MARKER = "complete.json"
_MARKER_LIMIT = 1 << 20  # bytes; a few dozen file names take a few kilobytes


def cached_folder(root: Path, key: str, build: Callable[[Path], None]) -> Path:
    """Return `root/key`, calling `build` with an empty folder to fill when it is missing or broken.

    Threads and processes that ask for the same key wait for one build. A build that raises leaves nothing
    behind, and its exception passes through. `key` names a folder: one plain path component. Nothing may be
    added to a finished folder: it would count as broken.
    """
    if not key or key != Path(key).name or key.startswith("."):
        raise ValueError(f"not a folder name: {key!r}")
    folder = root / key
    if intact(folder):
        return folder
    root.mkdir(parents=True, exist_ok=True)
    with FileLock(root / f".{key}.lock"):
        if not intact(folder):
            _rebuild(folder, root / f".{key}.building", build)
    return folder


def intact(folder: Path) -> bool:
    """Tell whether a cached folder was finished and still has every file at its size."""
    marker = folder / MARKER
    try:
        if marker.stat().st_size > _MARKER_LIMIT:
            return False
        sizes = json.loads(marker.read_text(encoding="utf-8"))
        return isinstance(sizes, dict) and bool(sizes) and sizes == _sizes(folder)
    except (OSError, ValueError):
        return False


def _rebuild(folder: Path, building: Path, build: Callable[[Path], None]) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    shutil.rmtree(building, ignore_errors=True)  # what an interrupted build left
    building.mkdir()
    try:
        build(building)
        _seal(building)
        building.rename(folder)
    except BaseException:
        shutil.rmtree(building, ignore_errors=True)
        raise


def _seal(folder: Path) -> None:
    # After a power cut a renamed folder could hold files of the right size without their bytes.
    sizes = _sizes(folder)
    for name in sizes:
        with (folder / name).open("rb+") as file:
            os.fsync(file.fileno())
    with (folder / MARKER).open("w", encoding="utf-8") as file:
        json.dump(sizes, file)
        file.flush()
        os.fsync(file.fileno())


def _sizes(folder: Path) -> dict[str, int]:
    files = (path for path in folder.rglob("*") if path.is_file() and path != folder / MARKER)
    return {path.relative_to(folder).as_posix(): path.stat().st_size for path in files}
