"""The clock makes the report of each week and each year that is over, once; people add what was learned from it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy import orm

from app.domain.errors import Invalid, NotFound
from app.domain.periods import Period, week_of, year_of
from app.models.call import Call
from app.models.case import Case
from app.models.engines import Database
from app.models.measure import Report
from app.models.upsert import insert_absent

_REST: Final = timedelta(hours=1)  # office time; by then the log tells of every call of the period
_MADE_UP: Final = {"week": 8, "year": 1}  # so many that were missed are still made
_LONGEST: Final = 5_000
_PERIOD_OF: Final[dict[str, Callable[[date], Period]]] = {"week": week_of, "year": year_of}

Compose = Callable[[Period], dict[str, Any]]


def make_reports(database: Database, zone: ZoneInfo, compose: Compose, *, now: datetime) -> int:
    """Make the reports that are missing; gives how many. Two clocks at once make one each.

    Args:
        zone: of the office, in which weeks and years begin.
        compose: what stands in the report of a period.
    """
    with database.reads() as session:
        began_at = _began(session)
        missing = list(_missing(session, began_at, zone, now)) if began_at is not None else []
    made = 0
    for span, period in missing:
        content = compose(period)
        values = {"span": span, "first_on": period.first, "after_on": period.after, "made_at": now, "content": content}
        with database.sessions.begin() as session:
            made += insert_absent(session, Report, values, ("span", "first_on"))
    return made


def _began(session: orm.Session) -> datetime | None:
    """When the first matter came in; None before that."""
    firsts = (session.scalar(sa.select(sa.func.min(Call.started_at))), session.scalar(_FIRST_CASE))
    return min((at for at in firsts if at is not None), default=None)


_FIRST_CASE: Final = sa.select(sa.func.min(Case.received_at))


def _missing(session: orm.Session, began_at: datetime, zone: ZoneInfo, now: datetime) -> Iterator[tuple[str, Period]]:
    first_day = began_at.astimezone(zone).date()
    for span, most in _MADE_UP.items():
        made = set(session.scalars(sa.select(Report.first_on).where(Report.span == span)))
        period = _PERIOD_OF[span]((now - _REST).astimezone(zone).date()).before()
        for _ in range(most):
            if period.after <= first_day:
                break
            if period.first not in made:
                yield span, period
            period = period.before()


def add_lesson(session: orm.Session, report_id: int, learned: str, staff_id: int) -> None:
    """Write down what the meeting learned from a report.

    Raises:
        NotFound: if there is no such report.
        Invalid: if it says nothing, or too much.
    """
    learned = learned.strip()
    if not learned or len(learned) > _LONGEST:
        raise Invalid("learned", f"needs 1 to {_LONGEST} letters")
    report = session.get(Report, report_id)
    if report is None:
        raise NotFound("report")
    report.learned, report.learned_by = learned, staff_id
