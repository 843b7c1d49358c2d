"""The one manager of this machine's models: loads each once, shares it among all who ask, streams what it writes."""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
from contextlib import aclosing
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any, Literal, cast

import structlog

from bot.errors import BadInput, BotError, EngineFailed, ModelMissing
from bot.inference.api import (
    BatchRequest,
    ChatRequest,
    ClassifyRequest,
    Done,
    EmbedRequest,
    Event,
    Label,
    ModelState,
    Reading,
    ReadRequest,
    RewriteRequest,
    Span,
    Status,
    TagRequest,
    Vectors,
    Waiting,
)
from bot.inference.batching import BatchWorker
from bot.inference.catalog import Kind, Model
from bot.inference.engines.protocol import Results
from bot.inference.lane import Lane
from bot.inference.loader import Loader, R
from bot.inference.mailbox import Mailbox
from bot.inference.placement import CountTokens, Placement
from bot.inference.slot import Housing, Loaded, Resident, Slot, at_rest, resident
from bot.inference.throughput import Throughput
from bot.inference.worker import Help, Worker

log = structlog.get_logger(__name__)

_LOADING_NEWS_SECONDS = 3.0
# A model that is loaded ahead waits until nobody has used another for so long, in seconds: longer than the pause
# between two things that one answer asks of a model.
_QUIET_SECONDS = 1.0


class Manager:
    """Implements bot.inference.api.Inference over the engines of this machine.

    Made from plain values, without importing anything heavy; its methods belong to one event loop. Each model takes
    at most `max_running` + `max_queued` requests at a time, those that wait for its load included. Models that nobody
    has used for `idle_seconds` are unloaded; 0 keeps them until another needs their memory.
    """

    def __init__(  # noqa: PLR0913 - one plain value for each setting that inference has
        self,
        weights_dir: Path,
        *,
        engine: Literal["auto", "openvino", "torch"] = "auto",
        device: Literal["auto", "cpu", "cuda", "mps"] = "auto",
        threads: int = 0,
        max_running: int = 16,
        max_queued: int = 64,
        memory_limit: int = 0,
        idle_seconds: float = 0,
        placement: Placement | None = None,
    ) -> None:
        self._placement = placement or Placement(weights_dir, engine, device, threads, max_running, memory_limit)
        self._max_running = max_running
        self._limit = max_running + max_queued
        self._idle_seconds = idle_seconds
        self._chats: dict[str, Slot[Worker]] = {}
        self._batches: dict[str, Slot[BatchWorker]] = {}
        self._loader = Loader(self._placement, self._slots)
        self._throughput = Throughput()
        self._counters: dict[str, CountTokens] = {}
        self._counting: Lane | None = None
        self._unloading: asyncio.Task[None] | None = None
        self._closed = False

    async def stream(self, request: ChatRequest) -> AsyncGenerator[Event, None]:
        """Yield the events of one request; see Inference.stream. Close it to cancel the request at any stage."""
        slot = self._chat(request.model)
        _check_text(request)
        with slot.lease(request.person):
            loading = slot.load()
            while not loading.done():
                yield Waiting("loading")
                await asyncio.wait({loading}, timeout=_LOADING_NEWS_SECONDS)
            worker, mailbox = resident(loading), Mailbox()
            key = worker.submit(request, mailbox.put)
            try:
                event: Event | None = None
                while not isinstance(event, Done):
                    event = await mailbox.get()
                    yield event
            finally:
                worker.cancel(key)

    async def generate(self, request: ChatRequest) -> Done:
        """Return the whole answer at once."""
        async with aclosing(self.stream(request)) as events:
            async for event in events:
                if isinstance(event, Done):
                    return event
        raise EngineFailed

    async def embed(self, request: EmbedRequest) -> Vectors:
        """Return unit vectors of shape (texts, dimensions)."""
        if not request.texts:
            import numpy as np

            return np.zeros((0, self._batch(request.model, "encoder").model.dimensions), dtype=np.float32)
        return cast("Vectors", await self._run(request, "encoder"))

    async def rewrite(self, request: RewriteRequest) -> list[str]:
        """Return each text's translation or summary."""
        return cast("list[str]", await self._run(request, "seq2seq"))

    async def classify(self, request: ClassifyRequest) -> list[tuple[Label, ...]]:
        """Return each text's labels, the likeliest first."""
        return cast("list[tuple[Label, ...]]", await self._run(request, "classifier"))

    async def tag(self, request: TagRequest) -> list[tuple[Span, ...]]:
        """Return each text's named entities in order."""
        return cast("list[tuple[Span, ...]]", await self._run(request, "tagger"))

    async def read(self, request: ReadRequest) -> list[Reading]:
        """Return what each text answers to the question."""
        return cast("list[Reading]", await self._run(request, "reader"))

    async def count_tokens(self, model: str, texts: Sequence[str]) -> list[int]:
        """Return each text's length in tokens, without special tokens.

        Waits for a model that is on its way. One that nobody has asked for is not loaded where its tokenizer alone
        quickly is.
        """
        kind = self._find(model).kind
        slot = self._chat(model) if kind == "chat" else self._batch(model, kind)
        _check_text(list(texts))
        if self._counting is None:
            self._counting = Lane("token-counts")
        with slot.hold():
            await slot.settled()
            counted = await self._counting.run(self._count, slot.model, slot.resident, texts)
            if counted is not None:
                return counted
            return await self._counting.run((await slot.get()).engine.count_tokens, texts)

    def states(self) -> list[ModelState]:
        """Return the state of every model in the catalog."""
        return [self._state(model) for model in self._placement.models()]

    def status(self) -> Status:
        """Return how everything stands; the devices are known once the first model is loaded or on its way."""
        budget, workers = self._loader.budget, [slot.resident for slot in self._slots()]
        return Status(
            devices=tuple(device.description for device in self._loader.devices),
            memory_bytes=sum(budget.used(device) for device in budget.capacity),
            memory_limit=sum(budget.capacity.values()),
            running=sum(worker.running for worker in workers if worker is not None),
            queued=sum(worker.queued for worker in workers if worker is not None),
            tokens_per_second=self._throughput.per_second(),
            models=tuple(self.states()),
        )

    async def preload(self, model_ids: Iterable[str]) -> None:
        """Load models one after another ahead of the first request, where they fit beside those already loaded.

        Each waits for a quiet moment: loading takes the processor from those who answer. A failure is logged, and a
        request retries.
        """
        for model_id in model_ids:
            try:
                await self._quiet(model_id)
                await self._preload(self._find(model_id))
            except BotError as error:
                log.warning("preload failed", model=model_id, error=str(error))

    async def close(self, timeout: float = 10.0) -> None:  # noqa: ASYNC109 - a bound for threads, not for a coroutine
        """Fail what is in progress and stop the threads, waiting at most `timeout` seconds for all of them together."""
        self._closed = True
        if self._unloading is not None:
            self._unloading.cancel()
        if self._counting is not None:
            self._counting.close()
        await asyncio.gather(*(slot.close(timeout) for slot in self._slots()))

    async def _quiet(self, model_id: str) -> None:
        """Wait until nobody has used any other model for a while."""
        others = [slot for slot in self._slots() if slot.model.id != model_id]
        while not all(slot.rested(_QUIET_SECONDS) for slot in others):  # noqa: ASYNC110 - quiet is a matter of time
            await asyncio.sleep(_QUIET_SECONDS / 4)

    async def _preload(self, model: Model) -> None:
        slot = self._chat(model.id) if model.kind == "chat" else self._batch(model.id, model.kind)
        if slot.resident is not None:
            return
        if await self._loader.fits(model):
            await slot.get()
        else:
            log.info("not preloaded, there is no room for it", model=model.id)

    async def _run(self, request: BatchRequest, kind: Kind) -> Results:
        slot = self._batch(request.model, kind)
        if not request.texts:
            return []
        _check_text(request)
        with slot.lease(request.person):
            return await (await slot.get()).run(request)

    def _slots(self) -> list[Slot[Worker] | Slot[BatchWorker]]:
        return [*self._chats.values(), *self._batches.values()]

    def _chat(self, model_id: str) -> Slot[Worker]:
        slot = self._chats.get(model_id)
        self._check(model_id, "chat", slot)
        if slot is None:
            slot = Slot(self._find(model_id), Housing(self._load_chat, self._loader.end), self._limit)
            self._chats[model_id] = slot
        return slot

    def _batch(self, model_id: str, kind: Kind) -> Slot[BatchWorker]:
        slot = self._batches.get(model_id)
        self._check(model_id, kind, slot)
        if slot is None:
            slot = Slot(self._find(model_id), Housing(self._load_batch, self._loader.end), self._limit)
            self._batches[model_id] = slot
        return slot

    def _check(self, model_id: str, kind: Kind, slot: Slot[Worker] | Slot[BatchWorker] | None) -> None:
        if self._closed:
            raise EngineFailed
        # What is loaded does not need its files any more.
        if slot is None or slot.resident is None or slot.model.kind != kind:
            self._placement.check(model_id, kind)

    def _find(self, model_id: str) -> Model:
        for model in self._placement.models():
            if model.id == model_id:
                return model
        raise ModelMissing("error-model-unknown", model=model_id)

    async def _load_chat(self, model: Model) -> Loaded[Worker]:
        def employ(engine: Any, helped: Help) -> Worker:
            return Worker(engine, self._max_running, helped, self._throughput)

        return await self._load(model, employ, self._chats[model.id].broken)

    async def _load_batch(self, model: Model) -> Loaded[BatchWorker]:
        return await self._load(model, BatchWorker, self._batches[model.id].broken)

    async def _load(self, model: Model, employ: Callable[[Any, Help], R], broken: Callable[[], None]) -> Loaded[R]:
        self._watch_idle()
        loaded = await self._loader.load(model, employ, broken)
        if self._counting is not None:  # after a count in progress; from now on the model counts by itself
            self._counting.start(partial(self._counters.pop, model.id, None))
        return loaded

    def _watch_idle(self) -> None:
        if self._idle_seconds and self._unloading is None:
            self._unloading = asyncio.create_task(self._unload_unused())

    async def _unload_unused(self) -> None:
        while True:
            await asyncio.sleep(self._idle_seconds / 4)
            await self._loader.unload_unused(self._idle_seconds)

    def _count(self, model: Model, loaded: Resident | None, texts: Sequence[str]) -> list[int] | None:
        """Count in the counting thread, which alone touches the counters."""
        if loaded is not None:
            return loaded.engine.count_tokens(texts)
        counter = self._counters.get(model.id) or self._placement.token_counter(model)
        if counter is None:
            return None
        self._counters[model.id] = counter
        return counter(texts)

    def _state(self, model: Model) -> ModelState:
        slot = self._chats.get(model.id) or self._batches.get(model.id)
        if slot is not None and slot.known:
            return slot.state()
        return at_rest(model, "installed" if self._placement.installed(model) else "missing")


def _check_text(texts: Any) -> None:
    """Raise BadInput for half a surrogate pair, which no tokenizer takes, in a request or a list of texts."""
    try:
        json.dumps(texts, ensure_ascii=False, default=asdict).encode()
    except UnicodeEncodeError:
        raise BadInput from None
