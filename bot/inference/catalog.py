"""The models that Tertulia knows: one entry each, and nothing about them anywhere else."""

from bot.errors import ModelMissing
from bot.inference.catalog_chat import CHAT
from bot.inference.catalog_heads import HEADS
from bot.inference.catalog_types import EngineName, Format, HubFile, HubFolder, Kind, Model, Tested, WheelPart

__all__ = (
    "CATALOG",
    "PROFILES",
    "STARTER",
    "EngineName",
    "Format",
    "HubFile",
    "HubFolder",
    "Kind",
    "Model",
    "Tested",
    "WheelPart",
    "find",
)

CATALOG: tuple[Model, ...] = CHAT + HEADS

# What a new installation fetches.
STARTER = ("qwen2.5-coder-1.5b", "multilingual-e5-small")

# Sets of models for a kind of machine: what ships as it is, 4 GB of memory, a GPU with 24 GB.
PROFILES: dict[str, tuple[str, ...]] = {
    "starter": STARTER,
    "small": ("qwen2.5-coder-0.5b", "multilingual-e5-small", "opus-mt-es-en", "opus-mt-en-es", "distilbert-sentiment"),
    "gpu": (
        "qwen3-4b-instruct",
        "multilingual-e5-small",
        "opus-mt-es-en",
        "opus-mt-en-es",
        "distilbert-sentiment",
        "mdeberta-xnli",
        "xlmr-ner-hrl",
        "mdeberta-squad2",
    ),
}

_BY_ID = {model.id: model for model in CATALOG}


def find(model_id: str) -> Model:
    """Return the catalog entry of an id; raises ModelMissing when there is none."""
    try:
        return _BY_ID[model_id]
    except KeyError:
        raise ModelMissing("error-model-unknown", model=model_id) from None
