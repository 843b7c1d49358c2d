"""A small head on the frozen encoder's vectors: a logistic regression, which takes kilobytes and next to no time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.inference.api import EmbedRequest
from bot.tasks.models import Models

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float32]

# The encoder that the heads were trained on; the vectors of another mean nothing to them.
ENCODER = "multilingual-e5-small"
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


async def embed(models: Models, texts: Sequence[str]) -> "Floats":
    """Return a vector for each text, of shape (texts, dimensions)."""
    import numpy as np

    models.used.models.add(ENCODER)
    batches = [tuple(texts[start : start + _BATCH]) for start in range(0, len(texts), _BATCH)]
    requests = [EmbedRequest(ENCODER, batch, "query", models.person, models.priority) for batch in batches]
    return np.vstack([await models.inference.embed(request) for request in requests])
