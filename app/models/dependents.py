"""Rows go together with all rows that point to them, of whatever table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from app.models.base import Base


def delete_with_dependents(session: orm.Session, table: sa.Table, ids: Sequence[Any]) -> int:
    """Remove rows by their single primary key, after the rows that point to them; gives how many rows went.

    A row that points to another one of its own table loses that pointer only.
    """
    if not ids:
        return 0
    (key,) = table.primary_key.columns
    gone = 0
    for other in Base.metadata.sorted_tables:
        for pointer in (column for column in other.columns if column.references(key)):
            if other is table:
                session.execute(sa.update(table).where(pointer.in_(ids)).values({pointer.key: None}))
            elif len(other.primary_key.columns) == 1:
                (other_key,) = other.primary_key.columns
                found = session.scalars(sa.select(other_key).where(pointer.in_(ids))).all()
                gone += delete_with_dependents(session, other, found)
            else:
                gone += _delete(session, other, pointer.in_(ids))
    return gone + _delete(session, table, key.in_(ids))


def _delete(session: orm.Session, table: sa.Table, which: sa.ColumnElement[bool]) -> int:
    number = session.scalar(sa.select(sa.func.count()).select_from(table).where(which)) or 0
    session.execute(sa.delete(table).where(which))
    return number
