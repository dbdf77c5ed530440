"""Objects of the hot path: loaded by statements that are put together once, and laid into the session directly.

The object mapper takes five times as long for the same. What comes out is the same as well: one object for each row in
a session, whose changes are written at the next flush.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias, TypeVar, cast

import sqlalchemy as sa
from sqlalchemy import orm

from app.models.base import Base
from app.models.ready import Row, ask

T = TypeVar("T", bound=Base)
_Select: TypeAlias = sa.Select[*tuple[Any, ...]]
_Key: TypeAlias = tuple[type[Base], tuple[Any, ...], None]


def find(session: orm.Session, statement: sa.Select[T], /, **values: object) -> T | None:
    """The object of the first row; None if there is none.

    Args:
        session: what it has not written yet is written before.
        statement: a SELECT of one class that is kept for good, since it is remembered; `values` are its parameters.
    """
    rows = find_rows(session, statement, **values)
    return rows[0][0] if rows else None


def find_all(session: orm.Session, statement: sa.Select[T], /, **values: object) -> list[T]:
    """The objects of all rows."""
    return [row[0] for row in find_rows(session, statement, **values)]


def find_rows(
    session: orm.Session, statement: sa.Select[*tuple[Any, ...]], /, **values: object
) -> list[tuple[Any, ...]]:
    """All rows of a SELECT of several classes, each an object of each of them."""
    plain, parts = _plain(statement)
    return [tuple([_object(session, part, row) for part in parts]) for row in ask(session, plain, **values)]


def find_by_id(session: orm.Session, model: type[T], row_id: int | str | None, /) -> T | None:
    """The object with this primary key, without a statement if the session has it; None if there is none."""
    if row_id is None:
        return None
    there = session.identity_map.get((model, (row_id,), None))
    if there is not None and not orm.attributes.instance_state(there).expired_attributes:
        return there
    return find(session, _by_id(model), row_id=row_id)


def get_by_id(session: orm.Session, model: type[T], row_id: int | str | None, /) -> T:
    """The object with this primary key.

    Raises:
        sqlalchemy.exc.NoResultFound: if there is none.
    """
    found = find_by_id(session, model, row_id)
    if found is None:
        raise sa.exc.NoResultFound(f"{model.__name__} {row_id}")
    return found


class _Part(NamedTuple):
    """The columns of one class within a row."""

    model: type[Base]
    names: tuple[str, ...]  # of the attributes
    begins: int
    ends: int
    primary: tuple[int, ...]  # where the primary key stands in the row


def _object(session: orm.Session, part: _Part, row: Row) -> Base:
    key: _Key = (part.model, tuple([row[place] for place in part.primary]), None)
    there = session.identity_map.get(key)
    if there is not None:  # as it is in the session: what was changed there and is not written yet stands above the row
        if orm.attributes.instance_state(there).expired_attributes:
            session.refresh(there)
        return there
    found: Base = orm.attributes.manager_of_class(part.model).new_instance()
    state = orm.attributes.instance_state(found)
    state.key = key
    state.session_id = session.hash_key
    orm.attributes.instance_dict(found).update(zip(part.names, row[part.begins : part.ends], strict=True))
    session.identity_map.add(state)
    return found


@lru_cache(maxsize=256)
def _plain(statement: _Select) -> tuple[_Select, tuple[_Part, ...]]:
    """The statement for the columns alone, and which of them make which object."""
    columns: list[sa.Column[Any]] = []
    parts = []
    for described in statement.column_descriptions:
        mapper = orm.class_mapper(described["entity"])
        mine = list(cast(sa.Table, mapper.local_table).columns)
        begins = len(columns)
        parts.append(
            _Part(
                mapper.class_,
                tuple(mapper.get_property_by_column(column).key for column in mine),
                begins,
                begins + len(mine),
                tuple(begins + mine.index(column) for column in cast("tuple[sa.Column[Any], ...]", mapper.primary_key)),
            )
        )
        columns.extend(mine)
    return statement.with_only_columns(*columns, maintain_column_froms=True), tuple(parts)


@lru_cache(maxsize=64)
def _by_id(model: type[T]) -> sa.Select[T]:
    (column,) = orm.class_mapper(model).primary_key
    return sa.select(model).where(column == sa.bindparam("row_id"))
