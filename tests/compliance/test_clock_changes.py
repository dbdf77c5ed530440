"""No dial outside lawful hours, none skipped, none doubled, over every clock change from 2020 to 2035 in 15 zones.

What is expected is reckoned from the wall clock of the zone alone, minute by minute, and shares nothing with the code.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from app.compliance.calling_hours import lawful_spans, may_call_at, next_lawful
from app.compliance.whereabouts import Whereabouts
from app.domain.hotline import CallbackRules
from app.domain.promise import AttemptResult
from app.promising.next_attempt import Tried, after, may_try_now
from tests.domain.offices import ALWAYS, ZONES, clock_changes, hotline

MINUTE = timedelta(minutes=1)
HOUR = 60 * MINUTE
OPENS, CLOSES = 8, 21  # the hours of `us`, on every day of the week
NEVER_CLOSED = dict.fromkeys(range(7), ALWAYS)


def _is_day(at: datetime, zone: ZoneInfo) -> bool:
    """Whether the clocks of the zone show a time from eight in the morning to nine in the evening."""
    return OPENS <= at.astimezone(zone).hour < CLOSES


def _days_around(change: datetime, zone: ZoneInfo) -> list[date]:
    day = change.astimezone(zone).date()
    return [day + timedelta(days=number) for number in (-1, 0, 1)]


def _minutes_of(day: date, zone: ZoneInfo) -> list[datetime]:
    """Every minute at which the clocks of the zone show this day, in the order in which they pass."""
    first = datetime(day.year, day.month, day.day, tzinfo=UTC) - 30 * HOUR
    every = (first + number * MINUTE for number in range(84 * 60))
    return [at for at in every if at.astimezone(zone).date() == day]


@pytest.mark.parametrize("name", ZONES)
def test_every_day_around_a_clock_change_has_its_lawful_minutes_once_and_no_other(name):
    zone, where = ZoneInfo(name), Whereabouts((name,), ("us",))
    for change in clock_changes(name):
        spans = list(lawful_spans(where, change - 72 * HOUR, days=8))
        for day in _days_around(change, zone):
            minutes = _minutes_of(day, zone)
            lawful = {at for at in minutes if _is_day(at, zone)}
            held = Counter(at for at in minutes for span in spans if at in span)
            assert set(held) == lawful, (change, day)
            assert set(held.values()) <= {1}, (change, day)


@pytest.mark.parametrize("name", ZONES)
def test_a_dial_that_is_due_at_any_moment_around_a_clock_change_comes_at_the_first_lawful_one(name):
    zone, where = ZoneInfo(name), Whereabouts((name,), ("us",))
    for change in clock_changes(name):
        for hours in range(-26, 27, 4):
            due = change + hours * HOUR + 7 * MINUTE
            first = next(at for n in range(24 * 60) if _is_day(at := due + n * MINUTE, zone))
            dialled = next_lawful(where, due)
            assert dialled == (due if first == due else first.replace(second=0)), due
            assert may_call_at(where, dialled).allowed


@pytest.mark.parametrize("name", ZONES)
def test_a_customer_who_never_answers_is_rung_lawfully_and_within_the_caps_over_every_clock_change(name):
    zone, where = ZoneInfo(name), Whereabouts((name,), ("us",))
    office = hotline(
        zone=name, country="BV", subdivision=None, opening=NEVER_CLOSED,
        callback=CallbackRules(attempts=7, spacing={"no_answer": 5 * HOUR}),
    )  # fmt: skip
    for change in clock_changes(name):
        at, rung_at = next_lawful(where, change - 30 * HOUR), []
        while at is not None:
            tried = Tried(AttemptResult.NO_ANSWER, rung_at, change + 90 * HOUR, office, where)
            assert may_try_now(tried, at), at
            assert _is_day(at, zone), at
            rung_at.append(at)
            at = after(Tried(AttemptResult.NO_ANSWER, rung_at, change + 90 * HOUR, office, where), at)
        assert len(rung_at) == 7
        assert max(Counter(each.astimezone(zone).date() for each in rung_at).values()) <= 3
        assert min(later - one for one, later in pairwise(rung_at)) >= 3 * MINUTE
