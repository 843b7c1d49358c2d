"""The thread in which a chat engine works: admits requests in turn, steps while there are any, tells each its news."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

import structlog

from bot.errors import BotError, EngineFailed, OutOfMemory
from bot.inference import metrics
from bot.inference.api import ChatRequest, Done, Event, Finish, Piece, Waiting
from bot.inference.engines.protocol import ChatEngine, Output
from bot.inference.queue import FairQueue
from bot.inference.throughput import Throughput

log = structlog.get_logger(__name__)

T = TypeVar("T")
Deliver = Callable[[Event | Exception], None]

# How long a thread whose engine was closed in the middle of its work is waited for.
CLOSED_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Help:
    """Whom a worker turns to from its thread.

    `make_room` blocks until idle models have left the device; `broken` hears that the engine is, and has been closed.
    """

    make_room: Callable[[], None]
    broken: Callable[[], None]


@dataclass(slots=True)
class _Job:
    request: ChatRequest
    deliver: Deliver
    position: int = -1  # none was told yet
    submitted: float = field(default_factory=time.monotonic)
    prompt_tokens: int = 0
    new_tokens: int = 0
    first_token_s: float = 0.0
    parts: list[str] = field(default_factory=list)

    def fail(self, error: BotError) -> None:
        metrics.FAILURES.labels(self.request.model, type(error).__name__).inc()
        self.deliver(error)


class Worker:
    """Drives one chat engine in one daemon thread.

    At most `max_running` requests are in the engine, half of them background ones; the others wait their turn (see
    FairQueue) and hear their position. What is shared between threads changes under one lock, which is never held
    while the engine computes.
    """

    def __init__(self, engine: ChatEngine, max_running: int, helped: Help, throughput: Throughput) -> None:
        self.engine = engine
        self.failed = False
        self._max_running = max_running
        self._help = helped
        self._throughput = throughput
        self._changed = threading.Condition()
        self._queue = FairQueue()
        self._waiting: dict[int, _Job] = {}
        self._running: dict[int, _Job] = {}
        self._cancelled: list[int] = []
        self._last_key = 0
        self._closing = False
        self._thread = threading.Thread(target=self._run, name=f"{engine.name}-chat", daemon=True)
        self._thread.start()

    @property
    def running(self) -> int:
        """Requests inside the engine."""
        return len(self._running)

    @property
    def queued(self) -> int:
        """Requests that wait for a place."""
        return len(self._waiting)

    def submit(self, request: ChatRequest, deliver: Deliver) -> int:
        """Queue a request and return its key; `deliver` is called from the engine's thread. Raises EngineFailed."""
        with self._changed:
            if self.failed or self._closing:
                raise EngineFailed
            self._last_key += 1
            self._waiting[self._last_key] = _Job(request, deliver)
            self._queue.add(self._last_key, request.person, request.priority)
            self._announce_positions()
            self._changed.notify()
            return self._last_key

    def cancel(self, key: int) -> None:
        """Take a request out: at once while it waits, before the next step while it runs. Unknown keys are ignored."""
        with self._changed:
            if (job := self._waiting.pop(key, None)) is not None:
                self._queue.remove(key)
                self._announce_positions()
                metrics.CANCELS.labels(job.request.model, "queued").inc()
            elif (job := self._running.pop(key, None)) is not None:
                self._cancelled.append(key)
                self._changed.notify()
                metrics.CANCELS.labels(job.request.model, "running").inc()

    def close(self, timeout: float) -> None:
        """Fail every request at once and stop after the step in progress, or in it where it takes `timeout` seconds."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        self._fail_all()
        self._thread.join(timeout)
        if self._thread.is_alive():
            self._close_engine()
            self._thread.join(CLOSED_SECONDS)

    def _run(self) -> None:
        try:
            while self._wait_for_work():
                self._admit()
                if self._running:
                    self._step()
        except Exception:
            log.exception("engine failed", engine=self.engine.name)
        self._fail_all()
        self._close_engine()
        if not self._closing:
            self._help.broken()

    def _close_engine(self) -> None:
        try:
            self.engine.close()
        except Exception:
            log.exception("engine not closed", engine=self.engine.name)

    def _wait_for_work(self) -> bool:
        with self._changed:
            while not (self._closing or self._waiting or self._running or self._cancelled):
                self._changed.wait()
            return not self._closing

    def _admit(self) -> None:
        with self._changed:
            cancelled, self._cancelled = self._cancelled, []
            admitted = {key: self._waiting.pop(key) for key in self._queue.take(*self._room())}
            self._running |= admitted
            if admitted:
                self._announce_positions()
        for key in cancelled:
            self.engine.cancel(key)
        for key, job in admitted.items():
            self._begin(key, job)

    def _room(self) -> tuple[int, int]:
        """Return how many requests may join the running ones, and how many of those background ones."""
        background = sum(job.request.priority == "background" for job in self._running.values())
        return self._max_running - len(self._running), max(1, self._max_running // 2) - background

    def _begin(self, key: int, job: _Job) -> None:
        if key not in self._running:  # cancelled in the meantime
            self._forget(key)
            return
        metrics.QUEUE_SECONDS.labels(job.request.model).observe(time.monotonic() - job.submitted)
        try:
            job.prompt_tokens = self._with_room(lambda: self.engine.begin(key, job.request))
        except Exception as error:
            # One request that cannot begin must not stop the others.
            self._forget(key)
            # The message may quote the prompt, so only the kind of error is logged.
            log.warning("request refused by engine", engine=self.engine.name, error=type(error).__name__)
            job.fail(error if isinstance(error, BotError) else EngineFailed())
            if not self.engine.alive:
                raise
        else:
            metrics.PROMPT_TOKENS.labels(job.request.model).inc(job.prompt_tokens)

    def _step(self) -> None:
        started = time.monotonic()
        jobs = list(self._running.values())
        try:
            outputs = self._with_room(self.engine.step)
        except OutOfMemory as error:
            self._give_up_running(error)
            return
        if jobs:
            metrics.BATCH_SIZE.labels(jobs[0].request.model).observe(len(jobs))
        self._throughput.add(sum(output.new_tokens for output in outputs), time.monotonic() - started)
        for output in outputs:
            self._tell(output)

    def _with_room(self, call: Callable[[], T]) -> T:
        """Call the engine, and once more with idle models gone if its memory does not suffice."""
        try:
            return call()
        except OutOfMemory:
            log.warning("out of memory, making room", engine=self.engine.name, device=self.engine.device)
            self._help.make_room()
        return call()

    def _give_up_running(self, error: OutOfMemory) -> None:
        # The engine lives, and has its memory back when those that filled it are gone. Who waits, waits on.
        log.warning("out of memory, running requests fail", engine=self.engine.name, running=len(self._running))
        with self._changed:
            jobs = dict(self._running)
            self._running.clear()
            self._cancelled += jobs
        for job in jobs.values():
            job.fail(error)

    def _tell(self, output: Output) -> None:
        job = self._running.get(output.key)
        if job is None:
            if output.finish is not None:
                self._forget(output.key)
            return
        if not job.new_tokens and output.new_tokens:
            job.first_token_s = time.monotonic() - job.submitted
            metrics.FIRST_TOKEN_SECONDS.labels(job.request.model).observe(job.first_token_s)
        job.new_tokens += output.new_tokens
        metrics.TOKENS.labels(job.request.model).inc(output.new_tokens)
        if output.text:
            job.parts.append(output.text)
            job.deliver(Piece(output.text))
        if output.finish is not None:
            self._finish(output.key, job, output.finish)

    def _finish(self, key: int, job: _Job, finish: Finish) -> None:
        self._forget(key)
        seconds = time.monotonic() - job.submitted
        text = "".join(job.parts)
        job.deliver(Done(text, job.prompt_tokens, job.new_tokens, finish, job.first_token_s, seconds))

    def _forget(self, key: int) -> None:
        """Drop a request that the engine no longer knows; one cancelled meanwhile needs no cancelling any more."""
        with self._changed:
            self._running.pop(key, None)
            if key in self._cancelled:
                self._cancelled.remove(key)

    def _announce_positions(self) -> None:
        # Those for whom there is room join as soon as the step in progress ends, and need not hear that they wait.
        joining = set(self._queue.next(*self._room()))
        behind = (key for key in self._queue.order() if key not in joining)
        for position, key in enumerate(behind):
            job = self._waiting[key]
            if job.position != position:
                job.position = position
                job.deliver(Waiting("queued", position))

    def _fail_all(self) -> None:
        with self._changed:
            self.failed = True
            jobs = [*self._running.values(), *self._waiting.values()]
            for key in self._waiting:
                self._queue.remove(key)
            self._running.clear()
            self._waiting.clear()
        for job in jobs:
            job.fail(EngineFailed())
