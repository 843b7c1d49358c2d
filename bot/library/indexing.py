"""Passages get their vectors in the background, whenever nobody waits for the encoder."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

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
        # The chat whose passages were the last to get their vectors.
        self._served: int | None = None
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
            await insist(lambda: self._database.transact(materials.reopen, encoder))
        while True:
            await insist(self._go_on)

    async def _go_on(self) -> None:
        self._work.clear()
        chunks, self._served = await self._database.transact(_next, self._served)
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
            except Exception as error:  # noqa: BLE001 - one odd material must not stop the others
                _log.error("indexing failed", material=material_id, exc_info=error)
                problem = "error-unexpected"
                break
            else:
                await self._database.transact(materials.store_vectors, material_id, vectors, encoder)
                return
        await self._database.transact(materials.fail, material_id, problem)

    async def _vectors(self, encoder: str, chunks: Sequence[Chunk]) -> dict[int, bytes]:
        texts = tuple(_embedded(chunk) for chunk in chunks)
        rows = await self._inference.embed(EmbedRequest(encoder, texts, "passage", priority="background"))
        return {chunk.id: row.astype("float16").tobytes() for chunk, row in zip(chunks, rows, strict=True)}


async def insist(call: Callable[[], Awaitable[object]]) -> None:
    """Make a call that may be repeated, until the database takes it."""
    while True:
        try:
            await call()
        except SQLAlchemyError as error:
            _log.error("the database is away, trying again", error=type(error).__name__)
            await asyncio.sleep(PAUSE)
        else:
            return


def _next(session: Session, served: int | None) -> tuple[list[Chunk], int | None]:
    """Return passages of the chat whose turn it is, and that chat's id."""
    chunks = materials.pending(session, _AT_ONCE, served)
    material = materials.get(session, chunks[0].material_id) if chunks else None
    return chunks, (material.chat_id or 0) if material else served


def _embedded(chunk: Chunk) -> str:
    """Return what stands for a passage: its words, below the heading that they may not repeat."""
    return chunk.text if not chunk.heading or chunk.heading in chunk.text else f"{chunk.heading}\n{chunk.text}"
