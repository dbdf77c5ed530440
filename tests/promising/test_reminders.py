"""When people are reminded: at half and at a quarter of the slack, counted in opening hours."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.domain.spans import Span
from app.promising.reminders import Level, moments

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
ALL_DAY = (Span(NINE - 2 * HOUR, NINE + 9 * HOUR),)


def test_the_owner_at_half_and_a_supervisor_at_a_quarter_of_the_slack():
    found = moments(NINE, NINE + 4 * HOUR, ALL_DAY, at_risk=False)

    assert found == {Level.OWNER: NINE + 2 * HOUR, Level.SUPERVISOR: NINE + 3 * HOUR}


def test_the_night_does_not_count():
    opening = (Span(NINE - HOUR, NINE + HOUR), Span(NINE + 24 * HOUR, NINE + 34 * HOUR))
    found = moments(NINE, NINE + 27 * HOUR, opening, at_risk=False)

    assert found == {Level.OWNER: NINE + 25 * HOUR, Level.SUPERVISOR: NINE + 26 * HOUR}


def test_a_promise_born_at_risk_stands_before_everybody_at_once():
    assert set(moments(NINE, NINE + 4 * HOUR, ALL_DAY, at_risk=True).values()) == {NINE}


def test_without_slack_there_is_nothing_to_wait_for():
    assert set(moments(NINE, NINE - HOUR, ALL_DAY, at_risk=False).values()) == {NINE}


def test_where_the_office_stays_closed_the_latest_start_is_the_moment():
    assert set(moments(NINE, NINE + 4 * HOUR, (), at_risk=False).values()) == {NINE + 4 * HOUR}


@given(
    room=st.integers(0, 10_000).map(lambda minutes: timedelta(minutes=minutes)),
    gaps=st.lists(st.tuples(st.integers(0, 900), st.integers(1, 900)), max_size=8),
    at_risk=st.booleans(),
)
def test_no_reminder_comes_before_its_promise_or_after_its_slack_and_the_owner_is_never_last(room, gaps, at_risk):
    opening, at = [], NINE
    for closed, opened in gaps:
        start = at + timedelta(minutes=closed)
        at = start + timedelta(minutes=opened)
        opening.append(Span(start, at))
    found = moments(NINE, NINE + room, opening, at_risk=at_risk)

    assert NINE <= found[Level.OWNER] <= found[Level.SUPERVISOR] <= NINE + room
