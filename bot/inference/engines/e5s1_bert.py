"""An E5S1 file as a folder: BertModel's configuration and weights, and a unigram tokenizer."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from bot.inference import devices
from bot.inference.e5s1 import Array, E5File, Sizes
from bot.inference.engines import unigram

# Names inside one layer: in the file, in BertModel, and whether it is a projection (weight and bias) or a norm.
_PROJECTIONS = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "fi": "intermediate.dense",
    "fo": "output.dense",
}
_NORMS = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}


def dtype() -> str:
    """Return the number format that encoders compute in on this machine's CPU, and their weights are written in."""
    return "bfloat16" if devices.has_bfloat16_instructions() else "float32"


def write_bert(source: Path, folder: Path) -> None:
    """Decode `source` into `folder`; raises ValueError when the file is broken."""
    import torch
    from safetensors.torch import save_file

    file = E5File(source.read_bytes())
    kind: torch.dtype = getattr(torch, dtype())
    tensors = {name: torch.from_numpy(tensor).to(kind) for name, tensor in _state(file)}
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    _write_config(file, folder)
    unigram.write(file.vocabulary, folder)


def _state(file: E5File) -> Iterator[tuple[str, Array]]:
    sizes = file.sizes
    hidden = sizes.hidden
    yield "embeddings.word_embeddings.weight", file.tensor("emb.word", sizes.vocabulary, hidden)
    yield "embeddings.position_embeddings.weight", file.tensor("emb.pos", sizes.positions, hidden)
    yield "embeddings.token_type_embeddings.weight", file.tensor("emb.type", sizes.types, hidden)
    yield "embeddings.LayerNorm.weight", file.tensor("emb.ln.w", hidden)
    yield "embeddings.LayerNorm.bias", file.tensor("emb.ln.b", hidden)
    for layer in range(sizes.layers):
        yield from _layer(file, layer)
    # The file has no pooler: sentence vectors are means. BertModel has one, and zeros keep its loading quiet.
    yield "pooler.dense.weight", np.zeros((hidden, hidden), np.float32)
    yield "pooler.dense.bias", np.zeros(hidden, np.float32)


def _layer(file: E5File, layer: int) -> Iterator[tuple[str, Array]]:
    prefix = f"encoder.layer.{layer}"
    for short, name in _PROJECTIONS.items():
        rows, columns = _projection(file.sizes, short)
        yield f"{prefix}.{name}.weight", file.tensor(f"l{layer}.{short}.w", rows, columns)
        yield f"{prefix}.{name}.bias", file.tensor(f"l{layer}.{short}.b", rows)
    for short, name in _NORMS.items():
        yield f"{prefix}.{name}.weight", file.tensor(f"l{layer}.{short}.w", file.sizes.hidden)
        yield f"{prefix}.{name}.bias", file.tensor(f"l{layer}.{short}.b", file.sizes.hidden)


def _projection(sizes: Sizes, short: str) -> tuple[int, int]:
    rows = sizes.intermediate if short == "fi" else sizes.hidden
    columns = sizes.intermediate if short == "fo" else sizes.hidden
    return rows, columns


def _write_config(file: E5File, folder: Path) -> None:
    sizes = file.sizes
    config = {
        "model_type": "bert",
        "architectures": ["BertModel"],
        "vocab_size": sizes.vocabulary,
        "hidden_size": sizes.hidden,
        "num_hidden_layers": sizes.layers,
        "num_attention_heads": sizes.heads,
        "intermediate_size": sizes.intermediate,
        "max_position_embeddings": sizes.positions,
        "type_vocab_size": sizes.types,
        "layer_norm_eps": sizes.epsilon,
        "pad_token_id": file.vocabulary.pad,
        "dtype": dtype(),
    }
    (folder / "config.json").write_text(json.dumps(config, indent=2), encoding="utf-8")
