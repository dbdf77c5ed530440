"""The streams in which something was counted are tested, and a signal is raised to the supervisors (P1).

What is tested is read from the counts each time, so testing again changes nothing; that a signal is raised, and that
its stream begins anew after it, is one unit of work.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import orm

from app.domain.hazard_baseline import LAG, Tally, Totals, baseline_of, running_totals, until
from app.domain.hazard_test import Heard, follow
from app.models.engines import Database
from app.models.hazard import HazardCount, HazardReport, HazardSignal, HazardSubject, SignalEvent
from app.models.one_at_a_time import one_at_a_time
from app.models.vault import Vault

LONGEST: Final = 2000
"""Complaints of a stream that are looked at, the newest; fewer can only make the statistic smaller."""

_LIVE: Final = ("open", "watched", "confirmed")
_SAME: Final = 0.5
"""Of the evidence; if so much of it stands in another signal already, it is that one that grows."""


def raise_signals(database: Database, vault: Vault, go_on: Callable[[], bool] = lambda: True, *, now: datetime) -> int:
    """Test every stream that is due; gives how many signals were raised or grew."""
    raised = 0
    while go_on():
        with database.reads() as session:
            due = session.scalar(sa.select(HazardSubject.id).where(HazardSubject.is_due).limit(1))
        if due is None:
            break
        with database.sessions.begin() as session:
            one_at_a_time(session, "hazards")
            raised += _test(session, vault, session.get_one(HazardSubject, due), now)
    return raised


def note_signal(
    session: orm.Session, vault: Vault, signal_id: int, kind: str, actor: str, at: datetime, /, **details: Any
) -> None:
    """Add an entry to the history of a signal."""
    key = secrets.token_urlsafe(12)
    text = vault.seal(details, f"signal_events:{key}")
    session.add(SignalEvent(signal_id=signal_id, at=at, kind=kind, actor=actor, key=key, text=text))


def _test(session: orm.Session, vault: Vault, subject: HazardSubject, now: datetime) -> bool:
    """Follow the stream from where it began anew; whether it has reached the boundary."""
    rows = _stream(session, subject)
    baselines = _baselines(session, subject, [row.received_at for row in rows])
    heard = [Heard(row.points, share) for row, share in zip(rows, baselines, strict=True)]
    course = follow(heard)
    subject.value, subject.tested_at, subject.is_due = course.value, now, course.crossed is not None
    if course.crossed is None:
        return False
    last = rows[course.crossed]
    subject.began_at, subject.began_id, subject.value = last.received_at, last.report_id, 0.0
    since = rows[course.began : course.crossed + 1]
    points = [row.report_id for row in since if row.points]
    drawn = [
        [row.received_at.isoformat(), round(value, 3), row.points]
        for row, value in zip(rows, course.values, strict=False)
    ][-200:]
    figures = {"value": round(course.value, 1), "complaints": len(since), "points": len(points)}
    grown = _signal_that_grows(session, subject, points)
    if grown is not None:
        grown.grew, grown.changed_at, grown.course = grown.grew + 1, now, drawn
        grown.evidence = [*grown.evidence, *(each for each in points if each not in grown.evidence)]
        grown.status = "open" if grown.status == "watched" else grown.status
        note_signal(session, vault, grown.id, "grew", "clock", now, stream=subject.shown, **figures)
        return True
    signal = HazardSignal(
        subject_id=subject.id, status="open", raised_at=now, changed_at=now, value=course.value,
        baseline=heard[course.crossed].baseline, complaints=len(since), points=len(points), evidence=points,
        course=drawn, grew=0,
    )  # fmt: skip
    session.add(signal)
    session.flush()
    note_signal(session, vault, signal.id, "raised", "clock", now, stream=subject.shown, **figures)
    return True


def _signal_that_grows(session: orm.Session, subject: HazardSubject, points: list[int]) -> HazardSignal | None:
    """The signal that this is more of: of the same stream, or with the same complaints in another one."""
    live = session.scalars(
        sa.select(HazardSignal).where(HazardSignal.status.in_(_LIVE)).order_by(HazardSignal.id.desc())
    ).all()
    for signal in live:
        known = set(signal.evidence)
        if signal.subject_id == subject.id or sum(each in known for each in points) >= _SAME * len(points):
            return signal
    return None


def _stream(session: orm.Session, subject: HazardSubject) -> Sequence[sa.Row[datetime, int, bool]]:
    """The newest complaints of a stream since it began anew, in order of receipt."""
    query = sa.select(HazardCount.received_at, HazardCount.report_id, HazardCount.points).where(
        HazardCount.subject_id == subject.id, HazardCount.counts
    )
    if subject.began_at is not None:
        later = sa.and_(HazardCount.received_at == subject.began_at, HazardCount.report_id > subject.began_id)
        query = query.where(sa.or_(HazardCount.received_at > subject.began_at, later))
    newest = query.order_by(HazardCount.received_at.desc(), HazardCount.report_id.desc()).limit(LONGEST)
    return session.execute(newest).all()[::-1]


def _baselines(session: orm.Session, subject: HazardSubject, moments: list[datetime]) -> list[float]:
    """For each complaint the share expected of it, from what was received `LAG` before."""
    if not moments:
        return []
    product = subject.product_id or subject.id
    unexplained = HazardReport.explained.is_(False)
    of_product = sa.and_(HazardCount.subject_id == product, HazardCount.counts, unexplained)
    own = (
        sa.select(*_per_day(HazardCount.received_at, HazardCount.points))
        .join(HazardReport, HazardReport.id == HazardCount.report_id)
        .where(of_product)
    )
    house = sa.select(*_per_day(HazardReport.received_at, HazardReport.points)).where(unexplained)
    owns, houses = (_tallies(session.execute(query.group_by(sa.literal_column("1")))) for query in (own, house))
    return [baseline_of(until(owns, (moment - LAG).date()), until(houses, (moment - LAG).date())) for moment in moments]


def _per_day(received_at: Any, points: Any) -> tuple[Any, ...]:
    return sa.func.date(received_at), sa.func.sum(sa.cast(points, sa.Integer)), sa.func.count()


def _tallies(rows: Any) -> Totals:
    """Running totals; SQLite gives a day as text."""
    return running_totals(
        (day if isinstance(day, date) else date.fromisoformat(day), Tally(points, number))
        for day, points, number in rows
    )
