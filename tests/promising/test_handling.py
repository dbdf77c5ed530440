from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.promising.handling import ENOUGH, handling_time

DEFAULT = timedelta(minutes=10)


def test_the_default_counts_until_enough_were_measured():
    assert handling_time([60] * (ENOUGH - 1), DEFAULT) == DEFAULT
    assert handling_time([60] * ENOUGH, DEFAULT) == timedelta(minutes=1)


@pytest.mark.parametrize(
    ("seconds", "minutes"),
    [
        ([61] * ENOUGH, 2),
        ([0] * ENOUGH, 1),
        ([120] * 45 + [600] * 5, 2),
        ([600] * 6 + [120] * 44, 10),
        (list(range(60, 60 * 101, 60)), 90),
    ],
    ids=["rounded up", "never none", "the longest tenth", "more than a tenth", "in order"],
)
def test_nine_of_ten_conversations_are_over_in_it(seconds, minutes):
    assert handling_time(seconds, DEFAULT) == timedelta(minutes=minutes)


@given(st.lists(st.integers(0, 7200), min_size=ENOUGH, max_size=200))
def test_it_is_the_shortest_whole_minute_that_holds_nine_of_ten(seconds):
    found = handling_time(seconds, DEFAULT)

    def held(minutes):
        return sum(each <= minutes * 60 for each in seconds) / len(seconds)

    minutes = found // timedelta(minutes=1)
    assert held(minutes) >= 0.9
    assert minutes == 1 or held(minutes - 1) < 0.9
