"""The open promises, read in the driver's own words: a turn that promises reads thousands of them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from sqlalchemy import orm

from app.compliance.whereabouts import Whereabouts, read_whereabouts
from app.promising.load import OpenPromise
from app.promising.timetable import Seconds

_QUERY: Final = """\
SELECT {due}, p.id, {not_before}, p.language, p.whereabouts, p.phone_index, p.kind
FROM promises p {by} WHERE p.status = 'open'"""
# SQLite keeps instants as texts, which compare like them, and reads rows past their long plans unless told the index.
# PostgreSQL reckons: whole seconds, down and up.
SQLITE: Final = _QUERY.format(
    due="p.due_at",
    not_before="CASE WHEN p.next_attempt_at > ? THEN p.next_attempt_at END",
    by="INDEXED BY ix_promises_planned",
)
_POSTGRES: Final = _QUERY.format(
    due="floor(extract(epoch FROM p.due_at))::bigint",
    not_before="CASE WHEN p.next_attempt_at > %s THEN ceil(extract(epoch FROM p.next_attempt_at))::bigint END",
    by="",
)


def open_promises(
    session: orm.Session, hotline: str | None, *, now: datetime, unknown: Whereabouts, urgent: bool = False
) -> list[OpenPromise]:
    """The open promises of one hotline, or of all with None, in no order.

    Args:
        now: who may be tried by then may be tried at any time.
        unknown: where the customers may be of whom nothing was noted.
        urgent: only those that are.
    """
    connection = session.connection()
    is_sqlite = connection.dialect.name == "sqlite"
    query = SQLITE if is_sqlite else _POSTGRES
    values: list[object] = [f"{now.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}" if is_sqlite else now]
    if hotline is not None:
        query += f" AND p.hotline = {'?' if is_sqlite else '%s'}"
        values.append(hotline)
    if urgent:
        query += " AND p.urgent"
    session.flush()
    cursor = connection.connection.cursor()
    cursor.execute(query, values)
    rows = cursor.fetchall()
    cursor.close()
    down, up = (_Down(), _Up()) if is_sqlite else (_AsItIs(), _AsItIs())
    places = _Places(unknown)
    make = tuple.__new__  # thousands of rows: the class's own way would cost as much as reading them
    return [
        make(OpenPromise, (down[due], id_, up[at] if at else 0, language, places[where], number, kind))
        for due, id_, at, language, where, number, kind in rows
    ]


class _Down(dict[str, Seconds]):
    """The second at or before a stored instant; many promises share theirs."""

    def __missing__(self, stored: str) -> Seconds:
        self[stored] = found = int(_timestamp(stored) // 1)
        return found


class _Up(dict[str, Seconds]):
    """The second at or after a stored instant."""

    def __missing__(self, stored: str) -> Seconds:
        self[stored] = found = -int(-_timestamp(stored) // 1)
        return found


class _AsItIs(dict[Seconds, Seconds]):
    """Seconds that the database has reckoned."""

    def __missing__(self, seconds: Seconds) -> Seconds:
        return seconds


class _Places(dict[str | None, Whereabouts]):
    """Where customers may be, by what was noted."""

    def __init__(self, unknown: Whereabouts) -> None:
        super().__init__({None: unknown, "": unknown})

    def __missing__(self, noted: str) -> Whereabouts:
        self[noted] = found = read_whereabouts(noted)
        return found


def _timestamp(stored: str) -> float:
    return datetime.fromisoformat(stored).replace(tzinfo=UTC).timestamp()
