"""What all channels share when bytes travel to disk: progress, room, and checksums."""

import hashlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from bot.errors import WeightsError
from bot.inference.catalog import Model

Stage = Literal["waiting", "hub", "mirror", "folder", "verifying"]
# Called with what is going on and how many of the model's bytes that has dealt with.
Progress = Callable[[Stage, int], None]

CHUNK = 1 << 20  # bytes


class Unavailable(Exception):
    """A channel cannot give this model; its text says why, and the next channel is tried."""


def silent(stage: Stage, done: int) -> None:
    """Show nothing."""


def free_bytes(folder: Path) -> int:
    """Return how many bytes the disk that holds `folder` can still take."""
    return shutil.disk_usage(folder).free


def require_space(model: Model, folder: Path, needed: int, free: int) -> None:
    """Raise WeightsError when `folder` lacks the room that `model` needs; all in bytes."""
    if free < needed:
        raise WeightsError("error-weights-disk", model=model.id, needed=needed, free=free, where=str(folder))


def sha256(file: Path, tell: Callable[[int], None]) -> str:
    """Return the SHA-256 of a file in hexadecimal, calling `tell` with how many bytes are read."""
    digest = hashlib.sha256()
    with file.open("rb") as stream:
        while block := stream.read(CHUNK):
            digest.update(block)
            tell(stream.tell())
    return digest.hexdigest()


def check(model: Model, file: Path, progress: Progress) -> None:
    """Read the file through and raise WeightsError unless it has the pinned SHA-256."""
    if sha256(file, lambda done: progress("verifying", done)) != model.sha256:
        raise wrong(model, file)


def wrong(model: Model, file: Path) -> WeightsError:
    """Return the error that says that a file of a model does not have the bytes it should."""
    return WeightsError("error-weights-checksum", model=model.id, file=str(file))


def sync(file: Path) -> None:
    """Wait until a file's bytes are on the disk."""
    with file.open("rb+") as stream:
        os.fsync(stream.fileno())
