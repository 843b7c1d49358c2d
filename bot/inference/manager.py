"""The one manager of this machine's models: loads each once, shares it among all who ask, streams what it writes."""

import asyncio
from collections.abc import AsyncGenerator, Iterable, Sequence
from pathlib import Path
from typing import Literal

import structlog

from bot.errors import BotError, EngineFailed
from bot.inference.api import ChatRequest, Done, EmbedRequest, Event, ModelState, Turn, Vectors, Waiting
from bot.inference.catalog import Kind, Model, find
from bot.inference.encoding import EncoderWorker
from bot.inference.engines.protocol import ChatEngine
from bot.inference.lane import Lane
from bot.inference.mailbox import Mailbox
from bot.inference.placement import CountTokens, Placement
from bot.inference.slot import Resident, Slot, loaded
from bot.inference.worker import Worker

log = structlog.get_logger(__name__)

_LOADING_NEWS_SECONDS = 3.0


class Manager:
    """Implements bot.inference.api.Inference over the engines of this machine.

    Made from plain values, without importing anything heavy; its methods belong to one event loop. Each model takes
    at most `max_running` + `max_queued` requests at a time, those that wait for its load included.
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
        placement: Placement | None = None,
    ) -> None:
        self._placement = placement or Placement(weights_dir, engine, device, threads, max_running)
        self._max_running = max_running
        self._limit = max_running + max_queued
        self._chats: dict[str, Slot[Worker]] = {}
        self._encoders: dict[str, Slot[EncoderWorker]] = {}
        self._counters: dict[str, CountTokens] = {}
        self._counting: Lane | None = None
        self._closed = False

    async def stream(self, request: ChatRequest) -> AsyncGenerator[Event, None]:
        """Yield the events of one request; see Inference.stream. Close it to cancel the request at any stage."""
        slot = self._chat(request.model)
        with slot.lease():
            loading = slot.load()
            while not loading.done():
                yield Waiting("loading")
                await asyncio.wait({loading}, timeout=_LOADING_NEWS_SECONDS)
            worker, mailbox = loaded(loading), Mailbox()
            key = worker.submit(request, mailbox.put)
            try:
                event: Event | None = None
                while not isinstance(event, Done):
                    event = await mailbox.get()
                    yield event
            finally:
                worker.cancel(key)

    async def embed(self, request: EmbedRequest) -> Vectors:
        """Return unit vectors of shape (texts, dimensions). Raises ModelMissing, Busy or EngineFailed."""
        slot = self._encoder(request.model)
        if not request.texts:
            import numpy as np

            return np.zeros((0, slot.model.dimensions), dtype=np.float32)
        with slot.lease():
            encoder = await slot.get()
            return await encoder.embed(request.texts, request.purpose)

    async def count_tokens(self, model: str, texts: Sequence[str]) -> list[int]:
        """Return each text's length in tokens, without special tokens.

        Before the model is loaded this loads its tokenizer alone where that is quick, and the model where it is not.
        """
        slot = self._slot(model)
        if self._counting is None:
            self._counting = Lane("token-counts")
        counted = await self._counting.run(self._count, slot.model, slot.resident, texts)
        if counted is not None:
            return counted
        with slot.lease():
            resident = await slot.get()
            return await self._counting.run(resident.engine.count_tokens, texts)

    def states(self) -> list[ModelState]:
        """Return the state of every model in the catalog."""
        return [self._state(model) for model in self._placement.models()]

    async def preload(self, model_ids: Iterable[str]) -> None:
        """Load models one after another ahead of the first request; a failure is logged, and a request retries."""
        for model_id in model_ids:
            try:
                await self._slot(model_id).get()
            except BotError as error:
                log.warning("preload failed", model=model_id, error=str(error))

    async def close(self, timeout: float = 10.0) -> None:  # noqa: ASYNC109 - a bound for threads, not for a coroutine
        """Fail what is in progress and stop the threads, waiting at most `timeout` seconds for all of them together."""
        self._closed = True
        if self._counting is not None:
            self._counting.close()
        slots: list[Slot[Worker] | Slot[EncoderWorker]] = [*self._chats.values(), *self._encoders.values()]
        await asyncio.gather(*(slot.close(timeout) for slot in slots))

    def _slot(self, model_id: str) -> Slot[Worker] | Slot[EncoderWorker]:
        return self._chat(model_id) if find(model_id).kind == "chat" else self._encoder(model_id)

    def _chat(self, model_id: str) -> Slot[Worker]:
        model = self._check(model_id, "chat")
        return self._chats.setdefault(model_id, Slot(model, self._load_chat, self._limit))

    def _encoder(self, model_id: str) -> Slot[EncoderWorker]:
        model = self._check(model_id, "encoder")
        return self._encoders.setdefault(model_id, Slot(model, self._load_encoder, self._limit))

    def _check(self, model_id: str, kind: Kind) -> Model:
        if self._closed:
            raise EngineFailed
        return self._placement.check(model_id, kind)

    def _load_chat(self, model: Model) -> Worker:
        engine = self._placement.load_chat(model)
        _warm_up(engine, model)
        return Worker(engine, self._max_running)

    def _load_encoder(self, model: Model) -> EncoderWorker:
        engine = self._placement.load_encoder(model)
        engine.run(EmbedRequest(model.id, ("Hola",), "query"))
        return EncoderWorker(engine)

    def _count(self, model: Model, resident: Resident | None, texts: Sequence[str]) -> list[int] | None:
        """Count in the counting thread, which alone touches the counters."""
        if resident is not None:
            return resident.engine.count_tokens(texts)
        counter = self._counters.get(model.id) or self._placement.token_counter(model)
        if counter is None:
            return None
        self._counters[model.id] = counter
        return counter(texts)

    def _state(self, model: Model) -> ModelState:
        slot = self._chats.get(model.id) or self._encoders.get(model.id)
        if slot is not None:
            return slot.state()
        state: Literal["installed", "missing"] = "installed" if self._placement.installed(model) else "missing"
        return ModelState(
            model.id, state, model.kind, model.licence, memory_bytes=model.memory_bytes, maker=model.maker
        )


def _warm_up(engine: ChatEngine, model: Model) -> None:
    # The first request after a load pays for what the library sets up lazily: 2.7 s with openvino-genai.
    request = ChatRequest(model.id, (Turn("user", "Hola"),), max_new_tokens=2, temperature=0)
    engine.begin(0, request)
    while not any(output.finish for output in engine.step()):
        pass
