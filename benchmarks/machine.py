"""What machine a benchmark ran on, in words, and with which versions."""

import importlib.metadata
import os
import platform
import re
import shutil
import subprocess
from pathlib import Path

import psutil

from benchmarks.llama import VERSION

PACKAGES = ("torch", "transformers", "openvino-genai", "python-telegram-bot")
# What matters for the speed of a model on a processor, as Linux calls it.
FEATURES = ("avx2", "avx512f", "avx512_bf16", "avx512_vnni", "amx_bf16", "amx_int8")


def described() -> str:
    """Return the machine in words: processor, memory, GPUs."""
    memory = psutil.virtual_memory().total / 2**30
    cores = f"{psutil.cpu_count(logical=False)} cores ({os.cpu_count()} logical)"
    parts = [f"{_processor()}, {cores}", f"{memory:.0f} GiB of memory", *_gpus(), f"{platform.system()}"]
    return "; ".join(parts)


def versions() -> str:
    """Return the versions of what computes, and the project's commit."""
    found = [f"Python {platform.python_version()}"]
    found += [f"{name} {importlib.metadata.version(name)}" for name in PACKAGES if _installed(name)]
    found.append(f"xllamacpp {VERSION}")
    commit = _output("git", "rev-parse", "--short", "HEAD")
    return ", ".join(found + ([f"commit {commit}"] if commit else []))


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    if not info.exists():
        return platform.processor() or platform.machine()
    text = info.read_text(encoding="utf-8")
    name = re.search(r"^model name\s*: (.+)$", text, re.MULTILINE)
    flags = re.search(r"^flags\s*: (.+)$", text, re.MULTILINE)
    has = [feature for feature in FEATURES if flags and feature in flags[1].split()]
    return f"{name[1] if name else platform.machine()} ({', '.join(has)})"


def _gpus() -> list[str]:
    return [
        line.strip()
        for line in _output("nvidia-smi", "--query-gpu=name,memory.total", "--format=csv,noheader").splitlines()
    ]


def _output(*command: str) -> str:
    """Return what a command writes, nothing where it fails or there is none."""
    if shutil.which(command[0]) is None:
        return ""
    return subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=Path(__file__).parent
    ).stdout.strip()


def _installed(name: str) -> bool:
    try:
        importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True
