"""The bot's chat engine without the bot: requests begin, and steps are taken until all have ended."""

import asyncio
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from typing import cast

from benchmarks.asked import Answer, Round
from bot.config import Settings
from bot.inference.api import ChatRequest
from bot.inference.catalog import Model
from bot.inference.engines.protocol import ChatEngine
from bot.inference.placement import Placement


class Engine:
    """An engine to which requests are given as the manager gives them."""

    def __init__(self, engine: ChatEngine) -> None:
        self._engine = engine
        self._next = 0
        self.prompt_tokens = 0
        """Length of the last prompt that it read."""

    async def ask(self, requests: Sequence[ChatRequest]) -> Round:
        """Begin all requests at once, and step to the end."""
        return await asyncio.to_thread(self._run, requests)

    def _run(self, requests: Sequence[ChatRequest]) -> Round:
        start = time.monotonic()
        keys = range(self._next, self._next + len(requests))
        self._next = keys.stop
        for key, request in zip(keys, requests, strict=True):
            self.prompt_tokens = self._engine.begin(key, request)
        first: dict[int, float] = {}
        tokens = dict.fromkeys(keys, 0)
        running = set(keys)
        while running:
            for output in self._engine.step():
                tokens[output.key] += output.new_tokens
                if output.new_tokens:
                    first.setdefault(output.key, time.monotonic() - start)
                if output.finish is not None:
                    running.discard(output.key)
        return Round(time.monotonic() - start, tuple(Answer(first[key], tokens[key]) for key in keys))


def placement(settings: Settings) -> Placement:
    """Return the choices that the bot makes with these settings."""
    return Placement(settings.weights_dir, settings.engine, settings.device, settings.threads, settings.max_running)


@asynccontextmanager
async def engine(settings: Settings, model: Model) -> AsyncGenerator[Engine]:
    """Load the chat model as the bot does; gives it back at the end of the block."""
    placed = placement(settings)
    target = placed.target(model, {device.name: device.capacity for device in placed.devices()})
    loaded = cast("ChatEngine", await asyncio.to_thread(placed.load, model, target))
    try:
        yield Engine(loaded)
    finally:
        loaded.close()
