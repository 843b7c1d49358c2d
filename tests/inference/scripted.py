"""An engine that says what a test wants, step by step, and a machine on which only such engines run."""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from bot.errors import BadInput
from bot.inference.api import BatchRequest, ChatRequest, Vectors
from bot.inference.catalog import Model
from bot.inference.engines.protocol import BatchEngine, ChatEngine, Output
from bot.inference.placement import CountTokens, Placement


class ScriptedChat:
    """Writes "0 ", "1 " … to each request, one a step, and only as many steps as the test allows.

    With `together` it does not begin to write before so many requests are there.
    """

    name = "scripted"
    device = "cpu"
    memory_bytes = 7
    alive = True

    def __init__(self) -> None:
        self.steps = threading.Semaphore(0)
        self.together = 1
        self.left: dict[int, int] = {}
        self.written: dict[int, int] = {}
        self.begun: list[str] = []
        self.cancelled = threading.Event()
        self.closed = threading.Event()
        self.breaks = False

    def begin(self, key: int, request: ChatRequest) -> int:
        text = request.turns[-1].text
        if text == "too long":
            raise BadInput("error-prompt-too-long")
        if text == "odd":
            raise ValueError(text)
        self.begun.append(text)
        self.left[key] = request.max_new_tokens
        self.written[key] = 0
        return len(text)

    def step(self) -> list[Output]:
        if len(self.left) < self.together:
            time.sleep(0.001)
            return []
        self.together = 1
        if self.begun != ["Hola"]:  # the warm-up is not the test's to steer
            self.steps.acquire()
        if self.breaks:
            raise RuntimeError("the engine broke")
        return [self._write(key) for key in list(self.left)]

    def _write(self, key: int) -> Output:
        text = f"{self.written[key]} "
        self.written[key] += 1
        self.left[key] -= 1
        if self.left[key]:
            return Output(key, text, 1)
        del self.left[key]
        return Output(key, text, 1, "length")

    def cancel(self, key: int) -> None:
        del self.left[key]
        self.cancelled.set()

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) for text in texts]

    def close(self) -> None:
        self.closed.set()

    def allow(self, steps: int) -> None:
        self.steps.release(steps)


class ScriptedEncoder:
    """The vector of a text is its length and a one, before scaling."""

    name = "scripted"
    device = "cpu"
    memory_bytes = 3
    alive = True

    def __init__(self) -> None:
        self.groups: list[int] = []
        self.closed = threading.Event()

    def run(self, request: BatchRequest) -> Vectors:
        texts = request.texts
        if "break" in texts:
            raise RuntimeError("the encoder broke")
        self.groups.append(len(texts))
        return np.array([[len(text), 1.0] for text in texts], dtype=np.float32)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(text) for text in texts]

    def close(self) -> None:
        self.closed.set()


@dataclass(frozen=True, slots=True)
class ScriptedPlacement(Placement):
    """Loads scripted engines, as soon as the test opens the gate."""

    gate: threading.Event = field(default_factory=threading.Event)
    loading: threading.Event = field(default_factory=threading.Event)
    chats: list[ScriptedChat] = field(default_factory=list)
    encoders: list[ScriptedEncoder] = field(default_factory=list)
    failures: list[Exception] = field(default_factory=list)
    counters: list[CountTokens] = field(default_factory=list)

    def load_chat(self, model: Model) -> ChatEngine:
        self.loading.set()
        self.gate.wait(60)
        if self.failures:
            raise self.failures.pop(0)
        self.chats.append(ScriptedChat())
        return self.chats[-1]

    def load_encoder(self, model: Model) -> BatchEngine:
        self.encoders.append(ScriptedEncoder())
        return self.encoders[-1]

    def token_counter(self, model: Model) -> CountTokens | None:
        return self.counters[-1] if self.counters else None
