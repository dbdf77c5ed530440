"""Insert a row unless it is there: the same statement on SQLite and PostgreSQL."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.dialects import postgresql, sqlite


def insert_absent(session: orm.Session, table: type[Any], values: dict[str, Any], unique: tuple[str, ...]) -> bool:
    """Insert a row; False if one with the same `unique` columns is there, and nothing is changed then."""
    dialect = session.get_bind().dialect.name
    insert: Any = sqlite.insert if dialect == "sqlite" else postgresql.insert
    first = getattr(table, unique[0])
    statement: sa.Insert = insert(table).values(**values).on_conflict_do_nothing(index_elements=list(unique))
    # RETURNING tells on both databases whether a row came to be; the count of rows does not.
    return session.connection().execute(statement.returning(first)).first() is not None
