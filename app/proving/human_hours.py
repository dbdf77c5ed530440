"""For how long humans are there on each day: opening hours, holidays, days off and staffing taken together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from heapq import merge
from itertools import pairwise
from typing import Final

from app.domain.business_hours import hours_on_duty, opening_spans, shifts_of
from app.domain.hotline import Hotline, Shift
from app.domain.spans import Span, common, local_instant, spans_from

_DAY: Final = timedelta(days=1)


def human_hours(hotline: Hotline, first: date, last: date) -> Mapping[date, timedelta]:
    """How long somebody is there, by local day from the first to the last, both counted.

    Hours past midnight count for the day on which they pass. Where clocks are changed the day has its true length.
    """
    days = [first + number * _DAY for number in range((last - first).days + 1)]
    begins = [local_instant(day, time(), hotline.zone) for day in (*days, last + _DAY)]
    found = dict.fromkeys(days, timedelta())
    attended = _attended(hotline, begins[0], len(days))
    span = next(attended, None)
    for day, (begin, end) in zip(days, pairwise(begins), strict=True):
        while span is not None and span.start < end:
            found[day] += max(min(span.end, end) - max(span.start, begin), timedelta())
            if span.end > end:
                break
            span = next(attended, None)
    return found


def _attended(hotline: Hotline, since: datetime, days: int) -> Iterator[Span]:
    """When somebody is there, in order and apart from one another."""
    reached = since
    for span in merge(*(_on_duty(hotline, shift, since, days) for shift in shifts_of(hotline, (_EVERYBODY,)))):
        if span.end > reached:
            yield Span(max(span.start, reached), span.end)
            reached = span.end


def _on_duty(hotline: Hotline, shift: Shift, since: datetime, days: int) -> Iterator[Span]:
    """When the people of a shift are there: in its hours, as far as the hotline is open then."""
    on_duty = spans_from(lambda day: hours_on_duty(hotline, shift, day), hotline.zone, since, days)
    return common(opening_spans(hotline, since, days), on_duty)


_EVERYBODY: Final = Shift(1, ())
"""Who counts where no staffing is given: people of the office, whenever the hotline is open."""
