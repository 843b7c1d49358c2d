"""A model's place in the manager: loaded once for all who ask, leased by those who use it."""

import asyncio
import contextlib
import time
from collections.abc import Callable, Generator
from dataclasses import replace
from typing import Generic, Protocol, TypeVar

import structlog

from bot.errors import BotError, Busy, EngineFailed
from bot.inference.api import ModelState
from bot.inference.catalog import Model
from bot.inference.engines.protocol import Engine
from bot.inference.lane import Lane

log = structlog.get_logger(__name__)


class Resident(Protocol):
    """A loaded model at work: a Worker or an EncoderWorker."""

    failed: bool

    @property
    def engine(self) -> Engine:
        """The model's engine."""
        ...

    @property
    def running(self) -> int:
        """Requests at work."""
        ...

    @property
    def queued(self) -> int:
        """Requests that wait."""
        ...

    def close(self, timeout: float) -> None:
        """Stop, waiting at most `timeout` seconds."""
        ...


R = TypeVar("R", bound=Resident)


class Slot(Generic[R]):
    """Loads a model in a thread, once for everybody, and again after a failure when the next one asks.

    Everything here happens on the event loop but `load`, which blocks. At most `limit` leases are given at a time.
    """

    def __init__(self, model: Model, load: Callable[[Model], R], limit: int) -> None:
        self.model = model
        self.leases = 0
        self._load_model = load
        self._limit = limit
        self._loading: asyncio.Task[R | BotError] | None = None
        self._closed = False

    @property
    def resident(self) -> R | None:
        """What is loaded and works."""
        if self._loading is None or not self._loading.done() or self._loading.cancelled():
            return None
        outcome = self._loading.result()
        if isinstance(outcome, BotError) or outcome.failed or not outcome.engine.alive:
            return None
        return outcome

    @contextlib.contextmanager
    def lease(self) -> Generator[None, None, None]:
        """Hold the model while it is in use or awaited; raises Busy when too many do."""
        if self.leases >= self._limit:
            raise Busy(model=self.model.id)
        self.leases += 1
        try:
            yield
        finally:
            self.leases -= 1

    def load(self) -> "asyncio.Task[R | BotError]":
        """Return the load in progress or done, starting one when nothing that works is loaded."""
        if self._loading is None or (self._loading.done() and self.resident is None):
            self._let_go()
            self._loading = asyncio.create_task(self._load_in_thread())
        return self._loading

    def _let_go(self) -> None:
        """End what is left of an engine that died while it was idle."""
        if self._loading is not None and not self._loading.cancelled():
            outcome = self._loading.result()
            if not isinstance(outcome, BotError):
                outcome.close(0)

    async def get(self) -> R:
        """Return the loaded model, loading it first if need be. Raises what the load raised, or EngineFailed."""
        loading = self.load()
        # Waited for, not awaited: a caller that gives up must not cancel the load that others share.
        await asyncio.wait({loading})
        return loaded(loading)

    def state(self) -> ModelState:
        """Return how the model stands; it is known to be installed."""
        state = ModelState(self.model.id, "installed", self.model.kind, self.model.licence, maker=self.model.maker)
        state = replace(state, memory_bytes=self.model.memory_bytes, queued=self.leases)
        if (resident := self.resident) is not None:
            engine = resident.engine
            state = replace(state, state="loaded", engine=engine.name, device=engine.device)
            return replace(state, memory_bytes=engine.memory_bytes, running=resident.running, queued=resident.queued)
        if self._loading is None:
            return state
        return replace(state, state="failed" if self._loading.done() else "loading")

    async def close(self, timeout: float) -> None:  # noqa: ASYNC109 - a bound for a thread, not for a coroutine
        """Stop the loaded model, and a load in progress when it ends."""
        self._closed = True
        if (resident := self.resident) is not None:
            await asyncio.to_thread(resident.close, timeout)
        elif self._loading is not None:
            self._loading.cancel()

    async def _load_in_thread(self) -> R | BotError:
        lane = Lane(f"load-{self.model.id}")
        started = time.monotonic()
        try:
            resident = await lane.run(self._load_now)
        except BotError as error:
            log.warning("model load failed", model=self.model.id, error=str(error))
            return error
        except Exception:
            log.exception("model load failed", model=self.model.id)
            return EngineFailed("error-load-failed", model=self.model.id)
        finally:
            lane.close()
        log.info("model loaded", model=self.model.id, seconds=round(time.monotonic() - started, 1))
        return resident

    def _load_now(self) -> R:
        resident = self._load_model(self.model)
        if self._closed:
            resident.close(0)
        return resident


def loaded(loading: "asyncio.Task[R | BotError]") -> R:
    """Return what a finished load brought, or raise why it brought nothing."""
    outcome = EngineFailed() if loading.cancelled() else loading.result()
    if isinstance(outcome, BotError):
        raise outcome
    return outcome
