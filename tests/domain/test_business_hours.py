from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.business_hours import (
    add_open_time,
    is_holiday,
    is_open,
    knows_holidays,
    next_opening,
    opening_hours_on,
    opening_spans,
)
from tests.domain.offices import ALWAYS, DAY, NIGHT, ZONES, around, clock_changes, hotline

MONDAY = datetime(2026, 3, 2, 8, tzinfo=UTC)  # nine o'clock in Berlin
SECOND = timedelta(seconds=1)


def _open_by_the_wall_clock(at, zone):
    """Monday to Friday, 9 to 17, in the words of the sign on the door."""
    local = at.astimezone(ZoneInfo(zone))
    return local.weekday() < 5 and 9 <= local.hour < 17


@pytest.mark.parametrize("zone", ZONES)
def test_the_door_is_open_as_the_wall_clock_says_around_every_clock_change(zone):
    office = hotline(zone=zone, country="BV", subdivision=None)  # an island without holidays

    wrong = [
        at
        for change in clock_changes(zone)
        for at in around(change)
        if is_open(office, at) is not _open_by_the_wall_clock(at, zone)
    ]

    assert wrong == []


@pytest.mark.parametrize("zone", ZONES)
def test_a_night_shift_is_on_duty_through_every_clock_change(zone):
    office = hotline(zone=zone, country="BV", subdivision=None, opening=dict.fromkeys(range(7), NIGHT))

    wrong = [
        at
        for change in clock_changes(zone)
        for at in around(change, hours=12, step_minutes=10)
        if is_open(office, at) is not (not 6 <= at.astimezone(ZoneInfo(zone)).hour < 22)
    ]

    assert wrong == []


@pytest.mark.parametrize("zone", ZONES)
def test_an_hour_of_opening_is_an_hour_through_every_clock_change(zone):
    office = hotline(zone=zone, country="BV", subdivision=None, opening=dict.fromkeys(range(7), ALWAYS))

    ends = [
        (change, add_open_time(office, change - timedelta(hours=5), timedelta(hours=30)))
        for change in clock_changes(zone)
    ]

    assert all(end == change + timedelta(hours=25) for change, end in ends)


def test_a_week_of_clock_changes_is_tested_in_nearly_every_zone():
    assert sum(len(clock_changes(zone)) >= 20 for zone in ZONES) >= 12


EARLIEST, LATEST = datetime(2020, 1, 1), datetime(2035, 12, 1)  # noqa: DTZ001 - the zone is given beside them
instants = st.datetimes(EARLIEST, LATEST, timezones=st.just(UTC))
spans = st.timedeltas(timedelta(0), timedelta(hours=60))
openings = st.sampled_from(
    [dict.fromkeys(range(5), DAY), dict.fromkeys(range(7), NIGHT), {0: DAY, 3: NIGHT}, {6: ALWAYS}]
)


@given(st.sampled_from(ZONES), openings, instants, spans, spans)
def test_more_opening_time_never_ends_earlier(zone, opening, start, shorter, more):
    office = hotline(zone=zone, opening=opening)

    assert add_open_time(office, start, shorter) <= add_open_time(office, start, shorter + more)


@given(st.sampled_from(ZONES), openings, instants, spans)
def test_opening_time_ends_while_the_hotline_is_open(zone, opening, start, span):
    office = hotline(zone=zone, opening=opening)

    end = add_open_time(office, start, span)

    assert end >= start
    assert is_open(office, end) or is_open(office, end - timedelta(microseconds=1))


@given(st.sampled_from(ZONES), openings, instants, spans)
def test_opening_time_is_what_is_open_between_start_and_end(zone, opening, start, span):
    office = hotline(zone=zone, opening=opening)

    end = add_open_time(office, start, span)
    passed = [min(piece.end, end) - piece.start for piece in opening_spans(office, start) if piece.start < end]

    assert sum(passed, timedelta(0)) == span


@given(st.sampled_from(ZONES), openings, instants)
def test_the_next_opening_is_the_first_open_moment(zone, opening, now):
    office = hotline(zone=zone, opening=opening)

    opens = next_opening(office, now)

    assert is_open(office, opens)
    assert opens == now or not is_open(office, opens - timedelta(microseconds=1))
    assert (opens == now) is is_open(office, now)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        (MONDAY, 4, datetime(2026, 3, 2, 12, tzinfo=UTC)),
        (MONDAY, 8, datetime(2026, 3, 2, 16, tzinfo=UTC)),
        (MONDAY + timedelta(hours=6), 4, datetime(2026, 3, 3, 10, tzinfo=UTC)),
        (datetime(2026, 3, 6, 15, tzinfo=UTC), 4, datetime(2026, 3, 9, 11, tzinfo=UTC)),
        (datetime(2026, 3, 27, 15, tzinfo=UTC), 4, datetime(2026, 3, 30, 10, tzinfo=UTC)),
        (datetime(2026, 4, 2, 14, tzinfo=UTC), 4, datetime(2026, 4, 7, 10, tzinfo=UTC)),
        (datetime(2028, 2, 28, 15, tzinfo=UTC), 9, datetime(2028, 2, 29, 16, tzinfo=UTC)),
    ],
    ids=["a morning", "a whole day", "over night", "over a weekend", "over a lost hour", "over Easter", "29 February"],
)
def test_opening_time_passes_over_what_is_closed(start, hours, end):
    assert add_open_time(hotline(), start, timedelta(hours=hours)) == end


@pytest.mark.parametrize(
    ("day", "subdivision", "closed"),
    [
        (date(2026, 5, 1), "BE", True),
        (date(2026, 6, 4), "BY", True),  # Fronleichnam
        (date(2026, 6, 4), "BE", False),
        (date(2026, 3, 9), "BE", False),  # Women's day was yesterday, a Sunday
        (date(2027, 3, 8), "BE", True),
        (date(2027, 3, 8), None, False),
    ],
)
def test_the_holidays_are_those_of_the_region(day, subdivision, closed):
    assert is_holiday(day, "DE", subdivision) is closed
    assert (opening_hours_on(hotline(subdivision=subdivision), day) == ()) is closed


@pytest.mark.parametrize(
    ("country", "subdivision", "day"),
    [
        ("BR", "SP", date(2026, 7, 9)),
        ("BR", None, date(2026, 11, 20)),
        ("US", None, date(2026, 11, 26)),
        ("BA", None, date(2026, 5, 1)),
    ],
)
def test_the_holidays_of_our_regions_have_not_moved_with_a_new_release(country, subdivision, day):
    assert is_holiday(day, country, subdivision)


def test_on_holidays_the_hours_of_holidays_count_unless_the_day_is_closed_anyway():
    may_day, closed = date(2026, 5, 1), date(2026, 12, 25)
    office = hotline(holiday_hours=NIGHT, closed_on=frozenset({closed}))

    assert [opening_hours_on(office, day) for day in (may_day, closed)] == [NIGHT, ()]


def test_a_day_of_its_own_closes_the_hotline():
    office = hotline(closed_on=frozenset({date(2026, 3, 2)}))

    assert not is_open(office, MONDAY)
    assert next_opening(office, MONDAY) == datetime(2026, 3, 3, 8, tzinfo=UTC)


def test_a_night_shift_belongs_to_the_day_it_begins_on():
    office = hotline(opening=dict.fromkeys(range(7), NIGHT), closed_on=frozenset({date(2026, 3, 3)}))

    assert is_open(office, datetime(2026, 3, 3, 4, tzinfo=UTC))
    assert not is_open(office, datetime(2026, 3, 4, 4, tzinfo=UTC))


def test_the_door_opens_and_closes_on_the_second():
    office = hotline()

    assert [is_open(office, at) for at in (MONDAY - SECOND, MONDAY)] == [False, True]
    assert [is_open(office, MONDAY + timedelta(hours=8) - step) for step in (SECOND, timedelta(0))] == [True, False]


def test_a_hotline_that_never_opens_says_so():
    office = hotline(opening={})

    assert not is_open(office, MONDAY)
    assert next_opening(office, MONDAY) is None
    assert add_open_time(office, MONDAY, timedelta(hours=1)) is None


@pytest.mark.parametrize(
    ("country", "subdivision", "known"), [("DE", "BE", True), ("DE", "XX", False), ("XX", None, False)]
)
def test_only_holidays_that_are_known_can_be_asked_for(country, subdivision, known):
    assert knows_holidays(country, subdivision) is known
