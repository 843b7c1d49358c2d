"""A small head on the encoder's vectors: how likely a stretch of a text is a person, an organization, a place.

It is a logistic regression over the vector of the name, the vector of the words around it, and marks such as "its first
word is a known first name". bot/evaluation/train_entities.py trains it on names in sentences made for that.
"""

import asyncio
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from bot.tasks.encoder_head import ENCODER, Head, embed
from bot.tasks.models import Models
from bot.tasks.naming.found import Candidate
from bot.tasks.naming.marks import context, marks

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float32]

FILE = Path(__file__).with_name("head.safetensors")
# "" is no name of these kinds.
CLASSES = ("PER", "ORG", "LOC", "")


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
