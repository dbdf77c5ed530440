"""How long conversations lasted, by kind of case; asked of the database at most once a minute in each process."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, TypeAlias
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from sqlalchemy import orm

from app.domain.competence import CASE_KINDS
from app.models.case import Case
from app.models.promise import Attempt, Promise
from app.models.ready import ask

Measured: TypeAlias = Mapping[str, Sequence[int]]  # kind of case → seconds

NEWEST: Final = 500
"""Conversations of one kind that count; what was usual a year ago does not."""

LONGEST_WRAP_UP: Final = timedelta(minutes=15)
"""What was documented later was not worked on all the time until then."""

_FOR: Final = timedelta(minutes=1)
_NEWEST_OF_KIND: Final = (
    sa.select(Attempt.bridged_at, Attempt.ended_at, Attempt.wrapped_up_at)
    .join(Promise, Promise.id == Attempt.promise_id)
    .join(Case, Case.id == Promise.case_id)
    .where(
        Promise.hotline == sa.bindparam("hotline"),
        Case.kind == sa.bindparam("kind"),
        Attempt.bridged_at.is_not(None),
        Attempt.ended_at.is_not(None),
    )
    .order_by(Attempt.id.desc())
    .limit(NEWEST)
)
_seen: WeakKeyDictionary[object, dict[str, tuple[datetime, Measured]]] = WeakKeyDictionary()  # by engine, hotline
_lock = threading.Lock()


def measured_seconds(session: orm.Session, hotline: str, *, now: datetime) -> Measured:
    """Seconds from the first word to the end of the wrap-up, of the newest conversations of each kind of case.

    Args:
        now: office time; an answer that is less than a minute old is given again.
    """
    engine = session.get_bind().engine
    with _lock:
        at, known = _seen.setdefault(engine, {}).get(hotline, (None, {}))
    if at is not None and abs(now - at) < _FOR:
        return known
    found = {kind: _of_kind(session, hotline, kind) for kind in CASE_KINDS}
    with _lock:
        _seen.setdefault(engine, {})[hotline] = (now, found)
    return found


def _of_kind(session: orm.Session, hotline: str, kind: str) -> list[int]:
    rows = ask(session, _NEWEST_OF_KIND, hotline=hotline, kind=kind)
    return [round(_lasted(*moments).total_seconds()) for moments in rows]


def _lasted(bridged_at: datetime, ended_at: datetime, wrapped_up_at: datetime | None) -> timedelta:
    wrap_up = timedelta(0) if wrapped_up_at is None else wrapped_up_at - ended_at
    return ended_at - bridged_at + max(timedelta(0), min(wrap_up, LONGEST_WRAP_UP))
