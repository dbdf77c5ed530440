"""The open promises as bare rows: a turn that promises reads thousands of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import orm

from app.models.case import Case
from app.models.promise import Promise


class OpenRow(NamedTuple):
    """What a plan must know about one open promise; seconds since 1970, UTC."""

    due: int  # whole seconds, rounded down
    id: int
    not_before: int  # whole seconds, rounded up; 0 if it may be tried already
    language: str
    whereabouts: str | None
    number: str  # the keyed index of the customer's number
    kind: str  # of the case


def open_promises(session: orm.Session, hotline: str | None, *, now: datetime) -> Iterator[OpenRow]:
    """The open promises of one hotline, or of all with None, in no order."""
    connection = session.connection()
    is_sqlite = connection.dialect.name == "sqlite"
    instants = (Promise.due_at, Promise.next_attempt_at)
    due, not_before = map(_as_stored if is_sqlite else _microseconds, instants)
    query: sa.Select[Any] = sa.select(
        due, Promise.id, not_before, Promise.language, Promise.whereabouts, Promise.phone_index, Case.kind
    ).where(Promise.status == "open", Case.id == Promise.case_id)
    if hotline is not None:
        query = query.where(Promise.hotline == hotline)
    rows = connection.execute(query)
    if is_sqlite:
        by_now = f"{now.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}"  # as it is stored, so that texts compare like instants
        for due_at, id_, at, *others in rows:
            yield OpenRow(_second(due_at), id_, _second(at, up=True) if at > by_now else 0, *others)
    else:
        since = now.timestamp() * 1_000_000
        for due_at, id_, at, *others in rows:
            yield OpenRow(due_at // 1_000_000, id_, -(-at // 1_000_000) if at > since else 0, *others)


def _as_stored(at: orm.InstrumentedAttribute[datetime]) -> sa.ColumnElement[Any]:
    """SQLite's text."""
    return sa.type_coerce(at, sa.Text)


def _microseconds(at: orm.InstrumentedAttribute[datetime]) -> sa.ColumnElement[Any]:
    """Since 1970, reckoned by PostgreSQL."""
    return sa.cast(sa.extract("epoch", at) * 1_000_000, sa.BigInteger)


@lru_cache(maxsize=4096)
def _second(stored: str, *, up: bool = False) -> int:
    seconds = datetime.fromisoformat(stored).replace(tzinfo=UTC).timestamp()
    return -int(-seconds // 1) if up else int(seconds // 1)
