"""How long conversations lasted, by kind of case; asked of the database at most once a minute in each process."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeAlias
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from sqlalchemy import orm

from app.domain.competence import CASE_KINDS
from app.models.case import Case
from app.models.promise import Attempt, Promise
from app.models.ready import Row, ask

Measured: TypeAlias = Mapping[str, Sequence[int]]  # kind of case → seconds

NEWEST: Final = 500
"""Conversations of one kind that count; what was usual a year ago does not."""

LONGEST_WRAP_UP: Final = timedelta(minutes=15)
"""What was documented later was not worked on all the time until then."""

_FOR: Final = timedelta(minutes=1)
_ALL_ANEW: Final = timedelta(hours=6)  # so that what was erased does not count for ever
_COMMITTED_LATE: Final = timedelta(minutes=5)  # by a process whose clock was read before another's
_HELD: Final = (
    sa.select(Attempt.id, Attempt.bridged_at, Attempt.ended_at, Attempt.wrapped_up_at, Case.kind)
    .join(Promise, Promise.id == Attempt.promise_id)
    .join(Case, Case.id == Promise.case_id)
    .where(
        Promise.hotline == sa.bindparam("hotline"),
        Attempt.bridged_at.is_not(None),
        Attempt.ended_at.is_not(None),
    )
)
_NEWEST_OF_KIND: Final = _HELD.where(Case.kind == sa.bindparam("kind")).order_by(Attempt.id.desc()).limit(NEWEST)
_SINCE: Final = _HELD.where(
    sa.or_(Attempt.ended_at > sa.bindparam("since"), Attempt.wrapped_up_at > sa.bindparam("since"))
).order_by(Attempt.id)


@dataclass(frozen=True, slots=True)
class _Seen:
    """What was known of a hotline at a moment."""

    at: datetime
    begun_at: datetime  # when all was read last
    held: Mapping[str, Mapping[int, int]]  # kind of case → attempt → seconds
    measured: Measured


_seen: WeakKeyDictionary[object, dict[str, _Seen]] = WeakKeyDictionary()  # by engine, hotline
_lock = threading.Lock()


def measured_seconds(session: orm.Session, hotline: str, *, now: datetime) -> Measured:
    """Seconds from the first word to the end of the wrap-up, of the newest conversations of each kind of case.

    What has ended or was documented since the last answer is added to it; only now and then all is read anew.

    Args:
        now: office time; an answer that is less than a minute old is given again.
    """
    engine = session.get_bind().engine
    with _lock:
        known = _seen.setdefault(engine, {}).get(hotline)
    if known is not None and abs(now - known.at) < _FOR:
        return known.measured
    if known is None or not timedelta(0) <= now - known.begun_at < _ALL_ANEW:
        rows = [row for kind in CASE_KINDS for row in ask(session, _NEWEST_OF_KIND, hotline=hotline, kind=kind)]
        found = _with(now, now, {}, rows)
    else:
        rows = ask(session, _SINCE, hotline=hotline, since=known.at - _COMMITTED_LATE)
        found = _with(now, known.begun_at, known.held, rows)
    with _lock:
        _seen.setdefault(engine, {})[hotline] = found
    return found.measured


def _with(now: datetime, begun_at: datetime, before: Mapping[str, Mapping[int, int]], rows: list[Row]) -> _Seen:
    held = {kind: dict(before.get(kind, {})) for kind in CASE_KINDS}
    for attempt_id, bridged_at, ended_at, wrapped_up_at, kind in rows:
        if kind in held:
            held[kind][attempt_id] = round(_lasted(bridged_at, ended_at, wrapped_up_at).total_seconds())
    newest = {kind: dict(sorted(each.items(), reverse=True)[:NEWEST]) for kind, each in held.items()}
    return _Seen(now, begun_at, newest, {kind: list(each.values()) for kind, each in newest.items()})


def _lasted(bridged_at: datetime, ended_at: datetime, wrapped_up_at: datetime | None) -> timedelta:
    wrap_up = timedelta(0) if wrapped_up_at is None else wrapped_up_at - ended_at
    return ended_at - bridged_at + max(timedelta(0), min(wrap_up, LONGEST_WRAP_UP))
