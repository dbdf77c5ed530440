"""What share of complaints is expected to point to a hazard, from the past alone."""

from __future__ import annotations

from datetime import date

from app.domain.hazard_baseline import Tally, baseline_of, running_totals, until


def test_little_knowledge_makes_a_baseline_quieter():
    known, unknown = Tally(10, 1000), Tally(0, 5)
    house = Tally(20, 2000)

    assert baseline_of(known, house) < baseline_of(unknown, house)


def test_totals_end_before_the_day_they_are_asked_for():
    days = [(date(2026, 3, 4), Tally(1, 2)), (date(2026, 3, 2), Tally(0, 3))]

    totals = running_totals(days)

    assert [until(totals, date(2026, 3, day)) for day in (2, 3, 4, 5)] == [
        Tally(),
        Tally(0, 3),
        Tally(0, 3),
        Tally(1, 5),
    ]
