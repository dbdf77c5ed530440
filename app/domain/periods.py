"""Spans of the calendar as people name them, from local midnight to local midnight."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

_DAY: Final = timedelta(days=1)
_WEEK: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Period:
    """Local days, the first one and the one after the last."""

    first: date
    after: date

    def instants(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """When it begins and ends, in UTC; a day at which clocks change has 23 or 25 hours."""
        return midnight(self.first, zone), midnight(self.after, zone)

    @property
    def days(self) -> list[date]:
        """Its days in order."""
        return [self.first + _DAY * number for number in range((self.after - self.first).days)]

    def before(self) -> Period:
        """The period of the same length just before; of a whole month or year, the month or year before."""
        if self == month_of(self.first):
            return month_of(self.first - _DAY)
        if self == year_of(self.first):
            return year_of(self.first - _DAY)
        return Period(self.first - (self.after - self.first), self.first)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The instant at which a local day begins, in UTC.

    Where clocks jump over midnight the day begins with the jump.
    """
    return datetime.combine(day, time(), zone).astimezone(UTC)


def week_of(day: date) -> Period:
    """Monday to Sunday."""
    monday = day - _DAY * day.weekday()
    return Period(monday, monday + _WEEK)


def month_of(day: date) -> Period:
    """The month in which a day lies."""
    first = day.replace(day=1)
    return Period(first, (first + timedelta(days=32)).replace(day=1))


def year_of(day: date) -> Period:
    """The year in which a day lies."""
    return Period(date(day.year, 1, 1), date(day.year + 1, 1, 1))


NAMED: Final[Mapping[str, Callable[[date], Period]]] = {
    "today": lambda today: Period(today, today + _DAY),
    "yesterday": lambda today: Period(today - _DAY, today),
    "this_week": week_of,
    "last_week": lambda today: week_of(today - _WEEK),
    "7_days": lambda today: Period(today - 6 * _DAY, today + _DAY),
    "30_days": lambda today: Period(today - 29 * _DAY, today + _DAY),
    "this_month": month_of,
    "last_month": lambda today: month_of(today.replace(day=1) - _DAY),
    "this_year": year_of,
    "last_year": lambda today: year_of(date(today.year - 1, 1, 1)),
}
"""By name how a period follows from today's local date."""
