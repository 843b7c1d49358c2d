"""The group's material: taken in, indexed in the background, found again."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from hashlib import sha256

import structlog
from sqlalchemy.orm import Session

from bot.errors import BadInput, BotError
from bot.inference.api import Inference
from bot.library.chunking import chunked
from bot.library.course import course_documents
from bot.library.documents import Document
from bot.library.indexing import Indexing, insist
from bot.library.kinds import kinds_named
from bot.library.reading import Reader, title_of
from bot.library.search import Hit, Search
from bot.storage import materials
from bot.storage.database import Database
from bot.storage.materials import Described, Passage, Shelf
from bot.storage.tables import Material
from bot.tasks.models import Models

# On a shelf; it bounds what a chat can make the machine keep and compute.
MOST_MATERIALS = 200
# Of a chat, in all of its topics.
MOST_PASSAGES = 100_000
# Files fetched and read at once, which are in memory meanwhile; and materials whose progress is shown.
_ROOM, _MOST_FOLLOWED = 4, 100

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Added:
    """A material as it stands on its shelf; `new` unless the same bytes stood there before."""

    material: Material
    new: bool


class Library:
    """What groups study."""

    def __init__(self, database: Database, inference: Inference) -> None:
        self._database, self._inference = database, inference
        self._reader = Reader()
        self._indexing = Indexing(database, inference)
        self._search = Search(database, inference)
        self._followers = set[asyncio.Task[None]]()
        # To be held from before a file is fetched until it is read.
        self.room = asyncio.Semaphore(_ROOM)

    async def read(self, name: str, data: bytes) -> Document:
        """Return the text of a file, by page.

        Raises BadInput, with a key that says why, for what cannot be read; Busy when too many files are waiting.
        """
        return await self._reader.read(name, data)

    async def add(self, shelf: Shelf, name: str, data: bytes, added_by: int | None = None) -> Added:
        """Put a file on a shelf; it can be searched by its words at once, by meaning when it is indexed.

        What another chat has read already is not read again. Raises what `read` does, and BadInput for a full shelf.
        """
        digest = (await asyncio.to_thread(sha256, data)).hexdigest()
        if known := await self._known(shelf, name, digest, added_by):
            return known
        document = await self.read(name, data)
        return Added(await self._store(shelf, document, digest, len(data), added_by), new=True)

    async def progress(self, material_id: int) -> AsyncGenerator[Material]:
        """Yield a material as it stands, and again with each bit of progress, until it is ready, failed or gone.

        It ends as well when the library does: a handler may outlive the wish to stop it.
        """
        while True:
            news = self._indexing.news
            material = await self._database.transact(materials.get, material_id)
            if material is None:
                return
            yield material
            if material.state not in ("new", "indexing") or self._indexing.ended:
                return
            await news.wait()

    def follow(self, material_id: int, show: Callable[[Material], Awaitable[None]]) -> None:
        """Show in the background what `progress` yields; of too many at once, the last ones' progress is not shown."""
        if len(self._followers) < _MOST_FOLLOWED and not self._indexing.ended:
            task = asyncio.create_task(self._follow(material_id, show))
            self._followers.add(task)
            task.add_done_callback(self._followers.discard)

    async def _follow(self, material_id: int, show: Callable[[Material], Awaitable[None]]) -> None:
        try:
            async with aclosing(self.progress(material_id)) as progress:
                async for now in progress:
                    await show(now)
        except Exception as error:  # noqa: BLE001 - whatever keeps it from being shown, indexing goes on
            _log.warning("progress is not shown", material=material_id, error=type(error).__name__)

    async def search(self, shelf: Shelf, query: str, limit: int = 5) -> list[Hit]:
        """Return the passages nearest to a query, the best first; where a shelf is empty, the starter course's."""
        return await self._search.search(shelf.chat_id, shelf.thread_id, query, limit)

    async def remove(self, shelf: Shelf, material_id: int) -> bool:
        """Take a material off its shelf for good; tell whether it was there."""
        removed = await self._database.transact(materials.remove, shelf, material_id)
        self._indexing.tell()
        return removed

    async def run(self) -> None:
        """Take in the starter course where it is new, and index what is to be indexed, until cancelled."""
        try:
            await insist(self._take_in_courses)
            await self._indexing.run()
        finally:
            self._indexing.end()
            for task in self._followers:
                task.cancel()
            await asyncio.gather(*self._followers, return_exceptions=True)

    async def _take_in_courses(self) -> None:
        for course in course_documents():
            await self._take_in(course)

    async def _take_in(self, course: Document) -> None:
        content = "\f".join(page.text for page in course.pages).encode()
        digest = sha256(content).hexdigest()
        await self._database.transact(materials.remove_course, course.language, digest)
        if await self._database.transact(materials.same, Shelf(None), digest, {"course"}) is None:
            await self._store(Shelf(None), course, digest, len(content))

    async def _known(self, shelf: Shelf, name: str, digest: str, added_by: int | None) -> Added | None:
        kinds = kinds_named(name)

        def look(session: Session) -> Added | None:
            if known := materials.same(session, shelf, digest, kinds):
                materials.retry(session, known.id)
                return Added(known, new=False)
            if materials.count(session, shelf) >= MOST_MATERIALS:
                raise BadInput("error-library-full", limit=MOST_MATERIALS)
            copied = materials.copy(session, shelf, title_of(name), digest, kinds, added_by)
            if copied:
                _check_room(session, shelf)
            return Added(copied, new=True) if copied else None

        found = await self._database.transact(look)
        if found:
            self._indexing.wake()
        return found

    async def _store(
        self, shelf: Shelf, document: Document, digest: str, size: int, added_by: int | None = None
    ) -> Material:
        passages: list[Passage] = await chunked(document, self._count)
        about = Described(document.title, document.kind, document.language, digest, size, len(document.pages))

        def put(session: Session) -> Material:
            material = materials.add(session, shelf, about, passages, added_by)
            _check_room(session, shelf)
            return material

        material = await self._database.transact(put)
        self._indexing.wake()
        return material

    async def _count(self, texts: Sequence[str]) -> Sequence[int]:
        """Return texts' lengths in the encoder's tokens, estimated where it cannot be asked."""
        encoder = Models(self._inference, "").encoder()
        try:
            return await self._inference.count_tokens(encoder, texts)
        except BotError as error:
            _log.info("lengths are estimated", key=error.key)
            return [len(text) // 3 + 1 for text in texts]


def _check_room(session: Session, shelf: Shelf) -> None:
    """Raise BadInput, which undoes the transaction, where a chat has got too many passages."""
    if shelf.chat_id is not None and materials.passages_of(session, shelf.chat_id) > MOST_PASSAGES:
        raise BadInput("error-library-passages", limit=MOST_PASSAGES)
