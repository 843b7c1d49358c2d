"""What the rest of the program asks of inference: plain picklable requests and results, and one protocol."""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

Role = Literal["system", "user", "assistant"]
Finish = Literal["stop", "length"]


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of a conversation, as a chat template takes it."""

    role: Role
    text: str


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """Ask a chat model to continue `turns`. `temperature` 0 decodes greedily; lengths are in tokens."""

    model: str
    turns: tuple[Turn, ...]
    max_new_tokens: int = 512
    temperature: float = 0.7
    top_p: float = 0.9
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Waiting:
    """Nothing is generated yet. `position` is how many requests are ahead (0 while loading)."""

    reason: Literal["loading", "queued"]
    position: int = 0


@dataclass(frozen=True, slots=True)
class Piece:
    """More of the answer."""

    text: str


@dataclass(frozen=True, slots=True)
class Done:
    """The whole answer. Times are seconds since the request reached the engine."""

    text: str
    prompt_tokens: int
    new_tokens: int
    finish: Finish
    first_token_s: float
    seconds: float


Event = Waiting | Piece | Done


@dataclass(frozen=True, slots=True)
class EmbedRequest:
    """Ask an encoder for one vector a text. `purpose` picks the prefix that E5 models were trained with."""

    model: str
    texts: tuple[str, ...]
    purpose: Literal["query", "passage"] = "passage"


# numpy takes longer to import than the rest of the bot's own modules together: whoever makes vectors imports it.
Vectors: TypeAlias = "npt.NDArray[np.float32]"


@dataclass(frozen=True, slots=True)
class ModelState:
    """How a model stands on this machine right now, for /models and /healthz.

    `memory_bytes` is what it takes when it is loaded.
    """

    id: str
    state: Literal["missing", "installed", "loading", "loaded", "failed"]
    kind: str = ""
    licence: str = ""
    engine: str = ""
    device: str = ""
    memory_bytes: int = 0
    running: int = 0
    queued: int = 0
    maker: str = ""


class Inference(Protocol):
    """The models of this machine, or of another."""

    def stream(self, request: ChatRequest) -> AsyncGenerator[Event, None]:
        """Yield `Waiting` while the request waits, then `Piece` by `Piece`, and one `Done` at the end.

        Closing the generator cancels the request and frees its slot at the engine's next step.
        Raises ModelMissing, Busy or EngineFailed.
        """
        ...

    async def embed(self, request: EmbedRequest) -> Vectors:
        """Return unit vectors of shape (texts, dimensions)."""
        ...

    async def count_tokens(self, model: str, texts: Sequence[str]) -> list[int]:
        """Return each text's length in the model's tokens, without special tokens."""
        ...

    def states(self) -> list[ModelState]:
        """Return the state of every model in the catalog."""
        ...
