"""What a unit of work changes, for the audit trail: rows and their columns, before and after."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import orm

from app.models.audit import AuditEntry
from app.models.staff import LoginFailure, LoginSession

_LONGEST: Final = 200
_SECRET: Final = ("hash", "secret", "index", "token", "key")  # columns whose values say nothing or too much
_BESIDES: Final = (AuditEntry, LoginFailure)
_LONGEST_LIST: Final = 4_000


def changes_of(session: orm.Session) -> Iterator[dict[str, Any]]:
    """What the next flush will write: of which row which columns, before and after; secrets are named, not told."""
    for row in session.new:
        if isinstance(row, LoginSession):
            yield {"what": "login", "columns": {"awaits": [None, row.awaits]}, "staff_id": row.staff_id}
        elif not isinstance(row, _BESIDES):
            yield {"what": _named(row), "columns": {name: [None, value] for name, value in _plain(row)}}
    for row in session.dirty:
        columns = dict(_changed(row))
        if columns:
            yield {"what": _named(row), "columns": columns}
    for row in session.deleted:
        yield {"what": _named(row), "columns": {name: [value, None] for name, value in _plain(row)}}


def counted(changes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same change of many rows once, with how many."""
    found: list[dict[str, Any]] = []
    for change in changes:
        same = next((each for each in found if {**each, "times": 0} == {**change, "times": 0}), None)
        if same is None:
            found.append(change)
        else:
            same["times"] = same.get("times", 1) + 1
    return found


def _named(row: Any) -> str:
    identity = sa.inspect(row).identity
    return f"{row.__tablename__} {'/'.join(map(str, identity))}" if identity else str(row.__tablename__)


def _plain(row: Any) -> Iterator[tuple[str, Any]]:
    for column in sa.inspect(row).mapper.column_attrs:
        value = getattr(row, column.key)
        if value is not None and not _is_secret(column.key):
            yield column.key, _written(value)


def _changed(row: Any) -> Iterator[tuple[str, list[Any]]]:
    state = sa.inspect(row)
    for column in state.mapper.column_attrs:
        history = state.attrs[column.key].history
        if history.has_changes():
            before = history.deleted[0] if history.deleted else None
            after = history.added[0] if history.added else None
            if before != after:
                hidden = _is_secret(column.key)
                yield column.key, ["…", "…"] if hidden else [_written(before), _written(after)]


def _is_secret(column: str) -> bool:
    return any(word in column for word in _SECRET)


def _written(value: Any) -> Any:
    if isinstance(value, bytes):
        return "sealed"
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, list | dict):
        return value if len(str(value)) <= _LONGEST_LIST else f"{str(value)[:_LONGEST]}…"
    text = value.isoformat() if isinstance(value, datetime) else str(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
