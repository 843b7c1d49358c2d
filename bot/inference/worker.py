"""The thread in which a chat engine works: admits requests in order, steps while there are any, tells each its news."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog

from bot.errors import BotError, EngineFailed
from bot.inference.api import ChatRequest, Done, Event, Finish, Piece, Waiting
from bot.inference.engines.protocol import ChatEngine, Output

log = structlog.get_logger(__name__)

Deliver = Callable[[Event | Exception], None]


@dataclass(slots=True)
class _Job:
    request: ChatRequest
    deliver: Deliver
    position: int = 0
    submitted: float = field(default_factory=time.monotonic)
    prompt_tokens: int = 0
    new_tokens: int = 0
    first_token_s: float = 0.0
    parts: list[str] = field(default_factory=list)


class Worker:
    """Drives one chat engine in one daemon thread.

    At most `max_running` requests are in the engine; the others wait in order of arrival and hear their position. What
    is shared between threads changes under one lock, which is never held while the engine computes.
    """

    def __init__(self, engine: ChatEngine, max_running: int) -> None:
        self.engine = engine
        self.failed = False
        self._max_running = max_running
        self._changed = threading.Condition()
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
            self._announce_positions()
            self._changed.notify()
            return self._last_key

    def cancel(self, key: int) -> None:
        """Take a request out: at once while it waits, before the next step while it runs. Unknown keys are ignored."""
        with self._changed:
            if self._waiting.pop(key, None) is not None:
                self._announce_positions()
            elif self._running.pop(key, None) is not None:
                self._cancelled.append(key)
                self._changed.notify()

    def close(self, timeout: float) -> None:
        """Fail every request at once, and stop after the step in progress; wait at most `timeout` seconds for it."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        self._fail_all()
        self._thread.join(timeout)

    def _run(self) -> None:
        try:
            while self._wait_for_work():
                self._admit()
                if self._running:
                    for output in self.engine.step():
                        self._tell(output)
        except Exception:
            log.exception("engine failed", engine=self.engine.name)
        self._fail_all()
        self.engine.close()

    def _wait_for_work(self) -> bool:
        with self._changed:
            while not (self._closing or self._waiting or self._running or self._cancelled):
                self._changed.wait()
            return not self._closing

    def _admit(self) -> None:
        with self._changed:
            cancelled, self._cancelled = self._cancelled, []
            places = self._max_running - len(self._running)
            admitted = {key: self._waiting.pop(key) for key in list(self._waiting)[:places]}
            self._running |= admitted
            if admitted:
                self._announce_positions()
        for key in cancelled:
            self.engine.cancel(key)
        for key, job in admitted.items():
            self._begin(key, job)

    def _begin(self, key: int, job: _Job) -> None:
        try:
            job.prompt_tokens = self.engine.begin(key, job.request)
        except Exception as error:  # noqa: BLE001 - one request that cannot begin must not stop the others
            with self._changed:
                self._running.pop(key, None)
            # The message may quote the prompt, so only the kind of error is logged.
            log.warning("request refused by engine", engine=self.engine.name, error=type(error).__name__)
            job.deliver(error if isinstance(error, BotError) else EngineFailed())

    def _tell(self, output: Output) -> None:
        job = self._running.get(output.key)
        if job is None:
            return
        if not job.new_tokens:
            job.first_token_s = time.monotonic() - job.submitted
        job.new_tokens += output.new_tokens
        if output.text:
            job.parts.append(output.text)
            job.deliver(Piece(output.text))
        if output.finish is not None:
            self._finish(output.key, job, output.finish)

    def _finish(self, key: int, job: _Job, finish: Finish) -> None:
        with self._changed:
            self._running.pop(key, None)
        seconds = time.monotonic() - job.submitted
        text = "".join(job.parts)
        job.deliver(Done(text, job.prompt_tokens, job.new_tokens, finish, job.first_token_s, seconds))

    def _announce_positions(self) -> None:
        # Those for whom there is room join as soon as the step in progress ends, and need not hear that they wait.
        room = self._max_running - len(self._running)
        for position, job in enumerate(list(self._waiting.values())[room:], start=1):
            if job.position != position:
                job.position = position
                job.deliver(Waiting("queued", position))

    def _fail_all(self) -> None:
        with self._changed:
            self.failed = True
            jobs = [*self._running.values(), *self._waiting.values()]
            self._running.clear()
            self._waiting.clear()
        for job in jobs:
            job.deliver(EngineFailed())
