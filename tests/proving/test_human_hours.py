from __future__ import annotations

from datetime import date, time, timedelta
from typing import Final

from app.domain.hotline import Hours, Shift
from app.proving.human_hours import human_hours
from tests.domain.offices import hotline

MONDAY: Final = date(2026, 3, 2)
NINE_TO_FIVE: Final[Hours] = ((time(9), time(17)),)
SPRING: Final = date(2026, 3, 29)  # the clocks of Berlin go from two to three


def hours(office, first, last=None):
    return [length / timedelta(hours=1) for length in human_hours(office, first, last or first).values()]


def test_days_off_and_holidays_count_as_they_are():
    office = hotline(opening=dict.fromkeys(range(7), NINE_TO_FIVE), closed_on=frozenset({date(2026, 4, 30)}))
    attended = hotline(opening=dict.fromkeys(range(7), NINE_TO_FIVE), holiday_hours=((time(10), time(12)),))

    assert hours(office, date(2026, 4, 29), date(2026, 5, 2)) == [8, 0, 0, 8]
    assert hours(attended, date(2026, 4, 30), date(2026, 5, 1)) == [8, 2]


def test_hours_past_midnight_count_for_the_day_on_which_they_pass():
    office = hotline(opening={0: ((time(22), time(3)),)})

    assert hours(office, MONDAY, date(2026, 3, 4)) == [2, 3, 0]


def test_the_day_on_which_clocks_are_changed_has_its_true_length():
    office = hotline(opening=dict.fromkeys(range(7), ((time(0), time(0)),)))

    assert hours(office, date(2026, 3, 28), date(2026, 3, 30)) == [24, 23, 24]


def test_staff_is_there_only_while_the_hotline_is_open_and_counts_once():
    mornings = Shift(3, ("de",), dict.fromkeys(range(7), ((time(6), time(13)),)))
    middays = Shift(1, ("de",), dict.fromkeys(range(7), ((time(11), time(15)),)))
    office = hotline(opening=dict.fromkeys(range(7), NINE_TO_FIVE), staffing=(middays, mornings))

    assert hours(office, MONDAY) == [6]
