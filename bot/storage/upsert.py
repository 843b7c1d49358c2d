"""INSERT … ON CONFLICT: a row made or brought up to date in one statement."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot.storage.tables import Table

Columns = dict[str, sa.ColumnElement[Any]]
_INSERT: Mapping[str, Callable[[sa.Table], sqlite.Insert | postgresql.Insert]] = {
    "sqlite": sqlite.insert,
    "postgresql": postgresql.insert,
}


def _nothing(_: Any) -> Columns:
    return {}


def insert_new(
    session: Session, table: type[Table], key: tuple[str, ...], rows: Sequence[Mapping[str, object]]
) -> None:
    """Insert rows; those whose `key` columns are there already stay as they are."""
    session.connection().execute(_insert_new(session.get_bind().dialect.name, table, key), rows)


@cache
def _insert_new(dialect: str, table: type[Table], key: tuple[str, ...]) -> sa.Executable:
    return _INSERT[dialect](cast("sa.Table", table.__table__)).on_conflict_do_nothing(index_elements=key)


def upsert(
    session: Session,
    table: type[Table],
    key: tuple[str, ...],
    values: Mapping[str, object],
    also: Callable[[Any], Columns] = _nothing,
) -> sa.Row[Any]:
    """Insert a row; where one with the same `key` columns stands, set the other columns that `values` has.

    `also` says, given the columns of the row that was to be inserted, what else to set there; a function at module
    level, since the statement is kept. Returns the row as it then stands.
    """
    statement = _statement(session.get_bind().dialect.name, table, key, tuple(values), also)
    return session.connection().execute(statement, values).one()


@cache
def _statement(
    dialect: str,
    table: type[Table],
    key: tuple[str, ...],
    columns: tuple[str, ...],
    also: Callable[[Any], Columns],
) -> sa.Executable:
    # Kept: making a statement costs more than executing it.
    insert = _INSERT[dialect](cast("sa.Table", table.__table__))
    changed = {name: insert.excluded[name] for name in columns if name not in key} | also(insert.excluded)
    return insert.on_conflict_do_update(index_elements=key, set_=changed).returning(*table.__table__.c)
