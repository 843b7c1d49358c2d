"""Models that take texts and give one result for each, at work for several callers."""

import asyncio
import itertools
import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from typing import Any, cast

import structlog

from bot.errors import BadInput, BotError, EngineFailed, OutOfMemory
from bot.inference import metrics
from bot.inference.api import BatchRequest, RewriteRequest
from bot.inference.engines.protocol import BatchEngine, Results
from bot.inference.lane import Lane
from bot.inference.queue import FairQueue
from bot.inference.worker import CLOSED_SECONDS, Help

log = structlog.get_logger(__name__)

# Texts in one call, which cannot be interrupted, so that a long job lets others in between; writing takes longest.
_GROUP, _GROUP_WRITTEN = 32, 8
_SMALL = 8  # texts of a request that is computed together with another's: a long one would hold up a short one


@dataclass(slots=True, eq=False)
class _Group:
    """Some of a request's texts, which are computed in one call."""

    request: BatchRequest
    results: "Future[Results]" = field(default_factory=Future)
    submitted: float = field(default_factory=time.monotonic)

    @property
    def size(self) -> int:
        return len(self.request.texts)

    def alike(self, other: "_Group") -> bool:
        return self.size <= _SMALL and _kind(self.request) == _kind(other.request)


class BatchWorker:
    """Runs one engine in one thread; callers take turns by groups of texts, see FairQueue.

    Small groups that ask for the same with other texts share a call. What is shared between threads changes under one
    lock, which is never held while the engine computes.
    """

    def __init__(self, engine: BatchEngine, helped: Help) -> None:
        self.engine = engine
        self.failed = False
        self._help = helped
        self._lock = threading.Lock()
        self._queue = FairQueue()
        self._waiting: dict[int, _Group] = {}
        self._running: list[_Group] = []
        self._keys = itertools.count(1)
        self._closing = False
        self._ended = False
        self._lane = Lane(f"{engine.name}-batch")

    @property
    def running(self) -> int:
        """Groups of texts in the call in progress."""
        return len(self._running)

    @property
    def queued(self) -> int:
        """Groups of texts that wait."""
        return len(self._waiting)

    async def run(self, request: BatchRequest) -> Results:
        """Return the results in the order of the texts, of which there is one at least.

        Raises BadInput, OutOfMemory or EngineFailed. A caller that is cancelled takes what still waits with it.
        """
        most = _most(request)
        starts = range(0, len(request.texts), most)
        groups = [_Group(replace(request, texts=request.texts[start : start + most])) for start in starts]
        keys = self._submit(groups)
        results = [asyncio.wrap_future(group.results) for group in groups]
        try:
            return _joined(await asyncio.gather(*results))
        except asyncio.CancelledError:
            stage = "queued" if self._waiting.keys() >= set(keys) else "running"
            metrics.CANCELS.labels(request.model, stage).inc()
            raise
        except BotError as error:
            metrics.FAILURES.labels(request.model, type(error).__name__).inc()
            raise
        finally:
            self._withdraw(keys)
            for result in results:
                result.cancel()

    def close(self, timeout: float) -> None:
        """Fail every request at once and stop after the call in progress, or in it where it takes `timeout` seconds."""
        self._closing = True
        self._fail_all()
        self._end()
        if not self._lane.join(timeout):
            self._close_engine()
            self._lane.join(CLOSED_SECONDS)

    def _submit(self, groups: Sequence[_Group]) -> list[int]:
        with self._lock:
            if self.failed:
                raise EngineFailed
            keys = [next(self._keys) for _ in groups]
            for key, group in zip(keys, groups, strict=True):
                self._waiting[key] = group
                self._queue.add(key, group.request.person, group.request.priority)
        for _ in groups:
            self._lane.start(self._work)
        return keys

    def _withdraw(self, keys: Sequence[int]) -> None:
        with self._lock:
            for key in keys:
                if self._queue.remove(key):
                    del self._waiting[key]

    def _work(self) -> None:
        """Compute the group whose turn it is; there is none where it was withdrawn or shared another's call."""
        with self._lock:
            self._running = self._take()
        if not self._running:
            return
        for group in self._running:
            metrics.QUEUE_SECONDS.labels(group.request.model).observe(time.monotonic() - group.submitted)
        try:
            self._compute(self._running)
        except Exception:
            log.exception("engine failed", engine=self.engine.name)
            self._fail_all()
            self._end()
        finally:
            self._running = []

    def _take(self) -> list[_Group]:
        keys = self._queue.take(1, 1)
        if keys:
            keys += self._sharing(self._waiting[keys[0]])
        return [self._waiting.pop(key) for key in keys]

    def _sharing(self, first: _Group) -> list[int]:
        """Take out of the queue those that can share the call with a small group."""
        shared, room = [], _most(first.request) - first.size
        for key in self._queue.order() if first.size <= _SMALL else ():
            group = self._waiting[key]
            if group.size <= room and group.alike(first):
                room -= group.size
                shared.append(key)
        for key in shared:
            self._queue.remove(key)
        return shared

    def _compute(self, groups: Sequence[_Group]) -> None:
        """Settle the groups with one call, or each with its own where one of them spoils it for the others."""
        texts = tuple(text for group in groups for text in group.request.texts)
        try:
            results = self._call(replace(groups[0].request, texts=texts))
        except (BadInput, OutOfMemory) as error:
            if len(groups) == 1:
                self._settle(groups[0], error)
                return
            for group in groups:
                self._compute([group])
            return
        start = 0
        for group in groups:
            self._settle(group, results[start : start + group.size])
            start += group.size

    def _call(self, request: BatchRequest) -> Results:
        try:
            results = self.engine.run(request)
        except OutOfMemory:
            log.warning("out of memory, making room", engine=self.engine.name, device=self.engine.device)
            self._help.make_room()
            results = self.engine.run(request)
        if len(results) != len(request.texts):
            raise RuntimeError(f"{len(results)} results for {len(request.texts)} texts")
        metrics.BATCH_SIZE.labels(request.model).observe(len(request.texts))
        metrics.TEXTS.labels(request.model).inc(len(request.texts))
        return results

    def _settle(self, group: _Group, outcome: "Results | BotError") -> None:
        with self._lock:
            # Its caller may have gone, or the worker may have been closed.
            if group.results.done() or not group.results.set_running_or_notify_cancel():
                return
            if isinstance(outcome, BotError):
                group.results.set_exception(outcome)
            else:
                group.results.set_result(outcome)

    def _fail_all(self) -> None:
        with self._lock:
            self.failed = True
            groups = [*self._running, *self._waiting.values()]
            self._waiting, self._queue = {}, FairQueue()
        for group in groups:
            self._settle(group, EngineFailed())

    def _end(self) -> None:
        """Let the thread end with what is left to do: give the memory back, and tell of it if nobody asked for it."""
        with self._lock:
            if self._ended:
                return
            self._ended = True
        self._lane.close(last=self._finish)

    def _finish(self) -> None:
        self._close_engine()
        if not self._closing:
            self._help.broken()

    def _close_engine(self) -> None:
        try:
            self.engine.close()
        except Exception:
            log.exception("engine not closed", engine=self.engine.name)


def _kind(request: BatchRequest) -> BatchRequest:
    """Return what two requests must have in common to share a call."""
    return replace(request, texts=(), person=0)


def _most(request: BatchRequest) -> int:
    return _GROUP_WRITTEN if isinstance(request, RewriteRequest) else _GROUP


def _joined(parts: Sequence[Results]) -> Results:
    first = parts[0]
    if isinstance(first, list):
        return cast("Results", [result for part in parts for result in part])
    import numpy as np

    return np.concatenate(cast("Sequence[Any]", parts))
