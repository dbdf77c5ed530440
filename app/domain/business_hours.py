"""When a hotline is open: its weekly hours, other hours on public holidays, and days on which nobody is there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from heapq import merge
from typing import Final

import holidays

from app.domain.hotline import Hotline, Hours
from app.domain.spans import Span, after_spending, first_instant, spans_from

HORIZON_DAYS: Final = 400
"""How far ahead is looked; a hotline that does not open within it never opens."""


def opening_hours_on(hotline: Hotline, day: date) -> Hours:
    """The local hours that begin on this day. Hours past midnight belong to the day they begin on."""
    if day in hotline.closed_on:
        return ()
    if is_holiday(day, hotline.country, hotline.subdivision):
        return hotline.holiday_hours
    return hotline.opening.get(day.weekday(), ())


def opening_spans(hotline: Hotline, since: datetime, days: int = HORIZON_DAYS) -> Iterator[Span]:
    """The times the hotline is open from `since` on, in order, in UTC."""
    return spans_from(lambda day: opening_hours_on(hotline, day), hotline.zone, since, days)


def at_urgent_hours(hotline: Hotline) -> Hotline:
    """The same hotline as if it were open when somebody is there for urgent matters only; never on public holidays.

    Of its shifts those count that tell their own hours: the others are there when the hotline is open.
    """
    shifts = tuple(shift for shift in hotline.staffing if shift.hours is not None)
    return replace(hotline, opening=hotline.urgent_hours, urgent_hours={}, holiday_hours=(), staffing=shifts)


def staffed_spans(
    hotline: Hotline, since: datetime, days: int = HORIZON_DAYS, *, urgent: bool = False
) -> Iterator[Span]:
    """The times from `since` on at which somebody is there, in order, in UTC.

    Args:
        urgent: for an urgent matter: in the hours for those as well.
    """
    opening = opening_spans(hotline, since, days)
    if not urgent or not hotline.urgent_hours:
        return opening
    return merge(opening, opening_spans(at_urgent_hours(hotline), since, days))


def is_open(hotline: Hotline, now: datetime) -> bool:
    """Whether humans are on duty at this moment."""
    return any(now in span for span in opening_spans(hotline, now, days=1))


def next_opening(hotline: Hotline, now: datetime) -> datetime | None:
    """The first moment from `now` on at which the hotline is open, in UTC: `now` itself while it is.

    Returns:
        None if it does not open within `HORIZON_DAYS`.
    """
    return first_instant(opening_spans(hotline, now), now)


def add_open_time(hotline: Hotline, start: datetime, span: timedelta) -> datetime | None:
    """The moment at which the hotline has been open for `span` since `start`, in UTC.

    Returns:
        A moment in the opening hours or at their end; None if it lies beyond `HORIZON_DAYS`.
    """
    return after_spending(opening_spans(hotline, start), start, span)


def is_holiday(day: date, country: str, subdivision: str | None = None) -> bool:
    """Whether this is a public holiday there.

    Args:
        country: ISO 3166.
        subdivision: ISO 3166-2 part; None counts the nationwide holidays only.
    """
    return day in _holidays(country, subdivision, day.year)


def knows_holidays(country: str, subdivision: str | None = None) -> bool:
    """Whether the holidays of this country and subdivision are known."""
    try:
        _holidays(country, subdivision, 2026)
    except NotImplementedError:
        return False
    return True


@lru_cache(maxsize=256)
def _holidays(country: str, subdivision: str | None, year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays(country, subdiv=subdivision, years=year))
