from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from app.domain.spans import Span
from app.promising.load import Capacity, Load

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
OPEN = [Span(NINE, NINE + 180 * MINUTE), Span(NINE + 240 * MINUTE, NINE + 420 * MINUTE)]
BERLIN = ZoneInfo("Europe/Berlin")

minutes = st.integers(-60, 480).map(lambda number: NINE + number * MINUTE)


def _supply(until, staff):
    return sum((max(min(span.end, until) - span.start, timedelta(0)) for span in OPEN), timedelta(0)) * staff


def _all_fit(dues, staff, since, conversation=10 * MINUTE):
    """The test written as it is thought: at every deadline from `since` on, the work due by it fits before it."""
    return all(
        sum(other <= due for other in dues) * conversation <= _supply(due, staff) for due in dues if due >= since
    )


@given(st.lists(minutes, max_size=40), minutes, st.integers(0, 3))
def test_there_is_room_if_with_the_new_promise_all_from_it_on_fit(dues, due, staff):
    capacity = Capacity(Load(open_due=dues, staff=staff), OPEN, BERLIN, 10 * MINUTE)

    assert capacity.has_room(due) is _all_fit([*dues, due], staff, due)


@given(st.lists(minutes, max_size=40), minutes, st.integers(0, 3))
def test_staff_written_by_the_hour_counts_like_staff_written_once(dues, due, staff):
    by_hour = {(day, hour): staff for day in range(7) for hour in range(24)}

    once = Capacity(Load(open_due=dues, staff=staff), OPEN, BERLIN, 10 * MINUTE)
    hourly = Capacity(Load(open_due=dues, staff=99, staff_by_hour=by_hour), OPEN, BERLIN, 10 * MINUTE)

    assert hourly.has_room(due) is once.has_room(due)


def test_staff_hours_are_the_hours_of_the_hotlines_clock():
    kathmandu = ZoneInfo("Asia/Kathmandu")  # 5 h 45 min ahead: its hours begin at a quarter past
    load = Load(staff=0, staff_by_hour={(0, 15): 1})

    capacity = Capacity(load, OPEN, kathmandu, 10 * MINUTE)

    assert not capacity.has_room(NINE + 24 * MINUTE)
    assert capacity.has_room(NINE + 25 * MINUTE)


def test_before_opening_there_is_no_room():
    assert not Capacity(Load(), OPEN, BERLIN, MINUTE).has_room(NINE - MINUTE)
