import gc
import weakref

import pytest
import torch

from bot.errors import OutOfMemory
from bot.inference.engines.torch_memory import out_of_memory


def fail(error: BaseException) -> None:
    raise error


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB."),
        RuntimeError("CUDA error: out of memory"),
        RuntimeError("MPS backend out of memory (MPS allocated: 1 GB)"),
    ],
)
def test_a_device_without_memory_is_told_apart(error: Exception) -> None:
    with pytest.raises(OutOfMemory), out_of_memory():
        fail(error)


def test_the_cpus_allocator_is_told_apart() -> None:
    with pytest.raises(OutOfMemory), out_of_memory():
        torch.empty(1 << 55, dtype=torch.uint8)


@pytest.mark.parametrize("error", [RuntimeError("shapes do not match"), ValueError("memory"), KeyboardInterrupt()])
def test_other_errors_stay_what_they_are(error: BaseException) -> None:
    with pytest.raises(type(error)), out_of_memory():
        fail(error)


def test_the_tensors_of_what_failed_are_given_back() -> None:
    seen: list[weakref.ref[torch.Tensor]] = []

    def work() -> None:
        tensor = torch.zeros(8)
        seen.append(weakref.ref(tensor))
        raise MemoryError

    gc.disable()
    try:
        with pytest.raises(OutOfMemory), out_of_memory():
            work()
        assert seen[0]() is None
    finally:
        gc.enable()
