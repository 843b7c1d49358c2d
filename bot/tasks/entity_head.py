"""A small head on the encoder's vectors: how likely a stretch of a text is a person, an organization, a place.

It is a logistic regression over the vector of the name, the vector of the words around it, and marks such as "its first
word is a known first name". bot/evaluation/train_entities.py trains it on names in sentences made for that.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from bot.inference.api import EmbedRequest
from bot.tasks.entity_marks import context, marks
from bot.tasks.models import Models
from bot.tasks.names_found import Candidate

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float32]

FILE = Path(__file__).with_name("entity_head.safetensors")
# The encoder that it was trained on; the vectors of another mean nothing to it.
ENCODER = "multilingual-e5-small"
# "" is no name of these kinds.
CLASSES = ("PER", "ORG", "LOC", "")
# Texts of one request to the encoder.
_BATCH = 64


@dataclass(frozen=True, slots=True)
class Head:
    """Weights of shape (features, classes) and a bias for each class."""

    weight: "Floats"
    bias: "Floats"

    def probabilities(self, features: "Floats") -> "Floats":
        """Return the softmax of the logits, of shape (rows, classes)."""
        import numpy as np

        logits = features @ self.weight + self.bias
        powers = np.exp(logits - logits.max(axis=1, keepdims=True))
        return np.asarray(powers / powers.sum(axis=1, keepdims=True), dtype=np.float32)


@cache
def head() -> Head:
    """Return the head that comes with the bot."""
    from safetensors.numpy import load_file

    tensors = load_file(FILE)
    return Head(tensors["weight"], tensors["bias"])


def usable(models: Models) -> bool:
    """Tell whether the encoder that the head was trained on is installed."""
    return models.encoder() == ENCODER


async def probabilities(models: Models, text: str, able: Sequence[Candidate]) -> list[dict[str, float]]:
    """Return the probability of each of CLASSES for each stretch of a text."""
    if not able:
        return []
    names = await embed(models, [item.text for item in able])
    around = await embed(models, [context(text, item) for item in able])
    return await asyncio.to_thread(_probabilities, text, able, names, around)


def _probabilities(text: str, able: Sequence[Candidate], names: "Floats", around: "Floats") -> list[dict[str, float]]:
    import numpy as np

    marked = np.array([marks(text, item) for item in able], dtype=np.float32)
    found = head().probabilities(features(names, around, marked))
    return [dict(zip(CLASSES, map(float, row), strict=True)) for row in found]


def features(names: "Floats", around: "Floats", marked: "Floats") -> "Floats":
    """Return what the head sees: the vectors of names and of the words around them, and the marks, side by side."""
    import numpy as np

    return np.hstack([names, around, marked])


async def embed(models: Models, texts: Sequence[str]) -> "Floats":
    """Return a vector for each text, of shape (texts, dimensions)."""
    import numpy as np

    models.used.models.add(ENCODER)
    batches = [tuple(texts[start : start + _BATCH]) for start in range(0, len(texts), _BATCH)]
    requests = [EmbedRequest(ENCODER, batch, "query", models.person, models.priority) for batch in batches]
    return np.vstack([await models.inference.embed(request) for request in requests])
