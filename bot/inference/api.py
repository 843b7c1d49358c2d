"""What the rest of the program asks of inference: plain picklable requests and results, and one protocol."""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

Role = Literal["system", "user", "assistant"]
Finish = Literal["stop", "length"]
# Somebody waits for an interactive request; a background one (indexing, making quizzes) lets those go first.
Priority = Literal["interactive", "background"]


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of a conversation, as a chat template takes it."""

    role: Role
    text: str


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """Ask a chat model to continue `turns`. `temperature` 0 decodes greedily; lengths are in tokens.

    `schema` is a JSON schema that the answer obeys, "" for free text. `copies` says that the answer will repeat much of
    the prompt (a summary, a quotation, a correction), so that guessing ahead from the prompt pays. `person` is who
    asks, 0 for nobody in particular: the queue is fair between people.
    """

    model: str
    turns: tuple[Turn, ...]
    max_new_tokens: int = 512
    temperature: float = 0.7
    top_p: float = 0.9
    seed: int = 0
    schema: str = ""
    copies: bool = False
    person: int = 0
    priority: Priority = "interactive"


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
    person: int = 0
    priority: Priority = "interactive"


@dataclass(frozen=True, slots=True)
class RewriteRequest:
    """Ask a seq2seq model to translate or summarize each text.

    `source` and `target` are two-letter languages ("es"), for models that take language codes; others ignore them.
    """

    model: str
    texts: tuple[str, ...]
    source: str = ""
    target: str = ""
    max_new_tokens: int = 256
    person: int = 0
    priority: Priority = "interactive"


@dataclass(frozen=True, slots=True)
class ClassifyRequest:
    """Ask a classifier for the labels of each text.

    With `labels` the model is one of inference (NLI), and each label, put into `hypothesis`, competes with the others.
    """

    model: str
    texts: tuple[str, ...]
    labels: tuple[str, ...] = ()
    hypothesis: str = "{}"
    person: int = 0
    priority: Priority = "interactive"


@dataclass(frozen=True, slots=True)
class Label:
    """A label and its probability; the labels of one text add up to 1."""

    name: str
    score: float


@dataclass(frozen=True, slots=True)
class TagRequest:
    """Ask a tagger for the named entities of each text."""

    model: str
    texts: tuple[str, ...]
    person: int = 0
    priority: Priority = "interactive"


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a text, `text == source[start:end]`, with the model's own label ("PER") and its mean probability."""

    text: str
    label: str
    start: int
    end: int
    score: float


@dataclass(frozen=True, slots=True)
class ReadRequest:
    """Ask a reader for the stretch of each text that answers `question`."""

    model: str
    question: str
    texts: tuple[str, ...]
    person: int = 0
    priority: Priority = "interactive"


@dataclass(frozen=True, slots=True)
class Reading:
    """A stretch of a text that answers a question; all of `text` empty where the text does not answer it.

    `score` is the probability of this answer against all others, no answer included.
    """

    text: str
    start: int
    end: int
    score: float


# Requests about several texts at once: one result for each, in their order.
BatchRequest: TypeAlias = EmbedRequest | RewriteRequest | ClassifyRequest | TagRequest | ReadRequest
# numpy takes longer to import than the rest of the bot's own modules together: whoever makes vectors imports it.
Vectors: TypeAlias = "npt.NDArray[np.float32]"


@dataclass(frozen=True, slots=True)
class ModelState:
    """How a model stands on this machine right now, for /models, /status and /healthz.

    `memory_bytes` is what it takes when it is loaded: measured if it is, else estimated. `tasks` and `languages` say
    what a model with a head can do, as the catalog does.
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
    tasks: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Status:
    """How inference stands as a whole, over the last five minutes; `devices` are in words.

    `tokens_per_second` is of the last five minutes, and of the time in which something was written; 0 if nothing was.
    """

    devices: tuple[str, ...]
    memory_bytes: int
    memory_limit: int
    running: int
    queued: int
    tokens_per_second: float
    models: tuple[ModelState, ...]


class Inference(Protocol):
    """The models of this machine, or of another.

    Every request may raise ModelMissing, Busy, OutOfMemory or EngineFailed.
    A caller that goes away (a generator closed, a task cancelled) cancels its request, which frees its place at the
    engine's next step.
    """

    def stream(self, request: ChatRequest) -> AsyncGenerator[Event, None]:
        """Yield `Waiting` while the request waits, then `Piece` by `Piece`, and one `Done` at the end."""
        ...

    async def generate(self, request: ChatRequest) -> Done:
        """Return the whole answer at once."""
        ...

    async def embed(self, request: EmbedRequest) -> Vectors:
        """Return unit vectors of shape (texts, dimensions)."""
        ...

    async def rewrite(self, request: RewriteRequest) -> list[str]:
        """Return each text's translation or summary."""
        ...

    async def classify(self, request: ClassifyRequest) -> list[tuple[Label, ...]]:
        """Return each text's labels, the likeliest first."""
        ...

    async def tag(self, request: TagRequest) -> list[tuple[Span, ...]]:
        """Return each text's named entities in order."""
        ...

    async def read(self, request: ReadRequest) -> list[Reading]:
        """Return what each text answers to the question."""
        ...

    async def count_tokens(self, model: str, texts: Sequence[str]) -> list[int]:
        """Return each text's length in the model's tokens, without special tokens."""
        ...

    def states(self) -> list[ModelState]:
        """Return the state of every model in the catalog."""
        ...

    def status(self) -> Status:
        """Return how everything stands."""
        ...
