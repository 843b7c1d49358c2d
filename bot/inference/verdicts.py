"""What the quality gate found, kept beside a model's weights, so that a refused pair is not chosen again."""

import importlib.metadata
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from bot.inference.catalog import EngineName, Model

if TYPE_CHECKING:
    from bot.inference.placement import Target

_FILE = "checks.json"
_FILE_LIMIT = 1 << 20  # bytes; a verdict takes some hundreds
_LIBRARIES: dict[EngineName, tuple[str, ...]] = {
    "openvino": ("openvino", "openvino-genai"),
    "torch": ("torch", "transformers"),
}


@dataclass(frozen=True, slots=True)
class Setup:
    """What a verdict is about: an engine in the versions that it had then, where and in which numbers it computed.

    `device` is cpu, cuda or mps; `conversion` names what the engine read.
    """

    engine: EngineName
    device: str
    dtype: str
    versions: Mapping[str, str]
    conversion: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """The figures that were measured, and whether all of them kept to their bounds; `day` as 2026-01-31."""

    setup: Setup
    figures: Mapping[str, float]
    passed: bool
    day: str


_FOUND = TypeAdapter(list[Verdict])


def setup(model: Model, weights_dir: Path, target: "Target", dtype: str) -> Setup:
    """Describe how a model would run today."""
    versions = {name: importlib.metadata.version(name) for name in _LIBRARIES[target.engine]}
    return Setup(target.engine, _device(target), dtype, versions, _conversion(model, weights_dir, target.engine))


def refused(model: Model, weights_dir: Path, target: "Target", dtype: str) -> bool:
    """Tell whether the last check of a model there, with what is installed today, said no."""
    place = target.engine, _device(target), dtype
    found = [one for one in read(model, weights_dir) if _place(one.setup) == place]
    # What is installed is looked up only where there is something to compare it with.
    return any(not one.passed for one in found) and any(
        not one.passed and one.setup == setup(model, weights_dir, target, dtype) for one in found
    )


def read(model: Model, weights_dir: Path) -> list[Verdict]:
    """Return all verdicts on a model; a file that is broken counts as none."""
    file = weights_dir / model.id / _FILE
    try:
        return _FOUND.validate_json(file.read_bytes()) if file.stat().st_size <= _FILE_LIMIT else []
    except (OSError, ValueError):
        return []


def keep(model: Model, weights_dir: Path, verdict: Verdict) -> None:
    """Write a verdict down, in the place of earlier ones on the same engine, device and numbers. Raises OSError."""
    others = [one for one in read(model, weights_dir) if _place(one.setup) != _place(verdict.setup)]
    file = weights_dir / model.id / _FILE
    building = file.with_suffix(".part")
    # json writes a figure that is no number, pydantic would write null.
    building.write_text(json.dumps(_FOUND.dump_python([*others, verdict], mode="json"), indent=1), encoding="utf-8")
    building.replace(file)


def _place(found: Setup) -> tuple[str, str, str]:
    return found.engine, found.device, found.dtype


def _device(target: "Target") -> str:
    return target.device.partition(":")[0]


def _conversion(model: Model, weights_dir: Path, engine: EngineName) -> str:
    # Weights from a folder are read as they are, and their verdicts go when they do.
    if engine == "openvino":
        from bot.inference.engines import openvino_files

        return openvino_files.setting(model)
    from bot.inference.engines import convert

    if model.format == "safetensors" or not convert.converted(model, weights_dir):
        return ""
    return convert.ensure_converted(model, weights_dir).name
