"""What search reads: which materials a shelf has, and their passages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.storage.materials import Shelf, on
from bot.storage.tables import Chunk, Material


@dataclass(frozen=True, slots=True)
class Standing:
    """A material on a shelf, as far as an index has to know; two that are equal have the same passages and vectors."""

    id: int
    language: str
    added_at: datetime
    done: int


@dataclass(frozen=True, slots=True)
class Place:
    """A passage with where it stands."""

    id: int
    material_id: int
    title: str
    kind: str
    page: int
    last_page: int
    text: str


def standing(session: Session, shelf: Shelf) -> tuple[Standing, ...]:
    """Return the materials that serve a chat's topic, the oldest first."""
    columns = Material.id, Material.language, Material.added_at, Material.done
    rows = session.execute(sa.select(*columns).where(on(shelf)).order_by(Material.id))
    return tuple(Standing(*row) for row in rows)


def texts(session: Session, material_id: int) -> list[tuple[int, str]]:
    """Return the ids and words (with their headings) of a material's passages, in order."""
    query = sa.select(Chunk.id, Chunk.heading, Chunk.text).where(Chunk.material_id == material_id)
    return [(row[0], f"{row[1]}\n{row[2]}") for row in session.execute(query.order_by(Chunk.number))]


def vectors(session: Session, material_id: int, encoder: str, start: int = 0) -> list[tuple[int, bytes]]:
    """Return the ids and vectors of those of a material's passages that an encoder has made one of.

    Passages get theirs in order: who knows the first ones begins at the number `start`.
    """
    found = sa.select(Chunk.id, Chunk.vector).where(Chunk.material_id == material_id, Chunk.encoder == encoder)
    rows = session.execute(found.where(Chunk.vector.is_not(None), Chunk.number >= start))
    return [(row[0], row[1]) for row in rows if row[1]]


def places(session: Session, shelf: Shelf, ids: Sequence[int]) -> dict[int, Place]:
    """Return passages by their ids; what is gone, or not for this chat's topic, is left out."""
    columns = Chunk.id, Material.id, Material.title, Material.kind, Chunk.page, Chunk.last_page, Chunk.text
    query = sa.select(*columns).join(Material, Chunk.material_id == Material.id)
    query = query.where(Chunk.id.in_(ids), on(shelf) | Material.chat_id.is_(None))
    return {row[0]: Place(*row) for row in session.execute(query)}
