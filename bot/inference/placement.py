"""Which engine runs a model, on which device, and how it is loaded."""

import importlib.util
import math
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import psutil

from bot.errors import ModelMissing
from bot.inference import weights
from bot.inference.catalog import CATALOG, Kind, Model, find
from bot.inference.engines.protocol import BatchEngine, ChatEngine

CountTokens = Callable[[Sequence[str]], list[int]]

# "quota period" in microseconds, or "max period"; https://docs.kernel.org/admin-guide/cgroup-v2.html
_CPU_QUOTA = Path("/sys/fs/cgroup/cpu.max")

# openvino-genai's GGUF reader refuses files with Q5_0 tensors, and it reads safetensors only after a conversion by
# optimum-intel, which the bot does not install. So these run on torch.
_NOT_FOR_OPENVINO = frozenset({"qwen2.5-coder-0.5b"})

# The E5 family was trained with these before each text (Wang et al. 2022, arXiv 2212.03533).
_E5_PREFIXES = {"query": "query: ", "passage": "passage: "}


@dataclass(frozen=True, slots=True)
class Placement:
    """The machine's choices. Nothing heavy is imported before the first load."""

    weights_dir: Path
    engine: Literal["auto", "openvino", "torch"] = "auto"
    device: Literal["auto", "cpu", "cuda", "mps"] = "auto"
    threads: int = 0
    max_running: int = 16

    def models(self) -> tuple[Model, ...]:
        """Return every model that could be placed."""
        return CATALOG

    def installed(self, model: Model) -> bool:
        """Tell whether the weights are on this machine; a look at the file's size."""
        return weights.installed(model, self.weights_dir)

    def check(self, model_id: str, kind: Kind) -> Model:
        """Return the entry of an installed model of that kind; raises ModelMissing."""
        model = find(model_id)
        if model.kind != kind:
            raise ModelMissing("error-model-unknown", model=model_id)
        weights.path(model, self.weights_dir)
        return model

    def load_chat(self, model: Model) -> ChatEngine:
        """Load a chat model; blocks for seconds, the first time for minutes."""
        if self.chooses_openvino(model):
            from bot.inference.engines import openvino, openvino_files

            return openvino.OpenVinoChat(
                openvino_files.prepare(model, self.weights_dir),
                context=model.context,
                threads=self.compute_threads,
                max_running=self.max_running,
            )
        from bot.inference.engines import convert, torch_chat

        folder = convert.ensure_converted(model, self.weights_dir)
        return torch_chat.TorchChat(folder, context=model.context, device=self.device, threads=self.compute_threads)

    def load_encoder(self, model: Model) -> BatchEngine:
        """Load a sentence encoder; blocks for seconds."""
        from bot.inference.engines import convert, torch_encoder

        folder = convert.ensure_converted(model, self.weights_dir)
        return torch_encoder.TorchEncoder(
            folder,
            device=self.device,
            threads=self.compute_threads,
            prefixes=_E5_PREFIXES if "e5" in model.id else None,
        )

    def token_counter(self, model: Model) -> CountTokens | None:
        """Load a model's tokenizer alone, or return None where that is no quicker than loading the model."""
        if not self.chooses_openvino(model):
            return None
        from bot.inference.engines import openvino, openvino_files

        if not openvino_files.prepared(model, self.weights_dir):
            return None
        return openvino.token_counter(openvino_files.prepare(model, self.weights_dir))

    def chooses_openvino(self, model: Model) -> bool:
        """Tell whether a model runs on openvino: chat models that it can read, on the CPU, where it is installed."""
        fits = model.kind == "chat" and model.format == "gguf" and model.id not in _NOT_FOR_OPENVINO
        if not fits or self.engine == "torch" or not _has_openvino():
            return False
        return self.engine == "openvino" or self._device() == "cpu"

    @property
    def compute_threads(self) -> int:
        """How many threads compute: the setting, or one a physical core that this process may use."""
        return self.threads or max(1, min(psutil.cpu_count(logical=False) or 1, _allowed_cpus()))

    def _device(self) -> str:
        from bot.inference.engines import torch_device

        return torch_device.resolve(self.device)


def has_device(device: Literal["auto", "cpu", "cuda", "mps"]) -> bool:
    """Tell whether this machine has what a setting asks for; for a GPU that imports PyTorch, which takes seconds."""
    if device in ("auto", "cpu"):
        return True
    from bot.inference.engines import torch_device

    return torch_device.available(device)


def _allowed_cpus() -> int:
    # A container sees all of its host's cores but may be held to fewer, by affinity or by a quota of time.
    affinity = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        quota, period = _CPU_QUOTA.read_text(encoding="ascii").split()
        return min(affinity, math.ceil(int(quota) / int(period)))
    except (OSError, ValueError):  # no cgroup v2 here, or "max": no quota
        return affinity


def _has_openvino() -> bool:
    return all(importlib.util.find_spec(name) is not None for name in ("openvino", "openvino_genai"))
