"""A model's place in the manager: loaded once for all who ask, leased by those who use it."""

import asyncio
import contextlib
import time
from collections import Counter
from collections.abc import Callable, Coroutine, Generator
from dataclasses import dataclass, replace
from typing import Any, Generic, Literal, Protocol, TypeVar

import structlog

from bot.errors import BotError, Busy, EngineFailed
from bot.inference import metrics
from bot.inference.api import ModelState
from bot.inference.budget import Booking
from bot.inference.catalog import Model
from bot.inference.engines.protocol import Engine

log = structlog.get_logger(__name__)

# How often a model whose engine breaks is loaded again without anybody asking, until a request goes well.
_RELOADS = 3
# How long what leaves is waited for before its memory counts as free; engines end within five seconds.
_LEAVE_SECONDS = 10.0


class Resident(Protocol):
    """A loaded model at work: a Worker or a BatchWorker."""

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


@dataclass(frozen=True, slots=True)
class Loaded(Generic[R]):
    """What a load brought, and the memory that is booked for it."""

    resident: R
    booking: Booking


@dataclass(frozen=True, slots=True)
class Housing(Generic[R]):
    """How a slot's model comes and goes: `load` raises BotErrors, `end` gives everything back."""

    load: Callable[[Model], Coroutine[Any, Any, Loaded[R]]]
    end: Callable[[Loaded[R], float], Coroutine[Any, Any, None]]


class Slot(Generic[R]):
    """Loads a model once for everybody; again after a failure, by itself a few times, or when the next one asks.

    Everything here happens on the event loop. At most `limit` leases are given at a time, half of them to one person;
    person 0 stands for nobody in particular and may have all.
    """

    def __init__(self, model: Model, housing: Housing[R], limit: int) -> None:
        self.model = model
        self.last_used = time.monotonic()
        self._housing = housing
        self._limit = limit
        self._leases: Counter[int] = Counter()
        self._holds = 0
        self._reloads = 0
        self._closed = False
        self._loading: asyncio.Task[Loaded[R] | BotError] | None = None

    @property
    def loaded(self) -> Loaded[R] | None:
        """What is loaded, whether it works or not."""
        if self._loading is None or not self._loading.done() or self._loading.cancelled():
            return None
        outcome = self._loading.result()
        return None if isinstance(outcome, BotError) else outcome

    @property
    def resident(self) -> R | None:
        """What is loaded and works."""
        loaded = self.loaded
        if loaded is None or loaded.resident.failed or not loaded.resident.engine.alive:
            return None
        return loaded.resident

    @property
    def idle(self) -> bool:
        """Tell whether something is loaded that nobody uses."""
        return self._holds == 0 and self.loaded is not None

    def rested(self, seconds: float) -> bool:
        """Tell whether nobody has used the model, or awaited it, for so long."""
        return self._holds == 0 and time.monotonic() - self.last_used >= seconds

    @contextlib.contextmanager
    def lease(self, person: int) -> Generator[None, None, None]:
        """Hold the model while a request uses or awaits it; raises Busy when too many do."""
        if self._leases.total() >= self._limit:
            raise self._busy()
        if person and self._leases[person] >= max(1, self._limit // 2):
            raise self._busy("error-too-many-questions")
        self._leases[person] += 1
        try:
            with self.hold():
                yield
            self._reloads = 0
        finally:
            self._leases[person] -= 1
            self._leases += Counter()  # forgets those who hold none

    @contextlib.contextmanager
    def hold(self) -> Generator[None, None, None]:
        """Keep the model from being unloaded, without taking one of the places."""
        self._holds += 1
        try:
            yield
        finally:
            self._holds -= 1
            self.last_used = time.monotonic()

    def load(self) -> "asyncio.Task[Loaded[R] | BotError]":
        """Return the load in progress or done, starting one when nothing that works is loaded.

        Raises EngineFailed once the slot is closed.
        """
        if self._closed:
            raise EngineFailed
        if self._loading is None or (self._loading.done() and self.resident is None):
            self._loading = asyncio.create_task(self._load(self.loaded))
        return self._loading

    async def settled(self) -> None:
        """Wait until a load in progress has ended, well or badly; starts none."""
        if self._loading is not None:
            await asyncio.wait({self._loading})

    async def get(self) -> R:
        """Return the loaded model, loading it first if need be. Raises what the load raised, or EngineFailed."""
        loading = self.load()
        # Waited for, not awaited: a caller that gives up must not cancel the load that others share.
        await asyncio.wait({loading})
        return resident(loading)

    def broken(self) -> None:
        """Load anew in place of an engine that broke; after some times in a row wait until somebody asks."""
        if self._closed or self.loaded is None or self.resident is not None:
            return
        if self._reloads < _RELOADS:
            self._reloads += 1
            self.load()

    async def unload(self) -> bool:
        """Give the memory back; tell whether there was any and nobody used it."""
        loaded = self.loaded
        if loaded is None or not self.idle:
            return False
        self._loading = None
        await self._housing.end(loaded, _LEAVE_SECONDS)
        return True

    @property
    def known(self) -> bool:
        """Tell whether there is more to say of the model than that it is installed or not."""
        return self._loading is not None

    def state(self) -> ModelState:
        """Return how a model stands that is loading or loaded, or failed to be."""
        model = self.model
        state = replace(at_rest(model, "installed"), queued=self._leases.total())
        if (resident := self.resident) is not None:
            engine = resident.engine
            state = replace(state, state="loaded", engine=engine.name, device=engine.device)
            return replace(state, memory_bytes=engine.memory_bytes, running=resident.running, queued=resident.queued)
        if self._loading is None:
            return state
        return replace(state, state="failed" if self._loading.done() else "loading")

    async def close(self, timeout: float) -> None:  # noqa: ASYNC109 - a bound for a thread, not for a coroutine
        """Stop the loaded model; a load in progress is given up, and what it brings is closed."""
        self._closed = True
        if (loaded := self.loaded) is not None:
            await self._housing.end(loaded, timeout)
        elif self._loading is not None:
            self._loading.cancel()

    def _busy(self, key: str | None = None) -> Busy:
        metrics.FAILURES.labels(self.model.id, "Busy").inc()
        return Busy(key, model=self.model.id)

    async def _load(self, broken: Loaded[R] | None) -> Loaded[R] | BotError:
        try:
            if broken is not None:
                await self._housing.end(broken, _LEAVE_SECONDS)
            loaded = await self._housing.load(self.model)
        except BotError as error:
            log.warning("model load failed", model=self.model.id, error=str(error))
            return error
        except Exception:
            log.exception("model load failed", model=self.model.id)
            return EngineFailed("error-load-failed", model=self.model.id)
        self.last_used = time.monotonic()
        return loaded


def resident(loading: "asyncio.Task[Loaded[R] | BotError]") -> R:
    """Return what a finished load brought, or raise why it brought nothing."""
    outcome = EngineFailed() if loading.cancelled() else loading.result()
    if isinstance(outcome, BotError):
        raise outcome
    return outcome.resident


def at_rest(model: Model, state: Literal["installed", "missing"]) -> ModelState:
    """Return the state of a model that nobody has asked for yet."""
    return ModelState(
        model.id,
        state,
        model.kind,
        model.licence,
        memory_bytes=model.memory_bytes,
        maker=model.maker,
        tasks=model.tasks,
        languages=model.languages,
    )
