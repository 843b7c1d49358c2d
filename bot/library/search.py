"""Find the passages of a shelf that a question is about: by words and by meaning."""

import asyncio
import re
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import structlog

from bot.errors import BotError
from bot.inference.api import EmbedRequest, Inference
from bot.library.shelf_index import Scored, Vectors, Words, ranked
from bot.library.stems import asked, plain, stems, words_of
from bot.storage import passages
from bot.storage.database import Database
from bot.storage.materials import Shelf
from bot.storage.passages import Place, Standing
from bot.tasks.models import Models

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float32]
    Numbers = npt.NDArray[np.int64]

# Indexes kept in memory, and the passages that they may have together, the one in use aside.
_MOST_SHELVES, _MOST_ROWS = 16, 200_000
# Passages that have a phrase's stems are read, to see its very words, so many at a time.
_READ_AT_ONCE = 20
# Longer queries say nothing more: the encoder reads 512 tokens.
_LONGEST_QUERY = 2000
_QUOTED = re.compile(r"[\"“”«»]([^\"“”«»]*)[\"“”«»]")

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found; `kind` is its material's.

    `score` by the fused ranks, `similarity` its cosine to the query, 0 if unknown.
    """

    chunk_id: int
    material_id: int
    title: str
    kind: str
    page: int
    last_page: int
    text: str
    score: float
    similarity: float


@dataclass(slots=True)
class _Index:
    """A shelf's index: `rows` has each material's place, `vectors` None where no passage has one."""

    shelf: Shelf
    standing: tuple[Standing, ...]
    encoder: str
    ids: list[int]
    rows: dict[int, range]
    words: Words
    vectors: Vectors | None = None
    with_vectors: dict[int, int] = field(default_factory=dict)


class Search:
    """Searches shelves; their indexes are made when first needed, and kept as long as there is room."""

    def __init__(self, database: Database, inference: Inference) -> None:
        self._database, self._inference = database, inference
        self._indexes: OrderedDict[Shelf, _Index] = OrderedDict()
        self._making: dict[Shelf, asyncio.Lock] = {}

    async def search(self, chat_id: int | None, thread_id: int, query: str, limit: int = 5) -> list[Hit]:
        """Return the passages nearest to a query, the best first, of the chat's material or else the starter course.

        What stands in quotation marks must occur in that order, whatever its case and accents. Meaning counts where an
        encoder is installed and the passages have their vectors.
        """
        query = query[:_LONGEST_QUERY]
        vector, index = await asyncio.gather(self._embed(query), self._index(Shelf(chat_id, thread_id)))
        return await self.nearest(index, query, vector, limit)

    async def nearest(self, index: _Index, query: str, vector: "Floats | None", limit: int) -> list[Hit]:
        """Return what `search` does, given the index and the query's vector."""
        phrases = [quoted for quoted in _QUOTED.findall(query) if re.search(r"\w", quoted)]
        scored = await asyncio.to_thread(_scored, index, query, vector, phrases)
        return await (
            self._with_phrases(index, scored, phrases, limit) if phrases else self._hits(index, scored[:limit])
        )

    async def _with_phrases(
        self, index: _Index, scored: Sequence[Scored], phrases: Sequence[str], limit: int
    ) -> list[Hit]:
        found: list[Hit] = []
        for start in range(0, len(scored), _READ_AT_ONCE):
            hits = await self._hits(index, scored[start : start + _READ_AT_ONCE])
            found += await asyncio.to_thread(_saying, hits, phrases)
            if len(found) >= limit:
                break
        return found[:limit]

    async def _hits(self, index: _Index, scored: Sequence[Scored]) -> list[Hit]:
        ids = [index.ids[one.row] for one in scored]
        known = await self._database.transact(passages.places, index.shelf, ids)
        return [_hit(known[id_], one) for id_, one in zip(ids, scored, strict=True) if id_ in known]

    async def _embed(self, query: str) -> "Floats | None":
        encoder = self._encoder()
        if not encoder or not query.strip():
            return None
        try:
            vectors = await self._inference.embed(EmbedRequest(encoder, (query,), "query"))
        except BotError as error:
            _log.warning("search by words alone", key=error.key)
            return None
        first: Floats = vectors[0]
        return first

    def _encoder(self) -> str:
        return Models(self._inference, "").encoder()

    # ---- indexes

    async def _index(self, shelf: Shelf) -> _Index:
        standing = await self._database.transact(passages.standing, shelf)
        if not standing and shelf.chat_id is not None:
            return await self._index(Shelf(None))
        async with self._making.setdefault(shelf, asyncio.Lock()):
            known = self._indexes.get(shelf)
            if known is None or _texts_of(known.standing) != _texts_of(standing):
                known = await self._made(shelf, standing)
            if known.standing != standing or known.encoder != self._encoder() or not known.with_vectors:
                await self._fill(known, standing)
            self._keep(shelf, known)
        return known

    async def _made(self, shelf: Shelf, standing: tuple[Standing, ...]) -> _Index:
        """Index words; each material is read in a transaction of its own, so that others get their turn."""
        ids, rows, words = list[int](), dict[int, range](), list[Sequence[str]]()
        for material in standing:
            texts = await self._database.transact(passages.texts, material.id)
            rows[material.id] = range(len(ids), len(ids) + len(texts))
            ids += [id_ for id_, _ in texts]
            words += await asyncio.to_thread(_stemmed, texts, material.language)
        return _Index(shelf, (), "", ids, rows, await asyncio.to_thread(Words, words))

    async def _fill(self, index: _Index, standing: tuple[Standing, ...]) -> None:
        """Take in the vectors that an index lacks."""
        encoder = self._encoder()
        if encoder != index.encoder:
            index.vectors, index.with_vectors, index.encoder = None, {}, encoder
        for material in standing:
            if encoder and index.with_vectors.get(material.id) != material.done:
                known = index.with_vectors.get(material.id, 0)
                found = await self._database.transact(passages.vectors, material.id, encoder, known)
                await asyncio.to_thread(_put, index, material.id, found)
                index.with_vectors[material.id] = material.done
        if index.vectors and all(material.done == len(index.rows[material.id]) for material in standing):
            await asyncio.to_thread(index.vectors.sketch)
        index.standing = standing

    def _keep(self, shelf: Shelf, index: _Index) -> None:
        self._indexes[shelf] = index
        self._indexes.move_to_end(shelf)
        for gone in [*self._indexes][:-1]:
            if not self._too_many():
                break
            lock = self._making.get(gone)
            if lock is None or not lock.locked():  # nobody is filling it
                del self._indexes[gone]
                self._making.pop(gone, None)

    def _too_many(self) -> bool:
        rows = sum(len(index.ids) for index in self._indexes.values())
        return len(self._indexes) > _MOST_SHELVES or rows > _MOST_ROWS


def _texts_of(standing: Sequence[Standing]) -> list[object]:
    return [(material.id, material.language, material.added_at) for material in standing]


def _stemmed(texts: Sequence[tuple[int, str]], language: str) -> list[list[str]]:
    return [stems(text, language) for _, text in texts]


def _put(index: _Index, material_id: int, found: Sequence[tuple[int, bytes]]) -> None:
    import numpy as np

    if not found:
        return
    made = np.frombuffer(b"".join(vector for _, vector in found), dtype=np.float16).reshape(len(found), -1)
    if index.vectors is None:
        index.vectors = Vectors(len(index.ids), made.shape[1])
    places = {index.ids[row]: row for row in index.rows[material_id]}
    index.vectors.put([places[id_] for id_, _ in found], made.astype(np.float32))


def _scored(index: _Index, query: str, vector: "Floats | None", phrases: Sequence[str]) -> list[Scored]:
    vectors = (
        index.vectors if vector is not None and index.vectors and index.vectors.dimensions == len(vector) else None
    )
    words = index.words.scores(asked(query))
    if not phrases:
        return ranked(words, vectors, vector)
    return ranked(words, vectors, vector, _saying_all(index.words, phrases))


def _saying_all(words: Words, phrases: Sequence[str]) -> "Numbers":
    import numpy as np

    rows = [words.saying([asked(word) for word in words_of(phrase)]) for phrase in phrases]
    found = rows[0]
    for more in rows[1:]:
        found = np.intersect1d(found, more, assume_unique=True)
    return found


def _saying(hits: Sequence[Hit], phrases: Sequence[str]) -> list[Hit]:
    wanted = [f" {plain(phrase)} " for phrase in phrases]
    return [hit for hit in hits if all(phrase in f" {plain(hit.text)} " for phrase in wanted)]


def _hit(place: Place, scored: Scored) -> Hit:
    return Hit(
        place.id,
        place.material_id,
        place.title,
        place.kind,
        place.page,
        place.last_page,
        place.text,
        scored.score,
        scored.similarity,
    )
