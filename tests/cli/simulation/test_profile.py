"""When people call over many days."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from app.cli.bench.solver import OFFICE
from app.cli.simulation.profile import days_of, moments

MIDNIGHT = datetime.fromisoformat("2026-03-02T00:00+01:00")


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/Sao_Paulo", "Asia/Tokyo"])
def test_days_are_lived_from_their_own_midnight_wherever_the_hotline_is(zone):
    hotline = replace(OFFICE, zone=ZoneInfo(zone))
    first, *_ = days_of(MIDNIGHT, 2, hotline)
    begins_at = datetime(first.year, first.month, first.day, tzinfo=hotline.zone)

    found = moments(Random(1), hotline, MIDNIGHT, 2, 400)

    assert timedelta(0) <= begins_at - MIDNIGHT < timedelta(days=1)
    assert begins_at <= found[0]
    assert found[-1] < begins_at + timedelta(days=2)
    assert max(Counter(found).values()) <= 2  # nobody is put off until the simulation begins


def test_a_stretch_that_begins_at_midnight_begins_with_that_day():
    assert days_of(MIDNIGHT, 2, OFFICE) == [date(2026, 3, 2), date(2026, 3, 3)]
