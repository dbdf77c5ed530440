"""The report of a week for the staff meeting (T19), and of a year (T18, B6): what came in, what recurs, what was done.

It holds numbers and the office's own words only. What customers call a product appears once three cases call it so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy import orm

from app.analytics.call_log import LogFilter, count_calls
from app.analytics.effects import effect_of
from app.analytics.figures import Compared, Figure, by_column, repetitions, satisfaction, service_level
from app.analytics.promise_figures import promises
from app.domain.periods import Period
from app.models.call_log import words_in
from app.models.case import Case
from app.models.engines import Database
from app.models.measure import Measure
from app.models.records import open_record
from app.models.staff import Staff
from app.models.vault import SealBroken, Vault

_AT_ONCE: Final = 300
_TOLD_FROM: Final = 3  # cases that say the same, so that no single customer's words stand in a report
_MOST: Final = 15


def build_report(
    database: Database,
    vault: Vault,
    period: Period,
    zone: ZoneInfo,
    *,
    now: datetime,
    go_on: Callable[[], object] = lambda: None,
) -> dict[str, Any]:
    """The report as JSON values; `before` in it is the period before.

    Args:
        now: when it is made; the period is over by then.
        go_on: called after every few hundred cases.
    """
    since, until = period.instants(zone)
    earlier = period.before().instants(zone)
    compared = Compared(LogFilter(since, until), LogFilter(*earlier))
    groups, before = _groups(database, vault, since, until, go_on), _groups(database, vault, *earlier, go_on)
    with database.reads() as session:
        calls = [count_calls(session, LogFilter(*span), now=now) for span in ((since, until), earlier)]
        shares = (
            service_level(session, compared, now=now),
            promises(session, compared, now=now),
            repetitions(session, compared, now=now),
            satisfaction(session, compared, now=now),
        )
        return {
            "zone": zone.key,
            "since": since.isoformat(),
            "until": until.isoformat(),
            "before": [at.isoformat() for at in earlier],
            "calls": {"calls": calls[0], "before": calls[1]},
            "shares": {each.name: {"share": each.share, "before": each.share_before} for each in shares},
            "cases": {name: _counted(session, column, (since, until), earlier) for name, column in _COUNTED.items()},
            "outcomes": _bars(by_column(session, compared, "outcomes", "outcome", "outcome", now=now)),
            "promises": _bars(shares[1]),
            "causes": _bars(by_column(session, compared, "causes", "promise_cause", "cause", now=now)),
            "satisfaction": _bars(shares[3]),
            "recurring": [
                {"what": what, "cases": number, "before": before[what]}
                for what, number in groups.most_common(_MOST)
                if number >= _TOLD_FROM
            ],
            "measures": [_measure(session, vault, each, zone, now) for each in _watched(session, since, until)],
        }


_COUNTED: Final[dict[str, Any]] = {"kind": Case.kind, "channel": Case.channel, "severity": Case.severity}


def _counted(
    session: orm.Session, column: Any, span: tuple[datetime, datetime], earlier: tuple[datetime, datetime]
) -> list[dict[str, Any]]:
    """Cases that came in, by a column, the most frequent first."""

    def numbers(since: datetime, until: datetime) -> Counter[str]:
        query = sa.select(column, sa.func.count()).where(Case.received_at >= since, Case.received_at < until)
        return Counter({str(key): int(number) for key, number in session.execute(query.group_by(column))})

    now, before = numbers(*span), numbers(*earlier)
    keys = sorted({*now, *before}, key=lambda key: (-now[key], key))
    return [{"key": key, "cases": now[key], "before": before[key]} for key in keys]


def _bars(figure: Figure) -> list[dict[str, Any]]:
    return [{"key": str(bar.key), "calls": bar.calls, "before": bar.before} for bar in figure.bars]


def _groups(
    database: Database, vault: Vault, since: datetime, until: datetime, go_on: Callable[[], object]
) -> Counter[str]:
    """Complaints by their product, in the words that are searched; what names no product is left out."""
    found: Counter[str] = Counter()
    for case in _complaints(database, since, until, go_on):
        try:
            product = open_record(vault, case).matter.product
        except SealBroken:  # the journal raises the alarm; the report goes on without it
            continue
        if words := words_in(product or ""):
            found[" ".join(words[:6])] += 1
    return found


def _complaints(database: Database, since: datetime, until: datetime, go_on: Callable[[], object]) -> Iterator[Case]:
    last = 0
    while True:
        within = (Case.kind == "complaint", Case.received_at >= since, Case.received_at < until, Case.id > last)
        with database.reads() as session:
            cases = session.scalars(sa.select(Case).where(*within).order_by(Case.id).limit(_AT_ONCE)).all()
        yield from cases
        if len(cases) < _AT_ONCE:
            return
        last = cases[-1].id
        go_on()


def _watched(session: orm.Session, since: datetime, until: datetime) -> list[Measure]:
    """Measures that were watched in a period, or closed in it."""
    lasted = sa.or_(Measure.closed_at.is_(None), Measure.closed_at >= since)
    return list(session.scalars(sa.select(Measure).where(Measure.created_at < until, lasted).order_by(Measure.from_on)))


def _measure(session: orm.Session, vault: Vault, measure: Measure, zone: ZoneInfo, now: datetime) -> dict[str, Any]:
    effect = effect_of(session, vault, measure, zone, now=now)
    owner = session.get(Staff, measure.owner_id)
    return {
        "what": measure.what,
        "owner": owner.name if owner else "",
        "from_on": measure.from_on.isoformat(),
        "before": effect.before.per_week,
        "since": effect.since.per_week,
        "change": effect.change,
        "chance": effect.chance,
        "lesson": measure.lesson,
    }
