"""Formats that load slowly become safetensors folders, once, in the model's cache."""

import shutil
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

from bot.errors import WeightsError
from bot.inference import weights
from bot.inference.cache import cached_folder, intact
from bot.inference.catalog import Format, Model
from bot.inference.engines import e5s1_bert
from bot.inference.engines.torch_memory import out_of_memory
from bot.inference.transfer import free_bytes, require_space

# Counted up when a conversion below comes to write something else, so that caches of the old kind are rebuilt.
_REVISION = 1
# Floats take up to this many times the room of the 4-bit weights they come from: bfloat16, and at worst float32.
_GROWTH = {"gguf": 4, "e5s1": 7}


def ensure_converted(model: Model, weights_dir: Path) -> Path:
    """Return a safetensors folder of the model for `from_pretrained`, converting the weights if need be.

    Weights that are safetensors are used where they lie. Of the others a chat model comes as bfloat16, an encoder in
    the format that this CPU computes in, which makes copies needless, each with its tokenizer (an encoder's is for
    unigram.py alone). The first call takes from seconds to minutes; the result is kept under the weights' checksum and
    what wrote it, and older ones are deleted. Raises ModelMissing when the weights
    are absent, WeightsError when they do not convert.
    """
    source = weights.path(model, weights_dir)
    if model.format == "safetensors":
        return source
    root = weights.cache_dir(model, weights_dir)
    key = _key(model)
    folder = cached_folder(root, key, lambda building: _build(model, source, building))
    _forget_older(root, key)
    return folder


def converted(model: Model, weights_dir: Path) -> bool:
    """Tell whether `ensure_converted` would return at once; it computes in this process where it would not."""
    if model.format == "safetensors":
        return weights.installed(model, weights_dir)
    return intact(weights.cache_dir(model, weights_dir) / _key(model))


def _key(model: Model) -> str:
    writer = e5s1_bert.dtype() if model.format == "e5s1" else f"transformers-{version('transformers')}"
    return f"safetensors-{model.sha256[:16]}-{_REVISION}-{writer}"


def _build(model: Model, source: Path, building: Path) -> None:
    require_space(model, building, _GROWTH[model.format] * model.bytes, free_bytes(building))
    try:
        with out_of_memory():
            _CONVERSIONS[model.format](source, building)
    except (ValueError, OSError, RuntimeError) as error:
        raise WeightsError("error-weights-convert", model=model.id, reason=str(error)) from error


def _forget_older(root: Path, key: str) -> None:
    for folder in root.glob("safetensors-*"):
        if folder.name != key:
            shutil.rmtree(folder, ignore_errors=True)


def _convert_gguf(source: Path, folder: Path) -> None:
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    AutoTokenizer.from_pretrained(source.parent, gguf_file=source.name).save_pretrained(folder)
    loaded = AutoModelForCausalLM.from_pretrained(source.parent, gguf_file=source.name, dtype=torch.bfloat16)
    # A model that was loaded from GGUF counts as quantized and refuses to be saved; a fresh one of the same
    # shape takes over its tensors. On the meta device it has none of its own, so nothing is held twice.
    config = loaded.config
    if hasattr(config, "quantization_config"):
        del config.quantization_config
    with torch.device("meta"):
        fresh = AutoModelForCausalLM.from_config(config, dtype=torch.bfloat16)
    fresh.load_state_dict(loaded.state_dict(), assign=True)
    fresh.tie_weights()
    fresh.generation_config = loaded.generation_config
    fresh.save_pretrained(folder)


_CONVERSIONS: dict[Format, Callable[[Path, Path], None]] = {"gguf": _convert_gguf, "e5s1": e5s1_bert.write_bert}
