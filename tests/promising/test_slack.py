from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.hotline import CallbackRules
from app.domain.spans import Span
from app.promising.slack import by_slack, latest_start_at, slack
from app.promising.spacing import time_needed

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAYS = [Span(NINE, NINE + 8 * HOUR), Span(NINE + 24 * HOUR, NINE + 32 * HOUR)]


@dataclass(frozen=True)
class Row:
    name: str
    latest: datetime
    due: datetime


@pytest.mark.parametrize(
    ("due", "needed", "expected"),
    [
        (NINE + 5 * HOUR, HOUR, NINE + 4 * HOUR),
        (NINE + 8 * HOUR, HOUR, NINE + 7 * HOUR),
        (NINE + 20 * HOUR, HOUR, NINE + 7 * HOUR),
        (NINE + 24.5 * HOUR, HOUR, NINE + 7.5 * HOUR),
        (NINE + 25 * HOUR, HOUR, NINE + 24 * HOUR),
        (NINE + 0.5 * HOUR, HOUR, NINE),
        (NINE - HOUR, HOUR, NINE - 2 * HOUR),
    ],
    ids=["by day", "at the end", "at night", "over night", "just after it", "too little time", "before any work"],
)
def test_the_latest_start_is_counted_back_through_working_time(due, needed, expected):
    assert latest_start_at(due, needed, DAYS) == expected


def test_without_working_time_it_is_counted_back_by_the_clock():
    assert latest_start_at(NINE, HOUR, []) == NINE - HOUR


@pytest.mark.parametrize(
    ("attempts_made", "minutes"), [(0, 50), (1, 30), (2, 10), (3, 10)], ids=["none", "one", "two", "all"]
)
def test_fewer_attempts_need_less_time(attempts_made, minutes):
    assert time_needed(CallbackRules(), attempts_made) == timedelta(minutes=minutes, seconds=25)


def test_the_hotline_file_sets_the_spacing():
    rules = CallbackRules(attempts=2, spacing={"no_answer": HOUR})

    assert time_needed(rules) == HOUR + timedelta(minutes=10, seconds=25)


def test_slack_is_what_is_left_until_the_latest_start():
    assert slack(NINE + HOUR, NINE) == HOUR
    assert slack(NINE, NINE + HOUR) == -HOUR


instants = st.integers(0, 50).map(lambda number: NINE + number * HOUR)
rows = st.lists(st.builds(Row, st.text(max_size=2), instants, instants))


@given(rows)
def test_who_has_the_least_slack_goes_first(rows):
    ordered = by_slack(rows, lambda row: row.latest, lambda row: row.due)

    keys = [(slack(row.latest, NINE), row.due) for row in ordered]
    assert keys == sorted(keys)
    assert sorted(map(id, ordered)) == sorted(map(id, rows))
