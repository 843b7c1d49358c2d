"""Whether torch can compute on a device, asked in the process that is going to."""

from bot.errors import EngineFailed


def require(device: str) -> None:
    """Raise EngineFailed, with what torch says about it, when this PyTorch cannot use a device ("cuda:0", "mps")."""
    import torch

    try:
        torch.zeros(1, device=device).add_(1).item()
    except (RuntimeError, AssertionError) as error:  # "Torch not compiled with CUDA enabled" is an assertion
        if "out of memory" in str(error):
            raise
        raise EngineFailed("error-device", device=device, reason=str(error).splitlines()[0]) from error
