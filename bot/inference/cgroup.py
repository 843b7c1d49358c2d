"""What a container or a service manager lets this process use: Linux control groups, version 2 and 1."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

_ROOT = Path("/")


def memory_limit(root: Path = _ROOT) -> int | None:
    """Return the tightest memory limit in bytes; None without one.

    Files: https://docs.kernel.org/admin-guide/cgroup-v2.html and /cgroup-v1/memory.html. Version 1 writes a number
    larger than any machine's memory for "no limit".
    """
    files = [*_files("", "memory.max", root), *_files("memory", "memory.limit_in_bytes", root)]
    limits = []
    for file in files:
        with contextlib.suppress(OSError, ValueError):  # "max" is no limit
            limits.append(int(file.read_text(encoding="ascii")))
    return min(limits, default=None)


def cpu_quota(root: Path = _ROOT) -> float | None:
    """Return how many processors' time may be used; None without a limit."""
    quotas = []
    for file in _files("", "cpu.max", root):
        # "quota period" in microseconds, or "max period"
        with contextlib.suppress(OSError, ValueError, ZeroDivisionError):
            quota, period = file.read_text(encoding="ascii").split()
            quotas.append(int(quota) / int(period))
    for file in _files("cpu", "cpu.cfs_quota_us", root):  # -1 is no limit
        with contextlib.suppress(OSError, ValueError, ZeroDivisionError):
            allowed = int(file.read_text(encoding="ascii"))
            if allowed > 0:
                quotas.append(allowed / int(file.with_name("cpu.cfs_period_us").read_text(encoding="ascii")))
    return min(quotas, default=None)


def _files(controller: str, name: str, root: Path) -> Iterator[Path]:
    """Yield a file of this process's group and of all groups above, which bind it as well."""
    mount = root / "sys/fs/cgroup" / controller
    yield mount / name
    folder = mount
    for part in _own_group(controller, root):
        folder /= part
        yield folder / name


def _own_group(controller: str, root: Path) -> list[str]:
    with contextlib.suppress(OSError, ValueError):
        for line in (root / "proc/self/cgroup").read_text(encoding="utf-8").splitlines():
            _, controllers, path = line.split(":", 2)
            # A path that climbs is one of outside this container; its limits show in the mounted root.
            if controller in controllers.split(",") and ".." not in path:
                return [part for part in path.split("/") if part]
    return []
