"""Which engine runs a model, on which device, and how it is loaded."""

import importlib.util
import math
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import psutil

from bot.errors import EngineFailed, ModelMissing
from bot.inference import cgroup, devices, verdicts, weights
from bot.inference.catalog import CATALOG, EngineName, Kind, Model
from bot.inference.devices import Device
from bot.inference.engines.protocol import BatchEngine, ChatEngine

if TYPE_CHECKING:
    from bot.inference.engines.remote import Build

__all__ = ("CountTokens", "Device", "DeviceSetting", "Placement", "Target", "has_device")

CountTokens = Callable[[Sequence[str]], list[int]]
DeviceSetting = Literal["auto", "cpu", "cuda", "mps"]


@dataclass(frozen=True, slots=True)
class Target:
    """Where a model goes: an engine and a device's name."""

    engine: EngineName
    device: str


@dataclass(frozen=True, slots=True)
class Placement:
    """The machine's choices. Nothing heavy is imported before the first load, and torch never in this process.

    `memory_limit` is what models may take of the machine's memory, in bytes; 0: most of what there is.
    """

    weights_dir: Path
    engine: Literal["auto", "openvino", "torch"] = "auto"
    device: DeviceSetting = "auto"
    threads: int = 0
    max_running: int = 16
    memory_limit: int = 0

    def models(self) -> tuple[Model, ...]:
        """Return every model that could be placed."""
        return CATALOG

    def installed(self, model: Model) -> bool:
        """Tell whether the weights are on this machine; a look at the file's size."""
        return weights.installed(model, self.weights_dir)

    def check(self, model_id: str, kind: Kind) -> Model:
        """Return the entry of an installed model of that kind; raises ModelMissing."""
        model = next((model for model in self.models() if (model.id, model.kind) == (model_id, kind)), None)
        if model is None:
            raise ModelMissing("error-model-unknown", model=model_id)
        weights.path(model, self.weights_dir)
        return model

    def devices(self) -> tuple[Device, ...]:
        """Return what the setting allows models to use: GPUs in the driver's order, and the processor at the end.

        The first call asks the GPUs' driver, which may take a second.
        """
        gpus, cpu = self._gpus(), devices.cpu(self.memory_limit, self.compute_threads)
        if any(gpu.name == "mps" for gpu in gpus):  # both have one memory
            return tuple(replace(device, capacity=device.capacity // 2) for device in (*gpus, cpu))
        return *gpus, cpu

    def target(self, model: Model, room: Mapping[str, int]) -> Target:
        """Choose where a model goes; `room` is how many bytes are left on each device.

        GPUs come first, the one with the most room. A model that no GPU could hold even if it were empty goes to the
        processor, unless the setting names the GPU or, as on Apple silicon, both share one memory. What the quality
        gate refused comes last, and `load` will not have it.
        """
        targets = self.targets(model, room)
        return next((target for target in targets if not self.refused(model, target)), targets[0])

    def refused(self, model: Model, target: Target) -> bool:
        """Tell whether the quality gate (`models check`) found that a model does not compute rightly there."""
        dtype = self.dtype(model, target)
        return verdicts.refused(model, self.weights_dir, target, dtype)

    def dtype(self, model: Model, target: Target) -> str:
        """Return the number format in which a model runs there: the device's own, or float32 if that was refused."""
        if target.engine == "openvino":
            return "int8"
        usual = self.usual_dtype(model, target)
        return "float32" if verdicts.refused(model, self.weights_dir, target, usual) else usual

    def usual_dtype(self, model: Model, target: Target) -> str:
        """Return the number format in which models of that kind run there, whatever was found about this one."""
        if target.engine == "openvino":
            return "int8"
        return devices.dtype(next(found for found in self.devices() if found.name == target.device), model.kind)

    def memory(self, model: Model, target: Target) -> int:
        """Return about how many bytes a model takes there; the catalog's figures are for two bytes a weight."""
        estimate = model.memory.get(target.engine, model.memory_bytes)
        wide = target == Target("torch", "cpu") and self.dtype(model, target) == "float32"
        return estimate * 2 if wide else estimate

    def load(self, model: Model, target: Target) -> ChatEngine | BatchEngine:
        """Load a model; blocks for seconds, the first time (conversion) for minutes.

        Raises ModelMissing, WeightsError, OutOfMemory or EngineFailed, which is also for what the quality gate refused.
        """
        if self.refused(model, target):
            raise EngineFailed("error-model-refused", model=model.id)
        return self.start(model, target, self.dtype(model, target))

    def start(self, model: Model, target: Target, dtype: str) -> ChatEngine | BatchEngine:
        """Load a model in a number format, whatever the quality gate says; raises what `load` does."""
        try:
            if target.engine == "openvino":
                return self._start_openvino(model)
            return self._start_torch(model, target, dtype)
        except EngineFailed as error:
            if error.key != EngineFailed.key:
                raise
            raise EngineFailed("error-load-failed", model=model.id) from error

    def _start_openvino(self, model: Model) -> ChatEngine:
        from bot.inference.engines import openvino, openvino_files

        folder = openvino_files.prepare(model, self.weights_dir)
        return openvino.OpenVinoChat(
            folder, context=model.context, threads=self.compute_threads, max_running=self.max_running
        )

    def _start_torch(self, model: Model, target: Target, dtype: str) -> ChatEngine | BatchEngine:
        from bot.inference.engines import remote

        build = self._build(model, target, dtype)
        return remote.RemoteChat(build) if model.kind == "chat" else remote.RemoteBatch(build)

    def token_counter(self, model: Model) -> CountTokens | None:
        """Load a model's tokenizer alone, or return None where that is no quicker than loading the model."""
        if self.target(model, {}).engine == "openvino":
            from bot.inference.engines import openvino, openvino_files

            if not openvino_files.prepared(model, self.weights_dir):
                return None
            return openvino.token_counter(openvino_files.prepare(model, self.weights_dir))
        from bot.inference.engines import convert, remote

        if not convert.converted(model, self.weights_dir):
            return None
        return remote.token_counter(convert.ensure_converted(model, self.weights_dir))

    @property
    def compute_threads(self) -> int:
        """How many threads compute: the setting, or one a physical core that this process may use."""
        return self.threads or max(1, min(psutil.cpu_count(logical=False) or 1, _allowed_cpus()))

    def _gpus(self) -> list[Device]:
        found = []
        if self.device in ("auto", "cuda"):
            found += [gpu.device() for gpu in devices.gpus()]
        if self.device in ("auto", "mps") and devices.has_apple_gpu():
            found.append(devices.apple(self.memory_limit))
        return found

    def targets(self, model: Model, room: Mapping[str, int]) -> list[Target]:
        """Return every place that could be a model's, the best first, whatever the quality gate found."""
        gpus = self._gpus()
        if self.device == "auto":
            needed = self.memory(model, Target("torch", "cuda"))
            gpus = [gpu for gpu in gpus if gpu.name == "mps" or gpu.capacity >= needed]
        gpus.sort(key=lambda gpu: room.get(gpu.name, gpu.capacity), reverse=True)
        targets = [*(Target("torch", gpu.name) for gpu in gpus), Target("torch", "cpu")]
        if self.engine != "torch" and _openvino_reads(model):
            targets.insert(0 if self.engine == "openvino" else -1, Target("openvino", "cpu"))
        return targets

    def _build(self, model: Model, target: Target, dtype: str) -> "Build":
        from bot.inference.engines.remote import Build

        gpus = devices.gpus() if target.device.startswith("cuda") else ()
        gpu = next((gpu.uuid for gpu in gpus if gpu.name == target.device), "")
        folder = self._converted(model)
        return Build(model.kind, folder, target.device, dtype, self.compute_threads, _options(model), gpu)

    def _converted(self, model: Model) -> Path:
        from bot.inference.engines import convert, remote

        if not convert.converted(model, self.weights_dir):
            weights.path(model, self.weights_dir)
            remote.convert(model, self.weights_dir)
        return convert.ensure_converted(model, self.weights_dir)


def has_device(device: DeviceSetting) -> bool:
    """Tell whether this machine has what a setting asks for, as far as one can without importing PyTorch.

    Asks the GPUs' driver if need be, so that nothing waits for that later.
    """
    match device:
        case "cpu":
            return True
        case "mps":
            return devices.has_apple_gpu()
        case "cuda":
            return bool(devices.gpus())
    devices.gpus()
    return True


def _options(model: Model) -> dict[str, Any]:
    match model.kind:
        case "chat":
            return {"context": model.context}
        case "encoder":
            return {"prefixes": dict(model.prefixes)}
        case "seq2seq":
            return {"languages": dict(model.language_codes), "prefixes": dict(model.prefixes)}
    return {}


def _openvino_reads(model: Model) -> bool:
    # The catalog says of each model which engines can run it.
    fits = model.kind == "chat" and "openvino" in model.memory
    return fits and all(importlib.util.find_spec(name) is not None for name in ("openvino", "openvino_genai"))


def _allowed_cpus() -> int:
    # A container sees all of its host's cores but may be held to fewer, by affinity or by a quota of time.
    affinity = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(affinity, math.ceil(cgroup.cpu_quota() or affinity))
