"""What can be foreseen: a breach that no order of service avoids, and never one that can still be avoided."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.domain.promise import BreakCause
from app.domain.spans import Span
from app.promising.foresight import EARLIEST, WITH_NOBODY, Colleague, Outlook, foreseen

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
ALL_DAY = (Span(NOON, NOON + timedelta(hours=8)),)
ADA = Colleague(("de", "en"), (), is_there=True)
BEN = Colleague(("en",), (), is_there=True)
CLEO = Colleague(("de",), (), is_there=False)


def promised(
    number, due, *, language="de", kind="complaint", workable=ALL_DAY, urgent=False, seconds=600.0, next_attempt=0
):
    return Outlook(
        number, NOON - timedelta(hours=6), NOON + due * MINUTE, NOON + next_attempt * MINUTE, language, kind,
        urgent, seconds, tuple(workable),
    )  # fmt: skip


def test_what_somebody_can_still_keep_is_not_foreseen_as_broken():
    assert foreseen([promised(1, 5), promised(2, 15), promised(3, 25)], [ADA], NOON) == {}


def test_of_too_many_at_once_those_beyond_the_hands_are_foreseen():
    due_together = [promised(number, 5) for number in range(1, 4)]

    assert list(foreseen(due_together, [ADA], NOON).values()) == [BreakCause.OVERLOAD] * 2
    assert list(foreseen(due_together, [ADA, ADA], NOON).values()) == [BreakCause.OVERLOAD]
    assert foreseen(due_together, [ADA, ADA, ADA], NOON) == {}


def test_where_customers_are_called_by_a_plan_it_decides_who_is_given_up():
    """Else one would be told by one reckoning, and another be called by the other."""
    due_together = [promised(number, 5) for number in range(1, 4)]

    assert set(foreseen(due_together, [ADA], NOON, {2, 3, 99})) == {2, 3}
    assert foreseen(due_together, [ADA], NOON, set()) == {}
    assert set(foreseen([promised(1, 5), promised(2, 5, language="en")], [ADA, CLEO], NOON, set())) == set()


def test_a_safety_matter_is_never_given_up_for_another():
    found = foreseen([promised(1, 5), promised(2, 5, urgent=True)], [ADA], NOON)

    assert set(found) == {1}


def test_who_does_not_speak_the_language_does_not_help():
    found = foreseen([promised(1, 20), promised(2, 20, language="en")], [BEN, CLEO], NOON)

    assert found == {1: BreakCause.NO_AGENT}


def test_a_language_that_nobody_of_the_office_speaks_is_everybodys():
    assert foreseen([promised(1, 20)], [BEN], NOON) == {}


def test_who_has_not_learned_the_kind_of_case_does_not_help_while_others_of_the_office_have():
    billing = Colleague(("de",), ("cancellation",), is_there=True)
    away = Colleague(("de",), ("complaint",), is_there=False)

    assert foreseen([promised(1, 20)], [billing, away], NOON) == {1: BreakCause.NO_AGENT}
    assert foreseen([promised(1, 20, kind="cancellation")], [billing, away], NOON) == {}


def test_with_nobody_at_work_it_is_said_late_since_somebody_may_come():
    long_before, shortly_before = WITH_NOBODY / MINUTE + 1, WITH_NOBODY / MINUTE - 1

    assert foreseen([promised(1, long_before)], [], NOON) == {}
    assert foreseen([promised(1, shortly_before)], [], NOON) == {1: BreakCause.NO_AGENT}


def test_without_lawful_time_before_the_deadline_nobody_could_call():
    tomorrow = (Span(NOON + timedelta(hours=20), NOON + timedelta(hours=28)),)

    assert foreseen([promised(1, 60, workable=tomorrow)], [ADA], NOON) == {1: BreakCause.NO_LAWFUL_TIME}


def test_nobody_is_told_hours_before_or_after_the_deadline():
    too_early = [promised(number, EARLIEST / MINUTE + 30) for number in range(30)]

    assert foreseen(too_early, [ADA], NOON) == {}
    assert foreseen([promised(1, -1)], [ADA], NOON) == {}


@given(
    dues=st.lists(st.integers(-30, 115), min_size=1, max_size=12),
    hands=st.integers(1, 4),
)
def test_serving_by_deadline_keeps_all_of_which_no_breach_is_foreseen(dues, hands):
    """With conversations of one length, those not foreseen can be begun before their deadlines, all of them."""
    promises = [promised(number, due) for number, due in enumerate(dues)]
    broken = set(foreseen(promises, [ADA] * hands, NOON))
    free_at = [NOON] * hands
    for each in sorted(promises, key=lambda each: each.due_at):
        if each.id in broken or each.due_at <= NOON:
            continue
        start = min(free_at)
        assert start <= each.due_at
        free_at[free_at.index(start)] = start + timedelta(seconds=each.seconds)
