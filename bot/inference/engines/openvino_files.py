"""A GGUF model turned, once, into a folder that openvino-genai loads in seconds."""

import importlib.metadata
import json
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
from pathlib import Path
from xml.etree import ElementTree as ET

from bot.errors import OutOfMemory, WeightsError
from bot.inference import cache, weights
from bot.inference.catalog import Model
from bot.inference.engines.process import ROOT
from bot.inference.transfer import free_bytes, require_space

SPECIAL_TOKENS = "special_tokens.json"
# Activations are rounded to 8 bits in groups of this size: the fastest of 32, 64, 128, 256 and whole rows (1.5 times
# as fast as the default), and not measurably worse.
QUANTIZATION_GROUP = 128
_WEIGHTS = "bot.inference.engines.openvino_weights"
# Counted up when the conversion comes to write something else, so that caches of the old kind are rebuilt.
_REVISION = 2


def prepare(model: Model, weights_dir: Path) -> Path:
    """Return the model's folder in openvino's own format, made from the GGUF file the first time (a minute for 1.5B).

    Folders of other versions are deleted. Raises ModelMissing without weights and WeightsError when openvino-genai
    cannot read them.
    """
    source, root, key = weights.path(model, weights_dir), weights.cache_dir(model, weights_dir), _key(model)
    folder = cache.cached_folder(root, key, lambda building: _build(model, source, building))
    for older in root.glob("openvino-*"):
        if older.name != key:
            shutil.rmtree(older, ignore_errors=True)
    return folder


def prepared(model: Model, weights_dir: Path) -> bool:
    """Tell whether `prepare` would return at once."""
    return cache.intact(weights.cache_dir(model, weights_dir) / _key(model))


def setting(model: Model) -> str:
    """Name what decides how well openvino computes a model: the conversion and the groups of its activations."""
    return f"{_key(model)}, activations in groups of {QUANTIZATION_GROUP}"


def _key(model: Model) -> str:
    return f"openvino-{importlib.metadata.version('openvino-genai')}-{_REVISION}-{model.sha256[:16]}"


def _build(model: Model, source: Path, folder: Path) -> None:
    # The child writes where nobody else does: one whose bot was killed writes on, while the next bot builds anew.
    # It takes three times the file (measured), half of which stays.
    require_space(model, folder, model.bytes * 3, free_bytes(folder))
    place = f"{folder.name}-"
    for left_over in folder.parent.glob(f"{place}*"):
        shutil.rmtree(left_over, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=place, dir=folder.parent) as work:
        _convert(model, source, Path(work))
        _lift_length_limit(Path(work))
        for file in Path(work).iterdir():
            file.rename(folder / file.name)
    (folder / SPECIAL_TOKENS).write_text(json.dumps(_special_tokens(source)), encoding="utf-8")


def _convert(model: Model, source: Path, folder: Path) -> None:
    # openvino-genai writes beside the file that it reads.
    readable = folder / "model.gguf"
    _run(model, "readable", source.absolute(), readable)
    _run(model, "convert", readable)
    if not (folder / "openvino_tokenizer.xml").exists():
        raise WeightsError("error-weights-convert", model=model.id, reason="no tokenizer came out")
    _run(model, "requantize", source.absolute(), folder)
    readable.unlink()


def _run(model: Model, *arguments: object) -> None:
    command = [sys.executable, "-m", _WEIGHTS, *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode == -signal.SIGKILL:  # by the kernel, for want of memory
        raise OutOfMemory
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or [f"exit status {done.returncode}"])[-1]
        raise WeightsError("error-weights-convert", model=model.id, reason=reason)


def _lift_length_limit(folder: Path) -> None:
    """Let the tokenizer take texts of any length.

    Made from a GGUF file it silently keeps the last 8192 tokens, which would take the system turn out of a long
    prompt. The limit is the constant that goes into the graph's one Minimum.
    """
    graph = ET.parse(folder / "openvino_tokenizer.xml").getroot()  # noqa: S314 - our own child wrote it
    layers = {layer.get("id"): layer for layer in graph.iter("layer")}
    for edge in graph.iter("edge"):
        data = layers[edge.get("from-layer")].find("data")
        is_limit = layers[edge.get("to-layer")].get("type") == "Minimum" and data is not None
        if is_limit and data is not None and data.get("element_type") == "i32" and data.get("size") == "4":
            with (folder / "openvino_tokenizer.bin").open("rb+") as constants:
                constants.seek(int(data.get("offset", "")))
                constants.write(struct.pack("<i", 2**31 - 1))


def _special_tokens(gguf: Path) -> list[str]:
    from gguf import GGUFReader, TokenType

    fields = GGUFReader(gguf).fields
    tokens, kinds = fields["tokenizer.ggml.tokens"], fields["tokenizer.ggml.token_type"]
    special = (TokenType.CONTROL, TokenType.USER_DEFINED)
    numbers = [n for n, at in enumerate(kinds.data) if int(kinds.parts[at][0]) in special]
    return [bytes(tokens.parts[tokens.data[n]]).decode("utf-8") for n in numbers]
