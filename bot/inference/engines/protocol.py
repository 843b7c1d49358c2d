"""What the manager asks of an engine; the torch and the openvino engine both answer to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from bot.inference.api import BatchRequest, ChatRequest, Finish, Label, Reading, Span, Vectors


@dataclass(frozen=True, slots=True)
class Output:
    """What one step brought to the request `key`: whole characters, and why it ended if it did."""

    key: int
    text: str
    new_tokens: int
    finish: Finish | None = None


class Engine(Protocol):
    """A loaded model. count_tokens may come from any thread, everything else from one."""

    @property
    def name(self) -> str:
        """The engine's name, as the setting spells it."""
        ...

    @property
    def device(self) -> str:
        """Where the weights are: cpu, cuda or mps."""
        ...

    @property
    def alive(self) -> bool:
        """Tell whether it can still work; an engine in a process of its own may have died unnoticed."""
        ...

    @property
    def memory_bytes(self) -> int:
        """About how much memory the weights take."""
        ...

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return each text's length in tokens, without special tokens."""
        ...

    def close(self) -> None:
        """Give the memory back."""
        ...


class ChatEngine(Engine, Protocol):
    """A loaded chat model that advances all its requests together, one step at a time.

    `step` may raise OutOfMemory, after which the same step can be tried again or requests cancelled; whatever else it
    raises, the engine is broken.
    """

    def begin(self, key: int, request: ChatRequest) -> int:
        """Let the request join at the next step; return its prompt's length in tokens. Raises BadInput."""
        ...

    def step(self) -> list[Output]:
        """Advance every request by about one token."""
        ...

    def cancel(self, key: int) -> None:
        """Forget the request; its memory is free at the next step."""
        ...

    def score(self, ids: Sequence[int]) -> list[float]:
        """Return the natural logarithms of the probabilities of all tokens but the first, each after those before it.

        For the quality gate: at least two tokens, and no text twice of one engine.
        """
        ...


class BatchEngine(Engine, Protocol):
    """A loaded model of any other kind: texts in, one result for each out."""

    def run(self, request: BatchRequest) -> "Results":
        """Return one result for each of the request's texts, which are some dozens at the most.

        An encoder returns an array of shape (texts, dimensions), a seq2seq model strings, a classifier tuples of
        Label, a tagger tuples of Span, a reader Readings. Raises BadInput, OutOfMemory (it can then be tried again);
        whatever else it raises, the engine is broken.
        """
        ...


Results: TypeAlias = "Vectors | list[str] | list[tuple[Label, ...]] | list[tuple[Span, ...]] | list[Reading]"
