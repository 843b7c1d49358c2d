"""Sentence encoders with transformers: mean pooling and unit length."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from bot.inference.api import BatchRequest, EmbedRequest, Vectors
from bot.inference.engines.torch_model import Head, computing

if TYPE_CHECKING:
    import torch


class TorchEncoder(Head):
    """A BatchEngine over AutoModel. `prefixes` are put before the texts of each purpose, as the model was trained."""

    def __init__(
        self, folder: Path, *, device: str, dtype: str, threads: int, prefixes: Mapping[str, str] | None = None
    ) -> None:
        self._prefixes = prefixes or {}
        super().__init__("AutoModel", folder, device=device, dtype=dtype, threads=threads)

    def run(self, request: BatchRequest) -> Vectors:
        """Return unit vectors of shape (texts, dimensions), in the order of the texts; long ones are cut at the end."""
        assert isinstance(request, EmbedRequest)  # noqa: S101 - the manager sends each kind its own requests
        prefix = self._prefixes.get(request.purpose, "")
        encodings = self._model.encode([prefix + text for text in request.texts])
        for encoding in encodings:
            encoding.truncate(self._model.room())
        vectors = np.empty((len(encodings), int(self._model.network.config.hidden_size)), dtype=np.float32)
        with computing():
            rows = self._model.rows([self._model.around(encoding) for encoding in encodings], _unit_means)
            for number, row in enumerate(rows):
                vectors[number] = row.numpy()
        return vectors


def _unit_means(output: Any, mask: "torch.Tensor") -> "torch.Tensor":
    """Return the means over each row's tokens, at length 1: (rows, tokens, dimensions) to (rows, dimensions)."""
    import torch

    weights = mask[:, :, None].float()
    means = (output.last_hidden_state.float() * weights).sum(dim=1) / weights.sum(dim=1)
    return torch.nn.functional.normalize(means, dim=1).cpu()
