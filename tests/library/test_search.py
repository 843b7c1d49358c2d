"""Passages are found by words in any form, by meaning, and by exact phrases; by the shelf's members alone."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from typing import Any

import numpy as np
import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.config import Settings
from bot.errors import EngineFailed
from bot.inference.api import EmbedRequest, ModelState, Vectors
from bot.library.search import Search
from bot.library.stems import asked, plain, stems
from bot.storage import materials, passages, people
from bot.storage.database import Database, opened
from bot.storage.materials import Described, Passage, Shelf
from bot.storage.tables import Chunk, Material
from tests.conftest import Script

MINE, THEIRS, TOPIC, COURSE = Shelf(1), Shelf(2), Shelf(1, 7), Shelf(None)
# What each word means here: vectors point at one of these, whatever the language.
MEANINGS = (("perro", "dog", "can"), ("lluvia", "rain", "llover"), ("tren", "train", "vagón"))


class Encoder(Script):
    """An encoder that knows three meanings."""

    name = "e5"
    broken = False

    def states(self) -> list[ModelState]:
        return [ModelState(self.name, "installed", "encoder")] if self.name else []

    async def embed(self, request: EmbedRequest) -> Vectors:
        if self.broken:
            raise EngineFailed
        return vectors(request.texts)


def vectors(texts: Sequence[str]) -> Vectors:
    rows = np.array([[sum(word in text for word in words) for words in MEANINGS] for text in texts], dtype=np.float32)
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1), dtype=np.float32)


@pytest.fixture
def encoder() -> Encoder:
    return Encoder()


@pytest.fixture
async def database(settings: Settings) -> AsyncGenerator[Database]:
    async with opened(settings.database) as database:
        for chat in (1, 2):
            await database.transact(people.meet_chat, chat, "group", "Tertulia")
        yield database


@pytest.fixture
def search(database: Database, encoder: Encoder) -> Search:
    return Search(database, encoder)


async def put(database: Database, shelf: Shelf, *texts: str, language: str = "es", indexed: bool = True) -> Material:
    """Put a material on a shelf, one passage a page."""
    about = Described(texts[0][:10], "pdf", language, f"{shelf}{texts}", 1, len(texts))
    pages = [Passage(number, number + 1, number + 1, "", text) for number, text in enumerate(texts)]
    material = await database.transact(materials.add, shelf, about, pages)
    if indexed:
        await index(database, material)
    return material


async def index(database: Database, material: Material, limit: int = 1000) -> None:
    chunks = await database.transact(materials.pending, limit)
    made = {c.id: v.astype("float16").tobytes() for c, v in zip(chunks, vectors([c.text for c in chunks]), strict=True)}
    await database.transact(materials.store_vectors, material.id, made, "e5")


async def pages(search: Search, query: str, shelf: Shelf = MINE, limit: int = 5) -> list[int]:
    return [hit.page for hit in await search.search(shelf.chat_id, shelf.thread_id, query, limit)]


@pytest.mark.parametrize("query", ["traducción", "TRADUCCION", "traducciones", "¿las traducciones?"])
async def test_words_are_found_in_any_form(database: Database, search: Search, query: str) -> None:
    await put(database, MINE, "Del fútbol no se habla.", "Las traducciones automáticas mejoran.", "Otra cosa.")
    assert await pages(search, query) == [2]


async def test_english_words_are_found_in_any_form(database: Database, search: Search) -> None:
    await put(database, MINE, "Nothing here.", "The models were translating sentences.", language="en")
    assert await pages(search, "translated sentence") == [2]


async def test_meaning_is_found_in_other_words(database: Database, search: Search) -> None:
    await put(database, MINE, "Un tren que llega.", "El perro duerme.", "La lluvia cae.")
    hits = await search.search(1, 0, "dog")
    assert (hits[0].page, round(hits[0].similarity, 2)) == (2, 1.0)


async def test_both_rankings_count(database: Database, search: Search) -> None:
    await put(database, MINE, "El perro duerme.", "El gato y el dog.", "El dog y el perro: dog.")
    assert (await pages(search, "dog"))[0] == 3


async def test_a_phrase_stands_in_that_order(database: Database, search: Search) -> None:
    await put(database, MINE, "Atención de cabeza.", "Una cabeza de  ATENCION mira.", "cabeza de atenciones")
    assert await pages(search, 'qué es la "Cabeza de atención"') == [2]


async def test_a_phrase_that_stands_nowhere_finds_nothing(database: Database, search: Search) -> None:
    await put(database, MINE, "El perro duerme en casa.")
    assert await pages(search, "«perro en»") == []


async def test_a_phrase_is_found_among_many_passages_with_its_words(database: Database, search: Search) -> None:
    texts = [f"perro perro grande {number}, de color gran perro" for number in range(450)]
    await put(database, MINE, *texts[:449], "El color es del perro grande de color gris.")
    assert await pages(search, '"grande de color"') == [450]


async def test_no_vectors_no_encoder_or_a_broken_one_leave_the_words(
    database: Database, search: Search, encoder: Encoder
) -> None:
    await put(database, MINE, "El perro duerme.", "Un tren.", indexed=False)
    assert await pages(search, "perros") == [1]
    encoder.broken = True
    assert await pages(search, "perros") == [1]
    encoder.name = ""
    assert await pages(search, "perros") == [1]


async def test_vectors_that_come_later_count(database: Database, search: Search) -> None:
    material = await put(database, MINE, "El perro duerme.", "Un tren.", indexed=False)
    assert await pages(search, "dog") == []
    await index(database, material)
    assert await pages(search, "dog") == [1]


async def test_only_vectors_that_are_new_are_read(
    database: Database, search: Search, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, vectors_of = list[int](), passages.vectors

    def counted(session: Session, material_id: int, encoder: str, start: int = 0) -> list[tuple[int, bytes]]:
        found = vectors_of(session, material_id, encoder, start)
        read.append(len(found))
        return found

    monkeypatch.setattr(passages, "vectors", counted)
    material = await put(database, MINE, "El perro duerme.", "La lluvia cae.", "Un tren.", indexed=False)
    await index(database, material, 2)
    assert (await pages(search, "dog"))[0] == 1
    await index(database, material, 2)
    assert (await pages(search, "vagón"))[0] == 3
    assert (await pages(search, "dog"))[0] == 1
    assert read == [2, 1]


async def test_an_index_that_is_being_filled_is_kept(
    database: Database, search: Search, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.library.search._MOST_SHELVES", 1)
    await put(database, THEIRS, "La lluvia cae.")
    mine = await put(database, MINE, "El perro duerme.", "Un tren.", indexed=False)
    await pages(search, "perro")
    held, go_on, fill = asyncio.Event(), asyncio.Event(), search._fill

    async def slowly(*arguments: Any) -> None:
        if not held.is_set():
            held.set()
            await go_on.wait()
        await fill(*arguments)

    monkeypatch.setattr(search, "_fill", slowly)
    await index(database, mine)
    filling = asyncio.create_task(pages(search, "dog"))
    await held.wait()
    assert await pages(search, "rain", THEIRS) == [1]
    go_on.set()
    assert (await filling)[0] == 1
    assert await pages(search, "rain", THEIRS) == [1]
    assert (await pages(search, "train"))[0] == 2


async def test_only_words_in_pairs_of_quotation_marks_are_phrases(database: Database, search: Search) -> None:
    await put(database, MINE, "El perro duerme.", "Un tren del perro.")
    assert await pages(search, '"" perro "un tren"') == [2]
    assert sorted(await pages(search, '"perro del tren')) == [1, 2]


async def test_a_shelf_is_its_chats_and_topics_alone(database: Database, search: Search) -> None:
    await put(database, THEIRS, "El perro de ellos.")
    await put(database, TOPIC, "Página uno.", "El perro del tema.")
    await put(database, MINE, "Página uno.", "Página dos.", "El perro de todos.")
    assert await pages(search, "perro") == [3]
    assert sorted(await pages(search, "perro", TOPIC)) == [2, 3]
    assert await pages(search, "perro", THEIRS) == [1]


async def test_without_material_the_course_is_searched(database: Database, search: Search) -> None:
    await put(database, COURSE, "El perro del curso.")
    assert await pages(search, "perro") == [1]
    await put(database, MINE, "Un tren.")
    assert await pages(search, "perro") == []


async def test_what_is_removed_is_found_no_more(database: Database, search: Search) -> None:
    material = await put(database, MINE, "El perro duerme.")
    assert await pages(search, "perro") == [1]
    await database.transact(materials.remove, MINE, material.id)
    assert await pages(search, "perro") == []


async def test_ids_of_removed_material_are_not_given_again(database: Database) -> None:
    old = await put(database, MINE, "El perro duerme.", indexed=False)
    [chunk] = await database.transact(materials.pending, 10)
    await database.transact(materials.remove, MINE, old.id)
    new = await put(database, MINE, "Un tren.", indexed=False)
    late = vectors([chunk.text])[0].astype("float16").tobytes()
    await database.transact(materials.store_vectors, old.id, {chunk.id: late}, "e5")
    assert new.id > old.id
    assert [one.vector for one in await database.transact(materials.pending, 10)] == [None]


async def test_vectors_go_to_passages_of_their_material_that_lack_one(database: Database) -> None:
    first = await put(database, MINE, "El perro duerme.", indexed=False)
    [chunk] = await database.transact(materials.pending, 10)
    late = vectors([chunk.text])[0].astype("float16").tobytes()
    await database.transact(materials.store_vectors, first.id + 1, {chunk.id: late}, "e5")
    assert [one.vector for one in await database.transact(materials.pending, 10)] == [None]
    await database.transact(materials.store_vectors, first.id, {chunk.id: late}, "e5")
    await database.transact(materials.store_vectors, first.id, {chunk.id: b""}, "e5")
    assert await database.transact(passages.vectors, first.id, "e5") == [(chunk.id, late)]


async def test_passages_are_those_of_the_shelf_and_the_course(database: Database) -> None:
    for shelf in (MINE, THEIRS, TOPIC, COURSE):
        await put(database, shelf, f"El perro de {shelf}.")
    every = await database.transact(lambda session: list(session.scalars(sa.select(Chunk.id))))
    seen = await database.transact(passages.places, MINE, every)
    assert [place.text for place in seen.values()] == [f"El perro de {MINE}.", f"El perro de {COURSE}."]


@pytest.mark.parametrize("query", ["", "   ", "?!", "😀", '""', "x" * 100_000, "\x00"])
async def test_queries_without_words_find_nothing(database: Database, search: Search, query: str) -> None:
    await put(database, MINE, "El perro duerme.")
    assert await pages(search, query) == []


async def test_materials_without_words_do_no_harm(database: Database, search: Search) -> None:
    await put(database, MINE, "😀", "...")
    assert await pages(search, "perro") == []


async def test_limit(database: Database, search: Search) -> None:
    await put(database, MINE, *[f"perro {number}" for number in range(9)])
    assert len(await pages(search, "perro", limit=3)) == 3


def test_stems() -> None:
    assert stems("Las Canciones", "es") == ["las", "cancion"]
    assert set(stems("presentación", "es")) <= set(asked("presentacion"))
    assert stems("Words, words!", "xx") == ["words", "words"]
    assert plain("¡Mañana,  Él!") == "mañana el"
