"""What suits whom is found once for a timetable, and anew as soon as anything of the timetable is different."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from datetime import time as clock_time

from app.cli.bench.solver import OFFICE
from app.compliance.whereabouts import Whereabouts
from app.domain.hotline import Shift
from app.promising.grid import Grid, grid_of
from app.promising.timetable import Timetable, timetable

NOW = datetime(2026, 3, 2, 9, 3, tzinfo=UTC)
BERLIN = Whereabouts(("Europe/Berlin",), ("de",))
MORNING = dict.fromkeys(range(5), ((clock_time(8), clock_time(12)),))
ALL_DAY, MORNINGS = Shift(2, ("de",)), Shift(2, ("de",), MORNING)
DUE = round((NOW + timedelta(hours=8)).timestamp())


def _table(shift: Shift, now: datetime = NOW) -> Timetable:
    return timetable(OFFICE, (shift,), now, timedelta(minutes=11), until=NOW + timedelta(days=3))


def test_who_asks_within_the_same_slot_finds_what_was_found_before():
    before = grid_of(_table(ALL_DAY), NOW.date())
    window = before.window(("de", "", BERLIN, DUE, 0))

    again = grid_of(_table(ALL_DAY, NOW + timedelta(minutes=2)), NOW.date())

    assert again is before
    assert again.windows["de", "", BERLIN, DUE, 0] is window


def test_a_slot_that_has_begun_is_no_place_any_more():
    before = grid_of(_table(ALL_DAY), NOW.date())
    later = grid_of(_table(ALL_DAY, NOW + timedelta(minutes=11)), NOW.date())

    assert later is not before
    assert later.table.starts == before.table.starts[1:]


def test_other_shifts_on_the_same_slots_are_another_grid():
    all_day, mornings = (grid_of(_table(shift), NOW.date()) for shift in (ALL_DAY, MORNINGS))

    first, second = (grid.window(("de", "", BERLIN, DUE, 0)) for grid in (all_day, mornings))

    assert all_day.table.starts == mornings.table.starts
    assert second.last < first.last  # nobody is there in the afternoon


def test_what_a_grid_remembers_is_what_a_new_one_finds():
    table = _table(MORNINGS)
    known = grid_of(table, NOW.date())
    suits = [("de", "", BERLIN, DUE + hours * 3600, hours * 1800 + DUE - 28_800) for hours in range(40)]
    for _ in range(2):
        found = [known.windows.get(each) or known.window(each) for each in suits]

    fresh = [Grid(table, NOW.date()).window(each) for each in suits]
    assert [(each.row.places, *each[1:]) for each in found] == [(each.row.places, *each[1:]) for each in fresh]
