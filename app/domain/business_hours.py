"""When a hotline is open: its weekly hours, other hours on public holidays, and days on which nobody is there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from heapq import merge
from typing import Final

import holidays

from app.domain.hotline import Hotline, Hours, Shift, Week
from app.domain.spans import Span, after_spending, first_instant, spans_from

HORIZON_DAYS: Final = 400
"""How far ahead is looked; a hotline that does not open within it never opens."""


def opening_hours_on(hotline: Hotline, day: date) -> Hours:
    """The local hours that begin on this day. Hours past midnight belong to the day they begin on."""
    if day in hotline.days:
        return hotline.days[day]
    if day in hotline.closed_on:
        return ()
    week = week_on(hotline, day)
    if is_holiday(day, hotline.country, hotline.subdivision):
        return week.holiday_hours
    return week.opening.get(day.weekday(), ())


def week_on(hotline: Hotline, day: date) -> Hotline | Week:
    """How weeks are on this day: as they were changed last before it, else as the file says."""
    return next((week for week in reversed(hotline.weeks) if week.from_on <= day), hotline)


def on_day(hotline: Hotline, day: date) -> Hotline:
    """The same hotline as if every week were as they are on this day."""
    week = week_on(hotline, day)
    if isinstance(week, Hotline):
        return replace(hotline, weeks=())
    return replace(
        hotline,
        opening=week.opening,
        holiday_hours=week.holiday_hours,
        urgent_hours=week.urgent_hours,
        staffing=week.staffing,
        weeks=(),
    )


def has_own_people(hotline: Hotline, day: date) -> bool:
    """Whether its roster says who is there from this day on; else it shares the people of the office with others."""
    coming = (week for week in hotline.weeks if week.from_on > day)
    return all(week.staffing for week in (week_on(hotline, day), *coming))


def has_roster(hotline: Hotline) -> bool:
    """Whether it says who is there, in any week."""
    return bool(hotline.staffing) or any(week.staffing for week in hotline.weeks)


def shifts_of(hotline: Hotline, people: tuple[Shift, ...]) -> tuple[Shift, ...]:
    """Who is on duty when, each shift for as long as its roster holds.

    Args:
        people: who is there, whenever it is open, as long as there is no roster.
    """
    if not hotline.weeks:
        return hotline.staffing or people
    weeks: tuple[Hotline | Week, ...] = (hotline, *hotline.weeks)
    begins = (None, *(week.from_on for week in hotline.weeks))
    return tuple(
        replace(shift, from_on=first, until_on=after)
        for week, first, after in zip(weeks, begins, (*begins[1:], None), strict=True)
        for shift in week.staffing or people
        if first is None or after is None or first < after
    )


def hours_on_duty(hotline: Hotline, shift: Shift, day: date) -> Hours:
    """The local hours of a shift that begin on this day, whether the hotline is open then or not."""
    if (shift.from_on is not None and day < shift.from_on) or (shift.until_on is not None and day >= shift.until_on):
        return ()
    return opening_hours_on(hotline, day) if shift.hours is None else shift.hours.get(day.weekday(), ())


def opening_spans(hotline: Hotline, since: datetime, days: int = HORIZON_DAYS) -> Iterator[Span]:
    """The times the hotline is open from `since` on, in order, in UTC."""
    return spans_from(lambda day: opening_hours_on(hotline, day), hotline.zone, since, days)


def at_urgent_hours(hotline: Hotline) -> Hotline:
    """The same hotline as if it were open when somebody is there for urgent matters only; never on public holidays.

    Of its shifts those count that tell their own hours: the others are there when the hotline is open.
    """
    weeks = tuple(Week(week.from_on, week.urgent_hours, staffing=_with_hours(week.staffing)) for week in hotline.weeks)
    return replace(
        hotline,
        opening=hotline.urgent_hours,
        urgent_hours={},
        holiday_hours=(),
        staffing=_with_hours(hotline.staffing),
        weeks=weeks,
        days=dict.fromkeys(hotline.days, ()),
    )


def has_urgent_hours(hotline: Hotline) -> bool:
    """Whether somebody is there for urgent matters only, in any week."""
    return bool(hotline.urgent_hours) or any(week.urgent_hours for week in hotline.weeks)


def _with_hours(shifts: tuple[Shift, ...]) -> tuple[Shift, ...]:
    return tuple(shift for shift in shifts if shift.hours is not None)


def staffed_spans(
    hotline: Hotline, since: datetime, days: int = HORIZON_DAYS, *, urgent: bool = False
) -> Iterator[Span]:
    """The times from `since` on at which somebody is there, in order, in UTC.

    Args:
        urgent: for an urgent matter: in the hours for those as well.
    """
    opening = opening_spans(hotline, since, days)
    if not urgent or not has_urgent_hours(hotline):
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
