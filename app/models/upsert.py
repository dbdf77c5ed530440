"""Insert a row unless it is there: the same statement on SQLite and PostgreSQL."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.dialects import postgresql, sqlite

from app.models.ready import ask


def insert_absent(session: orm.Session, table: type[Any], values: dict[str, Any], unique: tuple[str, ...]) -> bool:
    """Insert a row; False if one with the same `unique` columns is there, and nothing is changed then."""
    dialect = session.get_bind().dialect.name
    # RETURNING tells on both databases whether a row came to be; the count of rows does not.
    return bool(ask(session, _statement(dialect, table.__table__, unique), **values))


@lru_cache(maxsize=64)
def _statement(dialect: str, table: sa.Table, unique: tuple[str, ...]) -> Any:
    """The statement, put together once; which columns it fills in depends on what it is executed with."""
    insert: Any = sqlite.insert if dialect == "sqlite" else postgresql.insert
    return insert(table).on_conflict_do_nothing(index_elements=list(unique)).returning(table.c[unique[0]])
