"""A question to the database that is asked thousands of times: compiled once, then sent in the driver's own words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from app.models.engines import Database


class RawQuestion:
    """A SELECT of one row."""

    def __init__(self, database: Database, statement: sa.Select[Any]) -> None:
        """Compile it for this database."""
        self._database = database
        compiled = statement.compile(dialect=database.single.dialect, compile_kwargs={"render_postcompile": True})
        self._text = str(compiled)
        self._fixed = {name: _as_driven(value, database) for name, value in compiled.params.items()}
        self._order = list(compiled.positiontup or ()) if database.is_sqlite else None

    def ask(self, values: Mapping[str, Any]) -> tuple[Any, ...]:
        """The row, as the driver gives it: instants of SQLite are text, see `as_instant`."""
        given = self._fixed | {name: _as_driven(value, self._database) for name, value in values.items()}
        driven: Any = given if self._order is None else tuple(given[name] for name in self._order)
        row = self._database.read_one(self._text, driven)
        assert row is not None
        return row


def _as_driven(value: Any, database: Database) -> Any:
    if isinstance(value, datetime) and database.is_sqlite:
        return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
    return value


def as_instant(value: Any) -> datetime:
    """An instant as the driver gave it: aware, in UTC."""
    found = datetime.fromisoformat(value) if isinstance(value, str) else value
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
