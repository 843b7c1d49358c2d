"""Which device torch computes on, and in which number format."""

import shutil
import sys
from functools import cache
from typing import TYPE_CHECKING, Literal

from bot.errors import EngineFailed

if TYPE_CHECKING:
    import torch

Device = Literal["cpu", "cuda", "mps"]


@cache
def best_device() -> Device:
    """Return the fastest device of this machine. Torch (2 s) is imported only where something hints at a GPU."""
    if shutil.which("nvidia-smi") is None and sys.platform != "darwin":
        return "cpu"
    import torch

    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def available(device: Literal["auto", "cpu", "cuda", "mps"]) -> bool:
    """Tell whether a device can be used here."""
    import torch

    found = {"cuda": torch.cuda.is_available, "mps": torch.backends.mps.is_available}
    return device not in found or bool(found[device]())


def resolve(device: Literal["auto", "cpu", "cuda", "mps"]) -> Device:
    """Return the device that a setting means."""
    return best_device() if device == "auto" else device


def chat_dtype(device: Device) -> "torch.dtype":
    """Return the number format for a chat model: half the memory wherever it is not much slower."""
    import torch

    if device == "cuda":
        return torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float16
    return torch.float16 if device == "mps" else torch.bfloat16


def encoder_dtype(device: Device) -> "torch.dtype":
    """Return the number format for an encoder: float32 on a CPU without bfloat16 instructions, where those are slow."""
    import torch

    if device == "cpu" and not torch.ops.mkldnn._is_mkldnn_bf16_supported():  # noqa: SLF001 - torch has no public name
        return torch.float32
    return chat_dtype(device)


def require(device: str) -> None:
    """Raise EngineFailed, with what torch says about it, when this PyTorch cannot use a device ("cuda:0", "mps")."""
    import torch

    try:
        torch.zeros(1, device=device).add_(1).item()
    except (RuntimeError, AssertionError) as error:  # "Torch not compiled with CUDA enabled" is an assertion
        if "out of memory" in str(error):
            raise
        raise EngineFailed("error-device", device=device, reason=str(error).splitlines()[0]) from error
