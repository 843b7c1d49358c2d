"""What this machine can compute on, found out without importing PyTorch, which takes seconds."""

import importlib.util
import platform
import re
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import psutil

from bot import config
from bot.inference import cgroup
from bot.inference.catalog import Kind

GIB = 1 << 30
_QUERY = ("--query-gpu=index,uuid,name,memory.total,memory.free,compute_cap", "--format=csv,noheader,nounits")
_QUERY_SECONDS = 10  # without its persistence mode a driver takes seconds to wake each GPU
_MIB = 1 << 20
# The rest is for the system, the bot itself, and what engines need beyond their estimates.
_CPU_SHARE = 0.75
_GPU_SHARE = 0.9
_BF16_CAPABILITY = 8.0  # Ampere; before it bfloat16 is emulated
_BF16_FLAGS = {"avx512_bf16", "amx_bf16"}
_CPU_INFO = Path("/proc/cpuinfo")


@dataclass(frozen=True, slots=True)
class Device:
    """Something to compute on: "cpu", "mps", "cuda:0" …

    `capacity` is how many bytes models may take there, `dtype` the number format of chat models, `description` a line
    for people.
    """

    name: str
    capacity: int
    dtype: str
    description: str


@dataclass(frozen=True, slots=True)
class Gpu:
    """An NVIDIA GPU as the driver describes it. `uuid` names it whatever order a program counts in; memory in bytes."""

    index: int
    uuid: str
    model: str
    total: int
    free: int
    capability: float

    @property
    def name(self) -> str:
        """The name of its device."""
        return f"cuda:{self.index}"

    def device(self) -> Device:
        """Describe it as a device; others may hold a part of its memory."""
        dtype = "bfloat16" if self.capability >= _BF16_CAPABILITY else "float16"
        capacity = int(self.free * _GPU_SHARE)
        return Device(self.name, capacity, dtype, f"{self.model}, {round(self.total / GIB)} GiB, {dtype}")


def cpu(memory_limit: int, threads: int) -> Device:
    """Describe the processor; `memory_limit` 0 takes what the machine and its control group allow."""
    capacity = memory_limit or _usable_memory()
    return Device("cpu", capacity, "bfloat16", f"CPU, {threads} thread{'s' * (threads != 1)}")


def apple(memory_limit: int) -> Device:
    """Describe the GPU of Apple silicon, which shares the machine's memory."""
    return Device("mps", memory_limit or _usable_memory(), "float16", "Apple GPU, float16")


def has_apple_gpu() -> bool:
    """Tell whether this is Apple silicon, on which PyTorch computes through Metal."""
    return platform.system() == "Darwin" and platform.machine() == "arm64"


@cache
def gpus() -> tuple[Gpu, ...]:
    """Return the NVIDIA GPUs that the driver sees, CUDA_VISIBLE_DEVICES allows, and the installed PyTorch is built for.

    Asked once, for memory that is free before the bot has loaded anything; a driver that is slow or talks nonsense
    counts as none.
    """
    if shutil.which("nvidia-smi") is None or not torch_built_for_cuda():
        return ()
    return _visible(parse_gpus(_ask_driver()), config.visible_gpus())


def torch_built_for_cuda() -> bool:
    """Tell whether the installed PyTorch has CUDA in it, by the file in which its build wrote that down."""
    torch = importlib.util.find_spec("torch")
    if torch is None or torch.origin is None:
        return False
    try:
        built = Path(torch.origin).with_name("version.py").read_text(encoding="utf-8")
    except OSError:
        return False
    return re.search(r"^cuda\b[^=]*= *['\"]\d", built, re.MULTILINE) is not None


def parse_gpus(lines: str) -> tuple[Gpu, ...]:
    """Return the GPUs of `nvidia-smi --query-gpu`; lines that are not of that form are passed over."""
    parsed = (_parse_gpu(line) for line in lines.splitlines()[:64])
    return tuple(gpu for gpu in parsed if gpu is not None)


def has_bfloat16_instructions(cpu_info: Path = _CPU_INFO) -> bool:
    """Tell whether the processor multiplies bfloat16 itself; without that, small models are faster in float32."""
    try:
        with cpu_info.open(encoding="utf-8", errors="replace") as lines:  # one block a processor: the first will do
            flags = next((line for line in lines if line.startswith("flags")), "")
    except OSError:
        return False
    return not _BF16_FLAGS.isdisjoint(flags.split())


def dtype(device: Device, kind: Kind) -> str:
    """Return the number format in which a model of that kind runs on a device."""
    if kind == "chat":
        return device.dtype
    if device.name == "cpu":
        return "bfloat16" if has_bfloat16_instructions() else "float32"
    # T5 and its kin overflow float16.
    return "float32" if kind == "seq2seq" and device.dtype == "float16" else device.dtype


def _usable_memory() -> int:
    total = psutil.virtual_memory().total
    return int(_CPU_SHARE * min(total, cgroup.memory_limit() or total))


def _ask_driver() -> str:
    try:
        done = subprocess.run(  # noqa: S603
            ["nvidia-smi", *_QUERY],  # noqa: S607 - wherever the driver's package put it
            capture_output=True,
            timeout=_QUERY_SECONDS,
            check=True,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.decode("utf-8", errors="replace")


def _parse_gpu(line: str) -> Gpu | None:
    fields = [field.strip() for field in line.split(",")]
    try:
        index, uuid, *name, total, free, capability = fields
        gpu = Gpu(int(index), uuid, ", ".join(name), int(total) * _MIB, int(free) * _MIB, float(capability))
    except ValueError:  # "[N/A]", "No devices were found" …
        return None
    return gpu if gpu.index >= 0 and 0 < gpu.free <= gpu.total else None


def _visible(found: tuple[Gpu, ...], allowed: str | None) -> tuple[Gpu, ...]:
    """Keep what CUDA_VISIBLE_DEVICES names, by number or by the beginning of a UUID; unset: all."""
    if allowed is None:
        return found
    names = [name.strip() for name in allowed.split(",") if name.strip()]
    return tuple(gpu for gpu in found if any(name == str(gpu.index) or _begins(gpu.uuid, name) for name in names))


def _begins(uuid: str, name: str) -> bool:
    return name.startswith("GPU-") and uuid.startswith(name)
