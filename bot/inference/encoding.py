"""A loaded sentence encoder at work for several callers."""

from collections.abc import Sequence
from typing import Literal

from bot.errors import EngineFailed
from bot.inference.api import EmbedRequest, Vectors
from bot.inference.engines.protocol import BatchEngine
from bot.inference.lane import Lane

_GROUP = 256  # texts in one call, so that a long job lets others in between


class EncoderWorker:
    """Runs one encoder in one thread; callers take turns by groups of texts."""

    def __init__(self, engine: BatchEngine) -> None:
        self.engine = engine
        self.failed = False
        self.running = 0
        self.queued = 0
        self._lane = Lane(f"{engine.name}-encoder")

    async def embed(self, texts: Sequence[str], purpose: Literal["query", "passage"]) -> Vectors:
        """Return unit vectors in the order of `texts`, which are not empty. Raises EngineFailed."""
        import numpy as np

        starts = range(0, len(texts), _GROUP)
        return np.concatenate([await self._group(texts[start : start + _GROUP], purpose) for start in starts])

    async def _group(self, texts: Sequence[str], purpose: Literal["query", "passage"]) -> Vectors:
        if self.failed:
            raise EngineFailed
        self.queued += 1
        try:
            return await self._lane.run(self._embed, texts, purpose)
        finally:
            self.queued -= 1

    def _embed(self, texts: Sequence[str], purpose: Literal["query", "passage"]) -> Vectors:
        self.running = 1
        try:
            return self.engine.run(EmbedRequest("", tuple(texts), purpose))  # type: ignore[return-value]
        except Exception as error:
            self.failed = True
            raise EngineFailed from error
        finally:
            self.running = 0

    def close(self, timeout: float) -> None:
        """Stop after the call in progress; wait at most `timeout` seconds."""
        self.failed = True
        self._lane.close(last=self.engine.close)
        self._lane.join(timeout)
