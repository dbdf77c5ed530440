"""The time at which a customer wishes to be called, on their own clock, and the nearest one that can be promised."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Final
from zoneinfo import ZoneInfo

from app.compliance.legal_limit import latest_answer
from app.compliance.whereabouts import Whereabouts
from app.domain.hotline import Hotline
from app.domain.spans import Span, common, day_spans
from app.promising.local_clock import zone_of
from app.promising.solver import Offer, Wanted, first_deadline
from app.promising.spacing import one_conversation
from app.promising.workable import workable_spans

PARTS: Final[Mapping[str, tuple[time, time]]] = {
    "morning": (time(8), time(12)),
    "afternoon": (time(12), time(17)),
    "evening": (time(17), time(21)),
}
"""The parts of a day that a caller may choose, in local time; "after five" is the evening."""

WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DAYS_OFFERED: Final = 5  # a menu has no more
_MOST_TRIES: Final = 8  # spans of time put to the solver in one turn


def day_meant(word: str, today: date) -> date | None:
    """The day that a caller chose: today, tomorrow, the next such weekday, or an ISO day; None for any other word.

    Example:
        >>> day_meant("monday", date(2026, 3, 2))
        datetime.date(2026, 3, 9)
    """
    if word in ("today", "tomorrow"):
        return today + timedelta(days=word == "tomorrow")
    if word in WEEKDAYS:
        return today + timedelta(days=(WEEKDAYS.index(word) - today.weekday() - 1) % 7 + 1)
    try:
        return date.fromisoformat(word)
    except ValueError:
        return None


def span_meant(day: date, part: str, zone: ZoneInfo) -> Span:
    """The instants of a part of a day; of the whole day if the part is none of `PARTS`."""
    return day_spans(day, (PARTS.get(part, (time(), time())),), zone)[0]


def days_to_choose(hotline: Hotline, where: Whereabouts, registered_at: datetime, now: datetime) -> list[date]:
    """The next days after tomorrow on which the customer can be called, up to the legal limit; at most five.

    Raises:
        LawUnknown: if no rule is in force.
    """
    zone = zone_of(where, hotline, now)
    tomorrow = now.astimezone(zone).date() + timedelta(days=1)
    limit = latest_answer(where.jurisdictions, registered_at, hotline.zone).at
    days = (
        span.start.astimezone(zone).date()
        for span in workable_spans(hotline, where, now)
        if span.start + one_conversation(hotline.callback) <= limit
    )
    return list(islice(dict.fromkeys(day for day in days if day > tomorrow), DAYS_OFFERED))


def nearest_offer(wanted: Wanted, wished: Span, zone: ZoneInfo) -> tuple[Offer, bool] | None:
    """The offer for the wished span of time, else for the nearest one that can be promised.

    Never later than the law allows: a wish does not lengthen the period within which an answer is owed
    (docs/decisions/0014).

    Returns:
        The offer, and whether it is what was wished for; None if nothing else can be promised.

    Raises:
        LawUnknown: if no rule is in force where the customer may be.
    """
    for span in islice(_by_nearness(wanted, wished, zone), _MOST_TRIES):
        offer = first_deadline(replace(wanted, wish_not_before=span.start, wish_until=span.end))
        if offer.wish_granted:
            return offer, span == wished
    return None


def _by_nearness(wanted: Wanted, wished: Span, zone: ZoneInfo) -> Iterator[Span]:
    """The wished span and every part of a day within the limit, nearest first, if there is time for a call in it."""
    limit = latest_answer(wanted.where.jurisdictions, wanted.registered_at or wanted.now, wanted.hotline.zone).at
    first = wanted.now.astimezone(zone).date()
    days = (first + timedelta(days=ahead) for ahead in range((limit - wanted.now).days + 2))
    parts = [span_meant(day, part, zone) for day in days for part in PARTS]
    others = sorted(parts, key=lambda span: (abs(span.start - wished.start), wished.start - span.start))
    workable = list(workable_spans(wanted.hotline, wanted.where, wanted.now))
    needed = one_conversation(wanted.hotline.callback)
    for span in dict.fromkeys((wished, *others)):
        within = Span(max(span.start, wanted.now), min(span.end, limit))
        if within.start < within.end and any(each.length >= needed for each in common(workable, [within])):
            yield span
