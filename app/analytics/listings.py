"""Lists of cases, calls and promises: filtered, newest first, a page at a time by key, stable while rows come in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from app.models.call import Call
from app.models.case import Case
from app.models.promise import Promise

Place = tuple[datetime, str]  # where a page ends: the last row's instant and key


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is filtered by; None and "" filter nothing."""

    numbers: Sequence[str] | None = None  # blind indexes of a telephone number in its possible readings
    kind: str | None = None
    status: str | None = None
    language: str | None = None
    hotline: str | None = None
    since: datetime | None = None  # cases received, calls begun, promises made then or later
    until: datetime | None = None  # … and before
    after: Place | None = None  # go on behind this row
    limit: int = 50


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows, and where the next page begins; `next` is None on the last one."""

    rows: Sequence[Any]
    next: Place | None


def cases(session: orm.Session, wanted: Wanted) -> Page:
    """Cases by when they came in. A number finds cases to be called back there, and cases of calls from there."""
    query = _filtered(sa.select(Case), Case, wanted, Case.received_at)
    if wanted.kind:
        query = query.where(Case.kind == wanted.kind)
    if wanted.numbers is not None:
        calls_from = sa.select(Call.key).where(Call.caller_index.in_(wanted.numbers))
        query = query.where(sa.or_(Case.phone_index.in_(wanted.numbers), Case.call_key.in_(calls_from)))
    return _page(session, query, Case.received_at, Case.protocol, wanted)


def calls(session: orm.Session, wanted: Wanted) -> Page:
    """Calls by when they began."""
    query = _filtered(sa.select(Call), Call, wanted, Call.started_at)
    if wanted.numbers is not None:
        query = query.where(Call.caller_index.in_(wanted.numbers))
    return _page(session, query, Call.started_at, Call.network_id, wanted)


def promises(session: orm.Session, wanted: Wanted) -> Page:
    """Promises by when they were made, each with its attempts and its case."""
    query = _filtered(sa.select(Promise), Promise, wanted, Promise.made_at).options(
        orm.selectinload(Promise.attempts), orm.joinedload(Promise.case)
    )
    if wanted.numbers is not None:
        query = query.where(Promise.phone_index.in_(wanted.numbers))
    return _page(session, query, Promise.made_at, Promise.key, wanted)


def _filtered(query: sa.Select[Any], table: Any, wanted: Wanted, at: Any) -> sa.Select[Any]:
    for column, value in (
        (table.status, wanted.status),
        (table.language, wanted.language),
        (table.hotline, wanted.hotline),
    ):
        if value:
            query = query.where(column == value)
    if wanted.since is not None:
        query = query.where(at >= wanted.since)
    if wanted.until is not None:
        query = query.where(at < wanted.until)
    return query


def _page(session: orm.Session, query: sa.Select[Any], at: Any, key: Any, wanted: Wanted) -> Page:
    if wanted.after is not None:
        instant, last = wanted.after
        query = query.where(sa.or_(at < instant, sa.and_(at == instant, key < last)))
    rows = session.scalars(query.order_by(at.desc(), key.desc()).limit(wanted.limit + 1)).all()
    shown = rows[: wanted.limit]
    if len(rows) <= wanted.limit:
        return Page(shown, None)
    return Page(shown, (getattr(shown[-1], at.key), getattr(shown[-1], key.key)))
