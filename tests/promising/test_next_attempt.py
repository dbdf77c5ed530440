from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.compliance.calling_hours import may_call_at
from app.compliance.whereabouts import Whereabouts
from app.domain.business_hours import is_open
from app.domain.errors import LawUnknown
from app.domain.hotline import CallbackRules
from app.domain.promise import AttemptResult, counts_as_attempt
from app.promising.next_attempt import LEAST_SPACING, Tried, after, may_try_now
from tests.domain.offices import DAY, NIGHT, ZONES, hotline

BERLIN = Whereabouts(("Europe/Berlin",), ("de",))
MINUTE = timedelta(minutes=1)


def _at(day, hour, minute=0, second=0):
    """A moment of March 2026 by the clocks of Berlin."""
    return datetime(2026, 3, day, hour, minute, second, tzinfo=ZoneInfo("Europe/Berlin"))


NOW = _at(2, 10)
DUE = _at(2, 16)


def _tried(result=AttemptResult.NO_ANSWER, rung_at=(NOW,), due_at=DUE, rules=None, where=BERLIN):
    return Tried(result, rung_at, due_at, hotline(callback=rules or CallbackRules()), where)


@pytest.mark.parametrize(
    ("result", "minutes"),
    [
        (AttemptResult.BUSY, 5),
        (AttemptResult.NO_ANSWER, 20),
        (AttemptResult.MACHINE, 45),
        (AttemptResult.FAILED, 10),
        (AttemptResult.AGENT_DECLINED, 0),
        (AttemptResult.AGENT_SILENT, 0),
        (AttemptResult.AGENT_UNREACHABLE, 0),
        (AttemptResult.NETWORK_REFUSED, 2),
        (AttemptResult.CANCELED, 0),
    ],
)
def test_the_wait_depends_on_how_the_attempt_ended(result, minutes):
    assert after(_tried(result), NOW) == NOW + minutes * MINUTE


def test_the_hotline_file_sets_the_wait():
    rules = CallbackRules(spacing={"busy": timedelta(minutes=7)})

    assert after(_tried(AttemptResult.BUSY, rules=rules), NOW) == NOW + 7 * MINUTE


def test_who_was_reached_is_not_called_again():
    assert after(_tried(AttemptResult.CONNECTED), NOW) is None


def test_after_the_last_attempt_there_is_none():
    rung_at = [NOW - 60 * MINUTE, NOW - 30 * MINUTE, NOW]

    assert after(_tried(rung_at=rung_at), NOW) is None


def test_what_the_agent_does_costs_no_attempt():
    rung_at = [NOW - 60 * MINUTE, NOW - 30 * MINUTE]

    assert after(_tried(AttemptResult.AGENT_DECLINED, rung_at=rung_at), NOW) == NOW


def test_the_wait_is_shortened_so_that_all_attempts_fit_before_the_deadline():
    # Half an hour, the conversation that whoever rings next may be in, and the rings at both until they speak.
    due_at = NOW + timedelta(minutes=41, seconds=15)

    second = after(_tried(due_at=due_at), NOW)
    third = after(_tried(rung_at=[NOW, second], due_at=due_at), second)

    assert (second, third) == (NOW + 15 * MINUTE, NOW + 30 * MINUTE)


def test_the_wait_is_shortened_before_the_office_closes():
    due_at = _at(3, 17)

    assert after(_tried(AttemptResult.MACHINE, due_at=_at(2, 17)), _at(2, 16, 18, 45)) == _at(2, 16, 33, 45)
    assert after(_tried(AttemptResult.MACHINE, due_at=due_at), _at(2, 16, 18, 45)) == _at(3, 9)


def test_nobody_is_rung_again_within_three_minutes():
    assert after(_tried(due_at=NOW + 7 * MINUTE), NOW) == NOW + LEAST_SPACING


def test_when_it_is_too_late_anyway_nobody_is_hurried():
    assert after(_tried(due_at=NOW + 3 * MINUTE), NOW) == NOW + 20 * MINUTE
    assert after(_tried(due_at=NOW - 5 * MINUTE), NOW) == NOW + 20 * MINUTE


def test_after_closing_time_the_next_attempt_is_in_the_morning():
    assert after(_tried(due_at=_at(3, 12)), _at(2, 16, 55)) == _at(3, 9)


def test_the_next_attempt_waits_for_the_lawful_hours():
    where = Whereabouts(("America/New_York",), ("us",))

    assert after(_tried(where=where, due_at=_at(3, 16)), NOW) == _at(2, 14)


def test_a_fourth_ring_waits_for_the_next_day():
    rules = CallbackRules(attempts=5)
    rung_at = [NOW - 60 * MINUTE, NOW - 30 * MINUTE, NOW]

    assert after(_tried(rung_at=rung_at, rules=rules, due_at=_at(3, 12)), NOW) == _at(3, 9)


def test_where_nobody_may_ever_be_called_there_is_no_next_attempt():
    where = Whereabouts(("Asia/Tokyo", "America/Sao_Paulo"), ("eu",))

    assert after(_tried(where=where), NOW) is None


def test_under_an_unknown_law_there_is_no_next_attempt():
    with pytest.raises(LawUnknown):
        after(_tried(where=Whereabouts(("Europe/Berlin",), ("xx",))), NOW)


@pytest.mark.parametrize(
    ("now", "where", "rung_at", "expected"),
    [
        (NOW, BERLIN, [], True),
        (_at(2, 8, 30), BERLIN, [], False),
        (NOW, Whereabouts(("America/New_York",), ("us",)), [], False),
        (NOW, BERLIN, [NOW - 30 * MINUTE, NOW - 20 * MINUTE, NOW - 10 * MINUTE], False),
    ],
    ids=["now", "closed", "night where they are", "rung three times"],
)
def test_right_before_dialling_it_is_asked_once_more(now, where, rung_at, expected):
    assert may_try_now(_tried(where=where, rung_at=rung_at), now) is expected


EARLIEST, LATEST = datetime(2020, 1, 1), datetime(2035, 12, 1)  # noqa: DTZ001 - the zone is given beside them


@given(
    st.datetimes(EARLIEST, LATEST, timezones=st.just(UTC)),
    st.sampled_from(list(AttemptResult)),
    st.integers(0, 2),
    st.timedeltas(timedelta(hours=-2), timedelta(days=2)),
    st.sampled_from(ZONES),
    st.sampled_from(ZONES),
    st.sampled_from([dict.fromkeys(range(5), DAY), dict.fromkeys(range(7), NIGHT)]),
)
def test_every_next_attempt_is_later_open_and_lawful(now, result, earlier, left, zone, theirs, opening):
    where = Whereabouts((theirs,), ("us",))
    rung_at = [now - 30 * MINUTE * number for number in range(earlier)]
    tried = Tried(result, rung_at, now + left, hotline(zone=zone, opening=opening), where)

    at = after(tried, now)

    assert at is not None or result is AttemptResult.CONNECTED or not _ever(tried, now)
    assert at is None or (is_open(tried.hotline, at) and may_call_at(where, at).allowed)
    assert at is None or not counts_as_attempt(result) or at >= now + LEAST_SPACING


def _ever(tried, now):
    moments = (now + 15 * MINUTE * step for step in range(4 * 24 * 25))
    return any(is_open(tried.hotline, at) and may_call_at(tried.where, at).allowed for at in moments)


@pytest.mark.parametrize("due_at", [DUE, NOW - MINUTE], ids=["in time", "late"])
def test_not_even_the_hotline_file_lets_anybody_be_rung_sooner(due_at):
    rules = CallbackRules(spacing={"busy": MINUTE})

    assert after(_tried(AttemptResult.BUSY, rules=rules, due_at=due_at), NOW) == NOW + LEAST_SPACING


def test_rings_for_another_promise_to_the_same_number_count_against_the_caps_and_not_as_attempts():
    others = [NOW - 3 * MINUTE, NOW - 2 * MINUTE]
    spent = replace(_tried(rung_at=[NOW], due_at=_at(3, 12)), number_rung_at=[*others, NOW])

    assert spent.attempts_left == 2
    assert after(spent, NOW) == _at(3, 9)  # three rings a day are enough
    assert not may_try_now(spent, NOW + MINUTE)
    assert after(_tried(rung_at=[NOW], due_at=_at(3, 12)), NOW) == NOW + 20 * MINUTE


def test_an_urgent_customer_is_tried_again_in_the_hours_for_urgent_matters():
    office = hotline(urgent_hours=dict.fromkeys(range(5), ((time(17), time(20)),)))
    tried = Tried(AttemptResult.NO_ANSWER, (_at(2, 17, 10),), _at(2, 18, 30), office, BERLIN, urgent=True)

    assert after(tried, _at(2, 17, 10)) == _at(2, 17, 30)
    assert after(replace(tried, urgent=False), _at(2, 17, 10)) == _at(3, 9)
