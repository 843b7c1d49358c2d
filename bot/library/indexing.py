"""Passages get their vectors in the background, whenever nobody waits for the encoder."""

import asyncio
from collections.abc import Sequence

import structlog

from bot.errors import BotError, Busy, ModelMissing
from bot.inference.api import EmbedRequest, Inference
from bot.storage import materials
from bot.storage.database import Database
from bot.storage.tables import Chunk
from bot.tasks.models import Models

# Passages handed to the encoder together, and attempts before a material is given up.
_AT_ONCE, _ATTEMPTS = 32, 3
# Seconds before what went wrong is tried again.
PAUSE = 2.0

_log = structlog.get_logger(__name__)


class Indexing:
    """Gives vectors to the passages that lack them. All state is in the database, so it goes on after a restart."""

    def __init__(self, database: Database, inference: Inference) -> None:
        self._database, self._inference = database, inference
        self._work = asyncio.Event()
        self._news = asyncio.Event()
        self.ended = False

    @property
    def news(self) -> asyncio.Event:
        """An event that is set when something has changed; each serves once."""
        return self._news

    def wake(self) -> None:
        """There is something new to index."""
        self._work.set()

    def end(self) -> None:
        """Nothing more will be indexed: nobody shall wait for it."""
        self.ended = True
        self.tell()

    async def run(self) -> None:
        """Index, until cancelled."""
        if encoder := self._encoder():
            await self._database.transact(materials.reopen, encoder)
        while True:
            self._work.clear()
            chunks = await self._database.transact(materials.pending, _AT_ONCE)
            if chunks:
                await self._index(chunks)
                self.tell()
            else:
                await self._work.wait()

    def _encoder(self) -> str:
        return Models(self._inference, "").encoder()

    def tell(self) -> None:
        """Let those who wait for news look again."""
        self._news.set()
        self._news = asyncio.Event()

    async def _index(self, chunks: Sequence[Chunk]) -> None:
        encoder, material_id = self._encoder(), chunks[0].material_id
        if not encoder:
            await self._database.transact(materials.settle)
            return
        problem = ""
        for _ in range(_ATTEMPTS):
            try:
                vectors = await self._vectors(encoder, chunks)
            except ModelMissing:
                await self._database.transact(materials.settle)
                return
            except BotError as error:
                _log.warning("indexing failed", material=material_id, key=error.key)
                problem = error.key
                await asyncio.sleep(PAUSE)
                if isinstance(error, Busy):
                    return  # others go first; the loop comes back to it
            else:
                await self._database.transact(materials.store_vectors, material_id, vectors, encoder)
                return
        await self._database.transact(materials.fail, material_id, problem)

    async def _vectors(self, encoder: str, chunks: Sequence[Chunk]) -> dict[int, bytes]:
        texts = tuple(_embedded(chunk) for chunk in chunks)
        rows = await self._inference.embed(EmbedRequest(encoder, texts, "passage", priority="background"))
        return {chunk.id: row.astype("float16").tobytes() for chunk, row in zip(chunks, rows, strict=True)}


def _embedded(chunk: Chunk) -> str:
    """Return what stands for a passage: its words, below the heading that they may not repeat."""
    return chunk.text if not chunk.heading or chunk.heading in chunk.text else f"{chunk.heading}\n{chunk.text}"
