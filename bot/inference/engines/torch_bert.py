"""BERT's forward pass in plain torch, for sentence vectors: texts of any length share products without padding.

transformers has this model, but importing it takes 110 MB and two to three seconds of every process, and its padded
batches took 1.3 times as long. Source: Devlin et al. 2018, BERT, post-layer-norm encoder with GELU.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import torch

# Tokens in a product are a multiple of this. oneDNN writes code for every number of rows and keeps it for good, half a
# megabyte each: 500 texts made a process of 300 MB one of 880. For the same reason attention is not two products.
_STEP = 64

Tensor: TypeAlias = "torch.Tensor"
Weights: TypeAlias = "Mapping[str, Tensor]"


class Bert:
    """The model of a folder (config.json, model.safetensors with BertModel's names), on its device.

    In the dtype of its file it computes from the mapped file itself: of the embeddings only the rows that texts touch
    take memory. Safe to use from several threads. Raises OSError, KeyError, ValueError for files that are broken.
    """

    def __init__(self, folder: Path, *, device: str, dtype: str) -> None:
        import torch
        from safetensors.torch import load_file

        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        self.device = device
        self.positions = int(config["max_position_embeddings"])
        self.dimensions = int(config["hidden_size"])
        self._heads = int(config["num_attention_heads"])
        self._epsilon = float(config["layer_norm_eps"])
        kind: torch.dtype = getattr(torch, dtype)
        state = {name: tensor.to(device, kind) for name, tensor in load_file(folder / "model.safetensors").items()}
        self._embeddings = _below(state, "embeddings.")
        self._layers = [_layer(state, number) for number in range(int(config["num_hidden_layers"]))]

    @property
    def memory_bytes(self) -> int:
        """Bytes of the weights."""
        return sum(tensor.nbytes for weights in (self._embeddings, *self._layers) for tensor in weights.values())

    def means(self, rows: Sequence[Sequence[int]]) -> Tensor:
        """Return the mean of each row's last hidden states at length 1: float32, (rows, dimensions), on the CPU.

        `rows` are token ids, one at least in each and `positions` at most.
        """
        import torch

        lengths = [len(row) for row in rows]
        with torch.inference_mode():  # each thread has its own
            hidden = self._embed(rows)
            parts = [*lengths, rest] if (rest := len(hidden) - sum(lengths)) else lengths
            for layer in self._layers:
                hidden = self._advance(hidden, layer, parts)
            means = torch.stack([part.float().mean(dim=0) for part in hidden.split(parts)[: len(rows)]])
            return torch.nn.functional.normalize(means, dim=1).cpu()

    def _embed(self, rows: Sequence[Sequence[int]]) -> Tensor:
        import torch

        # Behind the last row, tokens that nobody looks at: see _STEP.
        unused = [0] * (-sum(map(len, rows)) % _STEP)
        ids = torch.tensor([number for row in (*rows, unused) for number in row], device=self.device)
        places = torch.tensor([place for row in rows for place in range(len(row))] + unused, device=self.device)
        weights = self._embeddings
        words = weights["word_embeddings.weight"][ids] + weights["position_embeddings.weight"][places]
        return self._norm(words + weights["token_type_embeddings.weight"][0], weights, "LayerNorm")

    def _advance(self, hidden: Tensor, layer: Weights, lengths: Sequence[int]) -> Tensor:
        from torch.nn.functional import gelu

        mixed = self._attend(_linear(hidden, layer, "mixing"), lengths)
        hidden = self._norm(
            hidden + _linear(mixed, layer, "attention.output.dense"), layer, "attention.output.LayerNorm"
        )
        wide = gelu(_linear(hidden, layer, "intermediate.dense"))
        return self._norm(hidden + _linear(wide, layer, "output.dense"), layer, "output.LayerNorm")

    def _attend(self, mixing: Tensor, lengths: Sequence[int]) -> Tensor:
        """Let each text's tokens attend to each other: (tokens, 3 × dimensions) to (tokens, dimensions)."""
        import torch

        # (3, 1, heads, tokens, dimensions of a head)
        split = mixing.view(len(mixing), 3, self._heads, -1).permute(1, 2, 0, 3)[:, None]
        attend = torch.nn.functional.scaled_dot_product_attention
        parts = [attend(*part) for part in split.split(list(lengths), dim=3)]
        return torch.cat(parts, dim=2)[0].transpose(0, 1).reshape(len(mixing), self.dimensions)

    def _norm(self, hidden: Tensor, weights: Weights, name: str) -> Tensor:
        from torch.nn.functional import layer_norm

        return layer_norm(hidden, (self.dimensions,), weights[f"{name}.weight"], weights[f"{name}.bias"], self._epsilon)


def _linear(hidden: Tensor, weights: Weights, name: str) -> Tensor:
    from torch.nn.functional import linear

    return linear(hidden, weights[f"{name}.weight"], weights[f"{name}.bias"])


def _below(state: Weights, prefix: str) -> dict[str, Tensor]:
    return {name.removeprefix(prefix): tensor for name, tensor in state.items() if name.startswith(prefix)}


def _layer(state: Weights, number: int) -> dict[str, Tensor]:
    """Return a layer's weights, those of query, key and value joined for one product."""
    import torch

    layer = _below(state, f"encoder.layer.{number}.")
    for kind in ("weight", "bias"):
        parts = [layer.pop(f"attention.self.{name}.{kind}") for name in ("query", "key", "value")]
        layer[f"mixing.{kind}"] = torch.cat(parts)
    return layer
