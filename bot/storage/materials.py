"""The material that chats study, and its passages."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.storage.tables import Chunk, Material


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where material belongs: a chat and topic; without a chat, the starter course's place."""

    chat_id: int | None
    thread_id: int = 0


@dataclass(frozen=True, slots=True)
class Described:
    """What is known of a material when it is added."""

    title: str
    kind: str
    language: str
    sha256: str
    bytes: int
    pages: int


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage to store; `number` counts from 0 in its material."""

    number: int
    page: int
    last_page: int
    heading: str
    text: str


def on(shelf: Shelf) -> sa.ColumnElement[bool]:
    """Return the condition for material that serves a chat's topic: its own, and that of the general topic (0)."""
    if shelf.chat_id is None:
        return Material.chat_id.is_(None)
    return sa.and_(Material.chat_id == shelf.chat_id, Material.thread_id.in_({0, shelf.thread_id}))


def count(session: Session, shelf: Shelf) -> int:
    """Return how many materials serve a chat's topic."""
    return session.scalar(sa.select(sa.func.count()).select_from(Material).where(on(shelf))) or 0


def listed(session: Session, shelf: Shelf, offset: int = 0, limit: int = 100) -> list[Material]:
    """Return the shelf's materials, the newest first."""
    query = sa.select(Material).where(on(shelf)).order_by(Material.id.desc()).offset(offset).limit(limit)
    return list(session.scalars(query))


def get(session: Session, material_id: int) -> Material | None:
    """Return a material as it stands."""
    return session.get(Material, material_id)


def visible(session: Session, shelf: Shelf, material_id: int) -> Material | None:
    """Return a material if it serves a chat's topic or belongs to the starter course, which all have."""
    query = sa.select(Material).where(Material.id == material_id, on(shelf) | Material.chat_id.is_(None))
    return session.scalar(query)


def passage(session: Session, shelf: Shelf, chunk_id: int) -> tuple[Chunk, Material] | None:
    """Return a passage and its material, if a chat's topic may see it."""
    query = sa.select(Chunk, Material).join(Material, Chunk.material_id == Material.id)
    row = session.execute(query.where(Chunk.id == chunk_id, on(shelf) | Material.chat_id.is_(None))).one_or_none()
    return (row[0], row[1]) if row else None


def passage_at(session: Session, material_id: int, number: int) -> Chunk | None:
    """Return a material's passage by its number."""
    return session.scalar(sa.select(Chunk).where(Chunk.material_id == material_id, Chunk.number == number))


def passages_of(session: Session, chat_id: int) -> int:
    """Return how many passages a chat's materials have, in all of its topics."""
    return session.scalar(sa.select(sa.func.sum(Material.chunks)).where(Material.chat_id == chat_id)) or 0


def same(session: Session, shelf: Shelf, sha256: str, kinds: Collection[str]) -> Material | None:
    """Return the material on exactly this shelf that was read from the same bytes, as one of these kinds."""
    place = Material.chat_id.is_not_distinct_from(shelf.chat_id), Material.thread_id == shelf.thread_id
    bytes_ = Material.sha256 == sha256, Material.kind.in_(kinds)
    return session.scalar(sa.select(Material).where(*place, *bytes_).order_by(Material.id).limit(1))


def add(
    session: Session, shelf: Shelf, described: Described, passages: Sequence[Passage], added_by: int | None = None
) -> Material:
    """Store a material with its passages, to be indexed; where the shelf has the same bytes, return what is there."""
    if known := same(session, shelf, described.sha256, {described.kind}):
        return known
    place = {"chat_id": shelf.chat_id, "thread_id": shelf.thread_id, "added_by": added_by}
    material = Material(**place, **asdict(described), chunks=len(passages), done=0, state="indexing", problem="")
    session.add(material)
    session.flush()
    rows = [{"material_id": material.id, "encoder": "", **asdict(passage)} for passage in passages]
    session.execute(sa.insert(Chunk), rows)
    return material


def remove(session: Session, shelf: Shelf, material_id: int) -> bool:
    """Remove one of a chat's own materials with its passages; tell whether it was there."""
    found = session.scalar(sa.select(Material).where(Material.id == material_id, on(shelf)))
    if found is None or found.chat_id is None:
        return False
    session.execute(sa.delete(Chunk).where(Chunk.material_id == material_id))
    session.delete(found)
    return True


def copy(
    session: Session, shelf: Shelf, title: str, sha256: str, kinds: Collection[str], added_by: int | None = None
) -> Material | None:
    """Copy a material, vectors included, that was read elsewhere from the same bytes as one of these kinds, if any."""
    theirs = sa.select(Material).where(Material.sha256 == sha256, Material.state != "failed", Material.kind.in_(kinds))
    source = session.scalar(theirs.order_by(Material.done.desc()).limit(1))
    if source is None:
        return None
    place = {"chat_id": shelf.chat_id, "thread_id": shelf.thread_id, "added_by": added_by, "title": title}
    same_in_all = ("kind", "language", "sha256", "bytes", "pages", "chunks", "done", "state")
    material = Material(**place, problem="", **{name: getattr(source, name) for name in same_in_all})
    session.add(material)
    session.flush()
    copied = ("number", "page", "last_page", "heading", "text", "vector", "encoder")
    columns = [getattr(Chunk, name) for name in copied]
    rows = sa.select(sa.literal(material.id), *columns).where(Chunk.material_id == source.id)
    session.execute(sa.insert(Chunk).from_select(["material_id", *copied], rows))
    return material


def remove_course(session: Session, language: str, but: str) -> None:
    """Remove the starter course in a language, except the one whose content has the SHA-256 `but`."""
    old = Material.chat_id.is_(None), Material.language == language, Material.sha256 != but
    session.execute(sa.delete(Chunk).where(Chunk.material_id.in_(sa.select(Material.id).where(*old))))
    session.execute(sa.delete(Material).where(*old))


def reopen(session: Session, encoder: str) -> None:
    """Let what lacks vectors of this encoder be indexed: after a change of encoder, or an attempt that failed."""
    session.execute(
        sa.update(Chunk).where(Chunk.vector.is_not(None), Chunk.encoder != encoder).values(vector=None, encoder="")
    )
    made = sa.select(sa.func.count(Chunk.vector)).where(Chunk.material_id == Material.id).scalar_subquery()
    session.execute(sa.update(Material).values(done=made))
    session.execute(sa.update(Material).where(Material.done < Material.chunks).values(state="indexing", problem=""))


def retry(session: Session, material_id: int) -> None:
    """Let a material whose indexing failed be indexed again."""
    failed = sa.update(Material).where(Material.id == material_id, Material.state == "failed")
    session.execute(failed.values(state="indexing", problem=""))


def settle(session: Session) -> None:
    """Make do without vectors where no encoder is installed: words can be searched all the same."""
    session.execute(sa.update(Material).where(Material.state == "indexing").values(state="ready"))


def fail(session: Session, material_id: int, problem: str) -> None:
    """Note that a material could not be indexed; `problem` is the key of the text that says why."""
    session.execute(sa.update(Material).where(Material.id == material_id).values(state="failed", problem=problem))


def pending(session: Session, limit: int, after: int | None = None) -> list[Chunk]:
    """Return passages of one material that lack their vectors: the oldest's of one chat.

    Chats take turns: it is the one that comes next after the one with the id `after`; the starter course has 0.
    """
    chat = sa.func.coalesce(Material.chat_id, 0)
    oldest = sa.select(Material.id).where(Material.state == "indexing").order_by(Material.id)
    if after is not None:
        oldest = oldest.order_by(None).order_by(chat <= after, chat, Material.id)
    waiting = oldest.limit(1).scalar_subquery()
    query = sa.select(Chunk).where(Chunk.material_id == waiting, Chunk.vector.is_(None))
    return list(session.scalars(query.order_by(Chunk.number).limit(limit)))


def store_vectors(session: Session, material_id: int, vectors: Mapping[int, bytes], encoder: str) -> None:
    """Store vectors (float16, by passage id) made by `encoder`; with its last one a material is ready.

    What was removed meanwhile stays so, and passages that have a vector keep it.
    """
    lacking = Chunk.material_id == material_id, Chunk.vector.is_(None)
    for chunk_id, vector in vectors.items():
        session.execute(sa.update(Chunk).where(Chunk.id == chunk_id, *lacking).values(vector=vector, encoder=encoder))
    made = sa.select(sa.func.count(Chunk.vector)).where(Chunk.material_id == material_id).scalar_subquery()
    session.execute(sa.update(Material).where(Material.id == material_id).values(done=made))
    complete = Material.id == material_id, Material.done == Material.chunks
    session.execute(sa.update(Material).where(*complete).values(state="ready"))
