"""A catalog of tiny models, one of each kind; importing it imports nothing heavy."""

from dataclasses import dataclass

from bot.inference.catalog import HubFolder, Kind, Model
from bot.inference.placement import Placement

# The chat model has an id of the real catalog, because that is what settings are checked against.
CHAT = "qwen2.5-coder-1.5b"


@dataclass(frozen=True, slots=True)
class TinyPlacement(Placement):
    """Places the models of a catalog of its own."""

    catalog: tuple[Model, ...] = ()

    def models(self) -> tuple[Model, ...]:
        return self.catalog


def entry(kind: Kind, size: int = 0) -> Model:
    """The catalog entry of the tiny model of a kind."""
    model_id = CHAT if kind == "chat" else f"tiny-{kind}"
    return Model(
        id=model_id,
        kind=kind,
        name=model_id,
        maker="tests",
        parameters="10k",
        languages=("es", "en"),
        licence="MIT",
        format="safetensors",
        bytes=size,
        context=512 if kind == "chat" else 32,
        memory={"torch": 400_000_000},
        hub=HubFolder(f"tests/tiny-{kind}", "main"),
        prefixes={"query": "query : ", "passage": "passage : "} if kind == "encoder" else {},
        language_codes={"es": "spa_Latn", "en": "eng_Latn"} if kind == "seq2seq" else {},
    )
