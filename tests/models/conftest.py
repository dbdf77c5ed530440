"""A unit of work on a fresh database, for the tests of tables and statements."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import orm

from app.models.engines import Database


@pytest.fixture
def session(database_url: str) -> Iterator[orm.Session]:
    """A unit of work on a fresh database."""
    database = Database(database_url, pool_size=1)
    with database.sessions() as session:
        yield session
    database.dispose()
