"""Running out of memory, told apart from everything else that can go wrong in torch."""

import contextlib
import gc
import sys
import traceback
from collections.abc import Iterator

from bot.errors import OutOfMemory

# What torch raises, but for allocations on a running GPU, is a RuntimeError of no type of its own: from the CPU's
# allocator (c10/core/impl/alloc_cpu.cpp), from CUDA as it starts, and from Metal.
_SAYINGS = ("DefaultCPUAllocator", "CUDA error: out of memory", "MPS backend out of memory")

# What CUDA takes for itself in every process: its context and the kernels' code.
_CUDA_BYTES = 500 << 20


@contextlib.contextmanager
def out_of_memory() -> Iterator[None]:
    """Raise bot.errors.OutOfMemory where the block runs out of a GPU's or the machine's memory.

    By then what torch keeps for later is given back, so that the block can be tried again once there is more room.
    """
    try:
        yield
    except (MemoryError, RuntimeError) as error:
        if not _is_out_of_memory(error):
            raise
        traceback.clear_frames(error.__traceback__)  # they hold the tensors of what failed
        release()
        raise OutOfMemory from None


def release() -> None:
    """Give back to the device what torch keeps for later."""
    gc.collect()
    torch = sys.modules.get("torch")
    if torch is None:
        return
    if torch.cuda.is_initialized():
        torch.cuda.empty_cache()
    if torch.backends.mps.is_available():
        torch.mps.empty_cache()


def reserved_bytes(device: str) -> int:
    """Return about what this process takes of a GPU's memory; 0 for the CPU, where the process's own size tells."""
    import torch

    if device.startswith("cuda"):
        return _CUDA_BYTES + int(torch.cuda.memory_reserved(device))
    return int(torch.mps.driver_allocated_memory()) if device == "mps" else 0


def _is_out_of_memory(error: BaseException) -> bool:
    torch = sys.modules.get("torch")
    by_type = isinstance(error, MemoryError) or (torch is not None and isinstance(error, torch.OutOfMemoryError))
    return by_type or any(saying in str(error) for saying in _SAYINGS)
