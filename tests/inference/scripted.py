"""Engines that say what a test wants, step by step, and a machine on which only such engines run."""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from bot.errors import BadInput
from bot.inference.api import (
    BatchRequest,
    ChatRequest,
    ClassifyRequest,
    EmbedRequest,
    Label,
    Reading,
    ReadRequest,
    RewriteRequest,
    Span,
)
from bot.inference.catalog import Model
from bot.inference.engines.protocol import BatchEngine, ChatEngine, Output, Results
from bot.inference.placement import CountTokens, Device, Placement, Target

GB = 10**9


class ScriptedChat:
    """Writes "0 ", "1 " … to each request, one a step, and only as many steps as the test allows.

    With `together` it does not begin to write before so many requests are there. What is in `failures` is raised by
    the next calls of `begin`, or of `step` once the test allows it.
    """

    name = "scripted"

    def __init__(self, device: str = "cpu", memory_bytes: int = 7) -> None:
        self.device = device
        self.memory_bytes = memory_bytes
        self.alive = True
        self.steps = threading.Semaphore(0)
        self.together = 1
        self.left: dict[int, int] = {}
        self.written: dict[int, int] = {}
        self.begun: list[str] = []
        self.most = 0
        self.cancelled = threading.Event()
        self.closed = threading.Event()
        self.stepping = threading.Event()
        self.begin_failures: list[Exception] = []
        self.step_failures: list[Exception] = []
        self.on_begin: Callable[[str], object] = lambda text: None
        self.close_failure: Exception | None = None

    def begin(self, key: int, request: ChatRequest) -> int:
        text = request.turns[-1].text
        self.on_begin(text)
        if text == "too long":
            raise BadInput("error-prompt-too-long")
        if text == "odd":
            raise ValueError(text)
        if self.begin_failures:
            raise self.begin_failures.pop(0)
        self.begun.append(text)
        self.left[key] = request.max_new_tokens
        self.written[key] = 0
        self.most = max(self.most, len(self.left))
        return len(text)

    def step(self) -> list[Output]:
        if len(self.left) < self.together:
            time.sleep(0.001)
            return []
        self.together = 1
        if self.begun != ["Hola"]:  # the warm-up is not the test's to steer
            self.stepping.set()
            self.steps.acquire()
        if self.step_failures:
            raise self.step_failures.pop(0)
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

    def score(self, ids: Sequence[int]) -> list[float]:
        return [0.0] * (len(ids) - 1)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) for text in texts]

    def close(self) -> None:
        self.closed.set()
        self.steps.release()  # a step in progress ends
        if self.close_failure:
            raise self.close_failure

    def allow(self, steps: int) -> None:
        self.steps.release(steps)


class ScriptedBatch:
    """Answers every kind of request with something that tells the texts apart: a vector's first number is the length.

    It computes as soon as the test opens its gate, which is open at first. What is in `failures` is raised by the next
    calls.
    """

    name = "scripted"

    def __init__(self, device: str = "cpu", memory_bytes: int = 3) -> None:
        self.device = device
        self.memory_bytes = memory_bytes
        self.alive = True
        self.calls: list[tuple[str, ...]] = []
        self.gate = threading.Event()
        self.gate.set()
        self.computing = threading.Event()
        self.closing = threading.Event()
        self.may_close = threading.Event()
        self.may_close.set()
        self.closed = threading.Event()
        self.failures: list[Exception] = []

    @property
    def groups(self) -> list[int]:
        return [len(texts) for texts in self.calls]

    def run(self, request: BatchRequest) -> Results:
        texts = request.texts
        self.calls.append(texts)
        self.computing.set()
        self.gate.wait(60)
        if self.failures:
            raise self.failures.pop(0)
        if "break" in texts:
            raise RuntimeError("the engine broke")
        if "bad" in texts:
            raise BadInput
        if "lose" in texts:
            return np.zeros((0, 2), dtype=np.float32)
        return _results(request)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(text) for text in texts]

    def close(self) -> None:
        self.closing.set()
        self.may_close.wait(60)
        self.closed.set()
        self.gate.set()  # a call in progress ends


def _results(request: BatchRequest) -> Results:
    texts = request.texts
    match request:
        case EmbedRequest():
            return np.array([[len(text), 1.0] for text in texts], dtype=np.float32)
        case RewriteRequest():
            return [text.upper() for text in texts]
        case ClassifyRequest():
            labels: list[tuple[Label, ...]] = [(Label(text, 1.0),) for text in texts]
            return labels
        case ReadRequest(question=question):
            return [Reading(f"{question} {text}", 0, len(text), 1.0) for text in texts]
        case _:
            spans: list[tuple[Span, ...]] = [(Span(text, "PER", 0, len(text), 1.0),) for text in texts]
            return spans


@dataclass(frozen=True, slots=True)
class ScriptedPlacement(Placement):
    """Loads scripted engines, chat models as soon as the test opens the gate.

    Every model goes to the first of `machine` unless `where` says otherwise. `estimates` and `sizes` are bytes by
    model: what it is thought to take, and what its engine then says.
    """

    gate: threading.Event = field(default_factory=threading.Event)
    loading: threading.Event = field(default_factory=threading.Event)
    chats: list[ScriptedChat] = field(default_factory=list)
    encoders: list[ScriptedBatch] = field(default_factory=list)
    loads: list[str] = field(default_factory=list)
    failures: list[Exception] = field(default_factory=list)
    counters: list[CountTokens] = field(default_factory=list)
    machine: list[Device] = field(default_factory=lambda: [Device("cpu", 100 * GB, "float32", "CPU")])
    where: dict[str, str] = field(default_factory=dict)
    estimates: dict[str, int] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)
    catalog: list[Model] = field(default_factory=list)
    prepare: list[Callable[[ScriptedChat | ScriptedBatch], object]] = field(default_factory=list)

    def models(self) -> tuple[Model, ...]:
        return tuple(self.catalog) or Placement.models(self)

    def devices(self) -> tuple[Device, ...]:
        return tuple(self.machine)

    def target(self, model: Model, room: Mapping[str, int]) -> Target:
        return Target("torch", self.where.get(model.id, self.machine[0].name))

    def memory(self, model: Model, target: Target) -> int:
        return self.estimates.get(model.id, 1)

    def load(self, model: Model, target: Target) -> ChatEngine | BatchEngine:
        self.loads.append(model.id)
        if model.kind == "chat":
            self.loading.set()
            self.gate.wait(60)
        if self.failures:
            raise self.failures.pop(0)
        if model.kind == "chat":
            chat = ScriptedChat(target.device, self.sizes.get(model.id, 7))
            self._made(chat)
            self.chats.append(chat)
            return chat
        batch = ScriptedBatch(target.device, self.sizes.get(model.id, 3))
        self._made(batch)
        self.encoders.append(batch)
        return batch

    def _made(self, engine: ScriptedChat | ScriptedBatch) -> None:
        if self.prepare:
            self.prepare.pop(0)(engine)

    def token_counter(self, model: Model) -> CountTokens | None:
        return self.counters[-1] if self.counters else None
