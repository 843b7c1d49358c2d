"""How a chat's terms are stored."""

from collections.abc import AsyncGenerator

import pytest

from bot.config import Settings
from bot.storage import glossary, people
from bot.storage.database import Database, opened


@pytest.fixture
async def database(settings: Settings) -> AsyncGenerator[Database]:
    async with opened(settings.database) as database:
        for chat in (1, 2):
            await database.transact(people.meet_chat, chat, "private", "Lucía")
        yield database


async def put(database: Database, term: str, translation: str, chat: int = 1) -> bool:
    return await database.transact(glossary.put_term, chat, term, translation)


async def test_terms_are_each_chats_own_and_in_order(database: Database) -> None:
    await put(database, "layer", "capa")
    await put(database, "Attention head", "cabeza de atención")
    await put(database, "layer", "estrato", chat=2)
    found = await database.transact(glossary.terms, 1)
    assert found == [("Attention head", "cabeza de atención"), ("layer", "capa")]


async def test_a_term_is_changed_whatever_its_capitals(database: Database) -> None:
    await put(database, "layer", "estrato")
    await put(database, "LAYER", "capa")
    assert await database.transact(glossary.terms, 1) == [("LAYER", "capa")]


@pytest.mark.parametrize("named", ["Attention Head", "attention  head", "CABEZA de atención"])
async def test_a_term_is_removed_by_either_side(named: str, database: Database) -> None:
    await put(database, "attention head", "cabeza de atención")
    await put(database, "layer", "capa")
    assert await database.transact(glossary.remove_term, 1, named)
    assert await database.transact(glossary.terms, 1) == [("layer", "capa")]
    assert not await database.transact(glossary.remove_term, 1, named)


async def test_a_full_glossary_takes_changes_alone(database: Database) -> None:
    for number in range(glossary.MOST_TERMS):
        assert await put(database, f"term {number}", "x")
    assert not await put(database, "one more", "x")
    assert await put(database, "Term 0", "y")
