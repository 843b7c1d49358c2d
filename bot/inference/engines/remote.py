"""Torch engines in processes of their own, as the manager sees them."""

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot import config
from bot.inference.api import BatchRequest, ChatRequest
from bot.inference.catalog import Kind, Model
from bot.inference.engines import unigram, wire
from bot.inference.engines.process import ROOT, Child, Message
from bot.inference.engines.protocol import Output, Results

CountTokens = Callable[[Sequence[str]], list[int]]

_MODULE = "bot.inference.engines.torch_child"


@dataclass(frozen=True, slots=True)
class Build:
    """What a torch process is to build: the engine for a kind of model, from a folder that transformers loads.

    `device` is what the bot calls it; `gpu` the UUID of an NVIDIA GPU, which is then the only one that the process
    sees, as its "cuda:0". `options` are what that kind of engine takes besides.
    """

    kind: Kind
    folder: Path
    device: str
    dtype: str
    threads: int
    options: Mapping[str, Any] = field(default_factory=dict)
    gpu: str = ""


class _Remote:
    """What the engines in processes have in common: the process, and counting without it where that is possible."""

    name = "torch"

    def __init__(self, build: Build) -> None:
        """Start the process and wait until it has loaded. Raises OutOfMemory, EngineFailed."""
        self.device = build.device
        self._folder = build.folder
        self._child = _start(_order(build), {"CUDA_VISIBLE_DEVICES": build.gpu} if build.gpu else {})
        try:
            self._child.ready()
        except BaseException:
            self.close()
            raise

    @property
    def alive(self) -> bool:
        """Tell whether the process still runs."""
        return self._child.alive

    @property
    def memory_bytes(self) -> int:
        """Memory that the process takes, of the GPU if it computes there."""
        return self._child.memory_bytes

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return each text's length in tokens, without special tokens; may wait for a step in progress."""
        # Not before somebody counts: a vocabulary of 250,000 takes 55 MB, from tokenizer.json 290.
        if (count := token_counter(self._folder)) is not None:
            return count(texts)
        counts: list[int] = self._child.ask({"count": list(texts)})["counts"]
        return counts

    def close(self) -> None:
        """End the process, which takes five seconds at the most."""
        self._child.close()


class RemoteChat(_Remote):
    """A ChatEngine in a process of its own."""

    def begin(self, key: int, request: ChatRequest) -> int:
        """Let the request join at the next step; return its prompt's length in tokens. Raises BadInput."""
        tokens: int = self._child.ask({"begin": key, "request": wire.pack_request(request)})["tokens"]
        return tokens

    def step(self) -> list[Output]:
        """Advance every request. Raises OutOfMemory; EngineFailed when the engine broke or its process ended."""
        return wire.unpack_outputs(self._child.ask({"step": True})["outputs"])

    def cancel(self, key: int) -> None:
        """Forget the request."""
        self._child.ask({"cancel": key})

    def score(self, ids: Sequence[int]) -> list[float]:
        """Return the log-probabilities of all tokens but the first. Raises OutOfMemory, EngineFailed."""
        found: list[float] = self._child.ask({"score": list(ids)})["log_probabilities"]
        return found


class RemoteBatch(_Remote):
    """A BatchEngine in a process of its own."""

    def run(self, request: BatchRequest) -> Results:
        """Return one result for each text. Raises BadInput, OutOfMemory; EngineFailed as RemoteChat.step does."""
        return wire.unpack_results(request, self._child.ask({"run": wire.pack_request(request)})["results"])


def convert(model: Model, weights_dir: Path) -> None:
    """Turn weights into a folder that transformers loads; blocks for minutes. Raises WeightsError, OutOfMemory."""
    child = _start({"convert": asdict(model), "weights_dir": str(weights_dir.absolute())}, {})
    try:
        child.ready()
    finally:
        child.close()


@lru_cache(maxsize=4)
def token_counter(folder: Path) -> CountTokens | None:
    """Return a function that counts tokens without torch; None where a model has no tokenizer for that."""
    if unigram.written(folder):
        return unigram.Unigram(folder).count
    file = folder / "tokenizer.json"
    if not file.is_file():
        return None
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(file))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return lambda texts: [len(ids) for ids in tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)]


def _order(build: Build) -> Message:
    return {
        "kind": build.kind,
        "folder": str(build.folder.absolute()),
        "device": "cuda:0" if build.gpu else build.device,
        "dtype": build.dtype,
        "threads": build.threads,
        "options": dict(build.options),
    }


def _start(order: Message, environment: Mapping[str, str]) -> Child:
    command = [sys.executable, "-m", _MODULE, json.dumps(order)]
    return Child(command, folder=ROOT, environment=config.environment(**environment))
