"""A question to the database that is asked thousands of times: compiled once, then sent in the driver's own words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from app.models.engines import Database


class RawQuestion:
    """A SELECT of one row."""

    def __init__(self, database: Database, statement: sa.Select[*tuple[Any, ...]]) -> None:
        """Compile it for this database."""
        self._database = database
        compiled = statement.compile(dialect=database.single.dialect, compile_kwargs={"render_postcompile": True})
        self._text = str(compiled)
        self._fixed = {name: value for name, value in compiled.params.items() if value is not None}
        self._order: list[str] = []
        self._pooled: sa.PoolProxiedConnection | None = None
        self._driven: Any = None
        if database.is_sqlite:
            self._write_out(list(compiled.positiontup or ()))

    def _write_out(self, names: list[str]) -> None:
        """Put values that never change into the text.

        SQLite plans anew, which takes longer than the answer, whenever a value is given that decides whether a partial
        index can be used.
        """
        first, *rest = self._text.split("?")
        written = [first]
        for name, piece in zip(names, rest, strict=True):
            if name in self._fixed:
                written.append(_literal(self._fixed[name]))
            else:
                self._order.append(name)
                written.append("?")
            written.append(piece)
        self._text = "".join(written)

    def ask(self, values: Mapping[str, datetime]) -> tuple[Any, ...]:
        """The row, as the driver gives it: instants of SQLite are text, see `as_instant`."""
        if not self._database.is_sqlite:
            named: Any = self._fixed | dict(values)
            return _one(self._database.read_one(self._text, named))
        texts = {name: _as_text(value) for name, value in values.items()}
        if self._pooled is None:  # kept, since fetching one from the pool takes as long as asking
            self._pooled = self._database.single.raw_connection()
            self._driven = self._pooled.driver_connection
        (row,) = self._driven.execute(self._text, [texts[name] for name in self._order]).fetchall()
        return tuple(row)


def _one(row: Any) -> tuple[Any, ...]:
    assert row is not None
    return tuple(row)


def _literal(value: object) -> str:
    return "'" + value.replace("'", "''") + "'" if isinstance(value, str) else str(int(value))  # type: ignore[call-overload]


def _as_text(value: datetime) -> str:
    return (value if value.tzinfo is UTC else value.astimezone(UTC)).isoformat(" ", "microseconds")[:26]


def as_instant(value: Any) -> datetime:
    """An instant as the driver gave it: aware, in UTC."""
    found = datetime.fromisoformat(value) if isinstance(value, str) else value
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
