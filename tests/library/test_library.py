"""What chats add is stored once, indexed in the background, and survives whatever happens meanwhile."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from typing import Any

import numpy as np
import pytest
from sqlalchemy.exc import OperationalError

from bot.config import Settings
from bot.errors import BadInput, BotError, Busy, EngineFailed
from bot.inference.api import EmbedRequest, ModelState, Vectors
from bot.library import indexing, library
from bot.library.course import course_documents
from bot.library.library import Library
from bot.storage import materials, people
from bot.storage.database import Database, opened
from bot.storage.materials import Shelf
from bot.storage.tables import Material
from tests.conftest import PATIENCE, Script

MINE, THEIRS, TOPIC = Shelf(1), Shelf(2), Shelf(1, 7)
BOOK = "\f".join(f"La página {number} habla de la atención." for number in range(1, 41)).encode()


class Encoder(Script):
    """An encoder that gives each text a vector of its own, may fail, and may be held up."""

    name = "e5"
    errors: list[BotError]
    texts: list[str]

    def __init__(self) -> None:
        super().__init__()
        self.errors, self.texts = [], []
        self.gate.set()

    def states(self) -> list[ModelState]:
        return [ModelState(self.name, "installed", "encoder")] if self.name else []

    async def embed(self, request: EmbedRequest) -> Vectors:
        await self.gate.wait()
        if self.errors:
            raise self.errors.pop()
        assert (request.model, request.purpose, request.priority) == (self.name, "passage", "background")
        self.texts += request.texts
        return np.array([[len(text), 1.0] for text in request.texts], dtype=np.float32)


@pytest.fixture
def encoder(monkeypatch: pytest.MonkeyPatch) -> Encoder:
    monkeypatch.setattr(indexing, "PAUSE", 0)
    monkeypatch.setattr(library, "course_documents", lambda: ())
    return Encoder()


@pytest.fixture
async def database(settings: Settings) -> AsyncGenerator[Database]:
    async with opened(settings.database) as database:
        for chat in (1, 2):
            await database.transact(people.meet_chat, chat, "private", "Lucía")
        yield database


@asynccontextmanager
async def running(database: Database, encoder: Encoder) -> AsyncGenerator[Library]:
    open_library = Library(database, encoder)
    task = asyncio.create_task(open_library.run())
    async with asyncio.timeout(PATIENCE):
        yield open_library
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def indexed(shelved: Library, material: Material) -> list[tuple[str, int]]:
    return [(now.state, now.done) async for now in shelved.progress(material.id)]


async def test_a_file_is_stored_at_once_and_indexed_with_progress(database: Database, encoder: Encoder) -> None:
    encoder.gate.clear()
    async with running(database, encoder) as shelved:
        added = await shelved.add(MINE, "apuntes.txt", BOOK)
        material = added.material
        assert (added.new, material.title, material.kind, material.language) == (True, "apuntes", "txt", "es")
        assert (material.state, material.pages, material.chunks, material.bytes) == ("indexing", 40, 40, len(BOOK))
        first = await database.transact(materials.passage_at, material.id, 0)
        assert first is not None
        assert (first.page, first.text, first.vector) == (1, "La página 1 habla de la atención.", None)
        encoder.gate.set()
        progress = await indexed(shelved, material)
        assert progress[-1] == ("ready", 40)
        assert [done for _, done in progress] == sorted(done for _, done in progress)
        last = await database.transact(materials.passage_at, material.id, 39)
        assert last is not None
        assert np.frombuffer(last.vector or b"", dtype=np.float16).tolist() == [len(last.text), 1.0]
        assert last.encoder == "e5"


async def test_the_same_bytes_are_stored_once_on_a_shelf_and_read_once_for_all(
    database: Database, encoder: Encoder
) -> None:
    async with running(database, encoder) as shelved:
        first = await shelved.add(MINE, "a.txt", BOOK)
        await indexed(shelved, first.material)
        again = await shelved.add(MINE, "b.txt", BOOK)
        assert (again.new, again.material.id) == (False, first.material.id)
        theirs = await shelved.add(THEIRS, "Libro de Ana.txt", BOOK)
        assert (theirs.new, theirs.material.title, theirs.material.state) == (True, "Libro de Ana", "ready")
        assert len(encoder.texts) == 40
        copied = await database.transact(materials.passage_at, theirs.material.id, 3)
        assert copied is not None
        assert copied.vector is not None
        # Whoever removes theirs takes nothing from others.
        assert await shelved.remove(MINE, first.material.id)
        assert await database.transact(materials.passage_at, theirs.material.id, 3)


async def test_indexing_goes_on_after_a_restart(database: Database, encoder: Encoder) -> None:
    encoder.gate.clear()
    async with running(database, encoder) as shelved:
        material = (await shelved.add(MINE, "a.txt", BOOK)).material
    encoder.gate.set()
    async with running(database, encoder) as shelved:
        assert (await indexed(shelved, material))[-1] == ("ready", 40)


async def test_another_encoder_makes_all_vectors_anew(database: Database, encoder: Encoder) -> None:
    async with running(database, encoder) as shelved:
        material = (await shelved.add(MINE, "a.txt", BOOK)).material
        await indexed(shelved, material)
    encoder.name = "another"
    async with running(database, encoder) as shelved:
        await shelved.add(MINE, "b.txt", b"hola")
        while (now := await database.transact(materials.get, material.id)) is None or now.state != "ready":
            await asyncio.sleep(0)
        chunk = await database.transact(materials.passage_at, material.id, 0)
        assert chunk is not None
        assert chunk.encoder == "another"


async def test_without_an_encoder_words_can_be_searched_all_the_same(database: Database, encoder: Encoder) -> None:
    encoder.name = ""
    async with running(database, encoder) as shelved:
        material = (await shelved.add(MINE, "a.txt", BOOK)).material
        assert (await indexed(shelved, material))[-1] == ("ready", 0)
    encoder.name = "e5"  # installed later
    async with running(database, encoder) as shelved:
        other = (await shelved.add(MINE, "b.txt", b"hola")).material
        await indexed(shelved, other)
        now = await database.transact(materials.get, material.id)
        assert now is not None
        assert (now.state, now.done) == ("ready", 40)


async def test_a_busy_or_broken_engine_is_asked_again(database: Database, encoder: Encoder) -> None:
    encoder.errors = [EngineFailed(), Busy(), EngineFailed()]
    async with running(database, encoder) as shelved:
        material = (await shelved.add(MINE, "a.txt", BOOK)).material
        assert (await indexed(shelved, material))[-1] == ("ready", 40)


async def test_what_fails_again_and_again_is_told_and_can_be_retried(database: Database, encoder: Encoder) -> None:
    encoder.errors = [EngineFailed(), EngineFailed(), EngineFailed()]
    async with running(database, encoder) as shelved:
        material = (await shelved.add(MINE, "a.txt", BOOK)).material
        assert (await indexed(shelved, material))[-1] == ("failed", 0)
        failed = await database.transact(materials.get, material.id)
        assert failed is not None
        assert failed.problem == "error-engine-failed"
        again = await shelved.add(MINE, "a.txt", BOOK)
        assert (await indexed(shelved, again.material))[-1] == ("ready", 40)


async def test_progress_ends_when_a_material_is_removed(database: Database, encoder: Encoder) -> None:
    encoder.gate.clear()
    async with running(database, encoder) as shelved:
        material = (await shelved.add(MINE, "a.txt", BOOK)).material
        watching = asyncio.create_task(indexed(shelved, material))
        await asyncio.sleep(0)
        assert await shelved.remove(MINE, material.id)
        assert set(await watching) <= {("indexing", 0)}
        encoder.gate.set()
        assert (await indexed(shelved, (await shelved.add(MINE, "b.txt", b"hola")).material))[-1] == ("ready", 1)


async def test_progress_ends_with_the_library(database: Database, encoder: Encoder) -> None:
    encoder.gate.clear()
    async with running(database, encoder) as shelved:
        material = (await shelved.add(MINE, "a.txt", BOOK)).material
        watching = asyncio.create_task(indexed(shelved, material))
        await asyncio.sleep(0)
    async with asyncio.timeout(PATIENCE):
        assert set(await watching) == {("indexing", 0)}


async def test_what_cannot_be_read_is_not_stored(database: Database, encoder: Encoder) -> None:
    async with running(database, encoder) as shelved:
        with pytest.raises(BadInput, match="error-file-kind"):
            await shelved.add(MINE, "a.exe", b"MZ")
        assert await database.transact(materials.count, MINE) == 0


async def test_a_full_shelf_takes_no_more(
    database: Database, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(library, "MOST_MATERIALS", 1)
    async with running(database, encoder) as shelved:
        await shelved.add(MINE, "a.txt", b"uno")
        with pytest.raises(BadInput, match="error-library-full"):
            await shelved.add(MINE, "b.txt", b"dos")
        assert not (await shelved.add(MINE, "a.txt", b"uno")).new


async def test_topics_see_their_own_material_and_the_general_one(database: Database, encoder: Encoder) -> None:
    async with running(database, encoder) as shelved:
        general = (await shelved.add(MINE, "a.txt", b"uno")).material.id
        own = (await shelved.add(TOPIC, "b.txt", b"dos")).material.id

    async def seen(shelf: Shelf) -> list[int]:
        return [one.id for one in await database.transact(materials.listed, shelf)]

    assert await seen(TOPIC) == [own, general]
    assert await seen(MINE) == [general]
    assert await seen(THEIRS) == []
    assert await database.transact(materials.visible, MINE, own) is None
    assert not await database.transact(materials.remove, THEIRS, general)


async def test_the_course_is_taken_in_once_and_renewed(
    database: Database, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    for documents in (course_documents(), course_documents(), course_documents()[:1]):
        monkeypatch.setattr(library, "course_documents", lambda documents=documents: documents)
        async with running(database, encoder) as shelved:
            await indexed(shelved, (await shelved.add(MINE, "a.txt", b"uno")).material)
    found = await database.transact(materials.listed, Shelf(None))
    assert sorted(one.language for one in found) == ["en", "es"]
    assert all((one.kind, one.state) == ("course", "ready") for one in found)
    assert await database.transact(materials.visible, MINE, found[0].id)
    assert not await database.transact(materials.remove, Shelf(None), found[0].id)


def away() -> OperationalError:
    return OperationalError("", None, Exception("disk I/O error"))


async def test_a_database_that_is_away_for_a_while_ends_nothing(
    database: Database, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    failures = ["pending", "store_vectors", "reopen"]
    transact = database.transact

    async def failing(work: Any, *arguments: Any) -> Any:
        name = {"_next": "pending"}.get(work.__name__, work.__name__)
        if name in failures:
            failures.remove(name)
            raise away()
        return await transact(work, *arguments)

    monkeypatch.setattr(database, "transact", failing)
    async with running(database, encoder) as shelved:
        material = (await shelved.add(MINE, "a.txt", BOOK)).material
        assert (await indexed(shelved, material))[-1] == ("ready", 40)
    assert failures == []


async def test_a_material_that_breaks_the_encoder_stops_no_other(database: Database, encoder: Encoder) -> None:
    encoder.errors = [ValueError("odd")]  # type: ignore[list-item]
    async with running(database, encoder) as shelved:
        odd = (await shelved.add(MINE, "a.txt", BOOK)).material
        assert (await indexed(shelved, odd))[-1] == ("failed", 0)
        fine = (await shelved.add(MINE, "b.txt", b"hola")).material
        assert (await indexed(shelved, fine))[-1] == ("ready", 1)


async def test_chats_take_turns(database: Database, encoder: Encoder) -> None:
    encoder.gate.clear()
    async with running(database, encoder) as shelved:
        mine = [(await shelved.add(MINE, f"{n}.txt", BOOK + bytes([65 + n]))).material for n in range(3)]
        theirs = (await shelved.add(THEIRS, "b.txt", b"hola")).material
        encoder.gate.set()
        assert (await indexed(shelved, theirs))[-1] == ("ready", 1)
        last = await database.transact(materials.get, mine[-1].id)
        assert last is not None
        assert last.state == "indexing"


async def test_passages_of_a_chat_are_bounded_over_all_topics(
    database: Database, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(library, "MOST_PASSAGES", 41)
    async with running(database, encoder) as shelved:
        await shelved.add(MINE, "a.txt", BOOK)
        await shelved.add(TOPIC, "b.txt", b"uno")
        with pytest.raises(BadInput, match="error-library-passages"):
            await shelved.add(TOPIC, "c.txt", b"dos")
        with pytest.raises(BadInput, match="error-library-passages"):
            await shelved.add(TOPIC, "a.txt", BOOK)  # copied
        assert await database.transact(materials.count, TOPIC) == 2
        await shelved.add(THEIRS, "c.txt", b"dos")


async def test_the_same_bytes_under_another_ending_are_another_text(database: Database, encoder: Encoder) -> None:
    async with running(database, encoder) as shelved:
        await shelved.add(THEIRS, "a.txt", b"# Uno\nhola")
        added = [(await shelved.add(MINE, name, b"# Uno\nhola")) for name in ("a.md", "b.markdown", "a.txt")]
        assert [(one.new, one.material.kind) for one in added] == [(True, "md"), (False, "md"), (True, "txt")]
        with pytest.raises(BadInput, match="error-file-kind"):
            await shelved.add(MINE, "a.exe", b"# Uno\nhola")
