"""Spans of time: from local hours of the day to instants, and what several of them have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import TypeAlias
from zoneinfo import ZoneInfo

from app.domain.hotline import Hours

HoursOn: TypeAlias = Callable[[date], Hours]

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """From `start` to just before `end`, both in UTC."""

    start: datetime
    end: datetime

    def __contains__(self, at: datetime) -> bool:
        return self.start <= at < self.end

    @property
    def length(self) -> timedelta:
        """How long it lasts."""
        return self.end - self.start


@lru_cache(maxsize=4_096)
def local_instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The instant, in UTC, at which the clocks of a zone show this.

    A time that the clocks skip becomes the moment of the skip; of one that they show twice, the first is meant.
    """
    wall = datetime.combine(day, at, zone)
    instant = wall.astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) == wall.replace(tzinfo=None):
        return instant
    before, after = wall.replace(fold=1).astimezone(UTC), instant
    offset = after.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) // 2
        if middle.astimezone(zone).utcoffset() == offset:
            after = middle
        else:
            before = middle
    return after.replace(microsecond=0)


def day_spans(day: date, hours: Hours, zone: ZoneInfo) -> list[Span]:
    """The instants of one day's local hours, in order.

    Hours that end at or before their start end on the next day: 22:00 to 02:00, or 00:00 to 00:00 for a whole day.
    """
    spans = []
    for opens, closes in sorted(hours):
        last_day = day if closes > opens else day + _DAY
        span = Span(local_instant(day, opens, zone), local_instant(last_day, closes, zone))
        if span.length > timedelta(0):  # nothing is left of 02:10 to 02:50 in the night of the skipped hour
            spans.append(span)
    return spans


def spans_from(hours_on: HoursOn, zone: ZoneInfo, since: datetime, days: int) -> Iterator[Span]:
    """The instants of local hours, in order, apart from one another, none ending before `since`.

    Args:
        hours_on: the hours of a local day.
        days: how many local days to look at.
    """
    day = since.astimezone(zone).date() - _DAY  # yesterday's hours may reach into today
    reached = since
    for _ in range(days + 1):
        for span in day_spans(day, hours_on(day), zone):
            if span.end > reached:
                yield Span(max(span.start, reached), span.end)
                reached = span.end
        day += _DAY


def common(first: Iterable[Span], second: Iterable[Span]) -> Iterator[Span]:
    """What two ordered rows of spans have in common, in order."""
    lefts, rights = iter(first), iter(second)
    left, right = next(lefts, None), next(rights, None)
    while left is not None and right is not None:
        start, end = max(left.start, right.start), min(left.end, right.end)
        if start < end:
            yield Span(start, end)
        if left.end <= right.end:
            left = next(lefts, None)
        else:
            right = next(rights, None)


def first_instant(spans: Iterable[Span], since: datetime) -> datetime | None:
    """The first instant from `since` on that lies in one of the ordered spans; None if there is none."""
    for span in spans:
        if span.end > since:
            return max(span.start, since)
    return None


def after_spending(spans: Iterable[Span], since: datetime, length: timedelta) -> datetime | None:
    """The instant at which `length` of the ordered spans has passed since `since`.

    Returns:
        An instant in a span or at its end; None if the spans do not last so long.
    """
    left = length
    for span in spans:
        start = max(span.start, since)
        if span.end <= start:
            continue
        if span.end - start >= left:
            return start + left
        left -= span.end - start
    return None
