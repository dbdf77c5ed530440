"""When a customer can be called back: the hotline is open and the law allows it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, time, timedelta
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

from app.compliance.attempt_caps import may_ring_again
from app.compliance.calling_hours import HORIZON_DAYS, lawful_spans
from app.compliance.whereabouts import Whereabouts
from app.domain.business_hours import staffed_spans
from app.domain.hotline import Hotline
from app.domain.spans import Span, common, local_instant

QUARTER: Final = timedelta(minutes=15)


def workable_spans(
    hotline: Hotline, where: Whereabouts, since: datetime, days: int = HORIZON_DAYS, *, urgent: bool = False
) -> Iterator[Span]:
    """The times from `since` on at which humans are on duty and the customer may be called, in order, in UTC.

    Args:
        urgent: for an urgent matter, see `staffed_spans`.

    Raises:
        LawUnknown: if no rule of law is in force.
    """
    return common(staffed_spans(hotline, since, days, urgent=urgent), lawful_spans(where, since, days=days))


def within_caps(spans: Iterable[Span], where: Whereabouts, rung_at: Sequence[datetime]) -> Iterator[Span]:
    """What is left of ordered spans if nobody is rung more often than the caps allow.

    Args:
        rung_at: when this number is rung besides, in the past or as planned.
    """
    if not rung_at:
        yield from spans
        return
    weeks = [at + timedelta(days=7) for at in rung_at]
    for span in spans:
        cuts = sorted({span.start, *(at for at in (*rung_at, *weeks, *_midnights(where, span)) if at in span)})
        for start, end in pairwise([*cuts, span.end]):
            if may_ring_again(where, rung_at, start).allowed:
                yield Span(start, end)


def _midnights(where: Whereabouts, span: Span) -> Iterator[datetime]:
    for zone in map(ZoneInfo, where.zones):
        day = span.start.astimezone(zone).date()
        while day <= span.end.astimezone(zone).date():
            yield local_instant(day, time(), zone)
            day += timedelta(days=1)


def round_down(at: datetime) -> datetime:
    """The quarter of an hour at or before; quarters are the same in every zone."""
    return at.replace(minute=at.minute - at.minute % 15, second=0, microsecond=0)


def round_up(at: datetime) -> datetime:
    """The quarter of an hour at or after: a time that can be spoken."""
    down = round_down(at)
    return down if down == at else down + QUARTER
