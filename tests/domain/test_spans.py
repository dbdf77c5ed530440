from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.spans import Span, after_spending, common, day_spans, first_instant, local_instant, spans_from
from tests.domain.offices import ALWAYS, DAY, NIGHT

BERLIN = ZoneInfo("Europe/Berlin")
START = datetime(2026, 3, 2, tzinfo=UTC)


def _hour(number, minutes=60):
    return Span(START + timedelta(hours=number), START + timedelta(hours=number, minutes=minutes))


@pytest.mark.parametrize(
    ("zone", "day", "wall", "instant"),
    [
        ("Europe/Berlin", date(2026, 3, 29), time(2, 30), datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
        ("Europe/Berlin", date(2026, 3, 29), time(3, 0), datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
        ("Europe/Berlin", date(2026, 10, 25), time(2, 30), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        ("Europe/Berlin", date(2026, 7, 1), time(9, 0), datetime(2026, 7, 1, 7, 0, tzinfo=UTC)),
        ("Australia/Lord_Howe", date(2026, 10, 4), time(2, 10), datetime(2026, 10, 3, 15, 30, tzinfo=UTC)),
        ("America/Havana", date(2026, 3, 8), time(0, 0), datetime(2026, 3, 8, 5, 0, tzinfo=UTC)),
    ],
    ids=["skipped", "after the skip", "twice", "summer", "half an hour skipped", "midnight skipped"],
)
def test_a_local_time_is_an_instant_also_when_clocks_change(zone, day, wall, instant):
    assert local_instant(day, wall, ZoneInfo(zone)) == instant


@pytest.mark.parametrize(
    ("day", "hours", "lasts"),
    [
        (date(2026, 3, 28), NIGHT, 7),
        (date(2026, 10, 24), NIGHT, 9),
        (date(2026, 3, 29), ALWAYS, 23),
        (date(2026, 10, 25), ALWAYS, 25),
        (date(2026, 3, 2), DAY, 8),
    ],
)
def test_hours_last_as_long_as_the_clocks_let_them(day, hours, lasts):
    (span,) = day_spans(day, hours, BERLIN)

    assert span.length == timedelta(hours=lasts)


def test_hours_that_lie_wholly_in_the_skipped_hour_are_left_out():
    assert day_spans(date(2026, 3, 29), ((time(2, 10), time(2, 50)),), BERLIN) == []


def test_hours_that_overlap_are_counted_once():
    overlapping = ((time(10), time(14)), (time(8), time(12)), (time(9), time(10)))

    spans = list(spans_from(lambda _: overlapping, BERLIN, START, days=1))

    assert sum((span.length for span in spans), timedelta(0)) == timedelta(hours=6)
    assert spans == sorted(spans)


def test_last_nights_hours_are_found_from_the_next_morning():
    since = datetime(2026, 3, 3, 2, tzinfo=UTC)

    first = next(spans_from(lambda _: NIGHT, BERLIN, since, days=2))

    assert first == Span(since, datetime(2026, 3, 3, 5, tzinfo=UTC))


def test_a_span_holds_its_start_and_not_its_end():
    assert START in _hour(0)
    assert START + timedelta(hours=1) not in _hour(0)


def _holds(row, at):
    return any(at in span for span in row)


spans = st.lists(st.tuples(st.integers(0, 200), st.integers(1, 20)), max_size=8).map(
    lambda pairs: [
        _hour(2 * position * 24 + start / 10, minutes) for position, (start, minutes) in enumerate(sorted(pairs))
    ]
)


@given(spans, spans, st.integers(0, 16 * 24 * 60))
def test_what_two_rows_have_in_common_is_what_is_in_both(first, second, minute):
    at = START + timedelta(minutes=minute)

    both = list(common(first, second))

    assert any(at in span for span in both) is (
        any(at in span for span in first) and any(at in span for span in second)
    )
    assert both == sorted(both)


def test_the_first_instant_is_now_or_the_next_start_or_none():
    row = [_hour(1), _hour(3)]

    assert first_instant(row, START) == START + timedelta(hours=1)
    assert first_instant(row, START + timedelta(hours=1.5)) == START + timedelta(hours=1.5)
    assert first_instant(row, START + timedelta(hours=2)) == START + timedelta(hours=3)
    assert first_instant(row, START + timedelta(hours=4)) is None


def test_time_is_spent_in_spans_only():
    row, late = [_hour(1), _hour(3)], START + timedelta(hours=3, minutes=10)

    assert after_spending(row, START, timedelta(0)) == START + timedelta(hours=1)
    assert after_spending(row, START, timedelta(minutes=60)) == START + timedelta(hours=2)
    assert after_spending(row, START + timedelta(hours=1.5), timedelta(minutes=40)) == late
    assert after_spending(row, START + timedelta(hours=2), timedelta(minutes=10)) == late
    assert after_spending(row, START, timedelta(minutes=121)) is None
