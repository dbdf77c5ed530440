"""Every promise ends in exactly one state, and none in silence (T15)."""

from __future__ import annotations

from datetime import timedelta

from tests.journeys.cast import ADA, BEN, CEM, CORA, complain_and_hang_up
from tests.journeys.stage import Stage, absent

END_STATES = {"kept", "kept_late", "moved", "discharged", "unreachable", "withdrawn", "broken"}


def test_a_promise_kept_in_time_is_kept(office: Stage) -> None:
    """And the record says when."""
    office.hire("Ada", ADA)
    complain_and_hang_up(office)
    office.wait(minutes=5)

    promise = office.promise()
    assert promise.status == "kept"
    assert promise.ended_at is not None
    assert promise.ended_at < promise.due_at
    assert office.record().assessment.promise_kept_at == promise.ended_at


def test_an_agent_who_comes_after_the_deadline_keeps_it_late(office: Stage) -> None:
    """Late is better than never, and is called late."""
    complain_and_hang_up(office)
    due_at = office.promise().due_at
    office.wait_until(due_at + timedelta(minutes=30))
    office.hire("Ada", ADA)
    office.wait(minutes=5)

    assert office.promise().status == "kept_late"


def test_with_nobody_at_all_it_is_broken_with_its_cause_and_the_customer_is_told(office: Stage) -> None:
    """Nothing ends in silence."""
    complain_and_hang_up(office)
    office.wait_until(office.promise().due_at + timedelta(days=2, minutes=10))

    promise = office.promise()
    assert (promise.status, promise.cause, promise.attempts_made) == ("broken", "no_agent", 0)
    _receipt, _foreseen, sorry = office.texts_to(CORA)
    assert "unser Versprechen nicht gehalten, Sie bis Montag, 2. März, 14:15 Uhr" in sorry
    assert promise.case_id == office.case().id
    assert office.rings_at(CORA) == []


def test_every_promise_of_a_busy_day_has_one_end_and_one_entry_of_it(office: Stage) -> None:
    """Six customers, two agents, some who cannot be reached."""
    office.hire("Ada", ADA)
    office.hire("Ben", BEN)
    numbers = [f"+4915112345{number:03d}" for number in range(6)]
    for number in numbers[::3]:
        office.carrier.introduce(number, absent())
    for number in numbers:
        complain_and_hang_up(office, number)
    office.wait(hours=4)

    assert {promise.status for promise in office.promises()} == {"kept", "unreachable"}
    for case in office.cases():
        assert sum(kind in END_STATES for kind in office.history(case)) == 1


def test_what_must_begin_at_the_latest_is_reckoned_anew_after_each_try(office: Stage) -> None:
    """promises.md: due, less the remaining attempts, ring time and one conversation; fewer are left after each."""
    office.carrier.introduce(CORA, absent())
    complain_and_hang_up(office)
    office.hire("Ada", ADA)
    room = [office.promise().due_at - office.promise().latest_start_at]
    for minutes in (5, 25):
        office.wait(minutes=minutes)
        room.append(office.promise().due_at - office.promise().latest_start_at)

    one, pause = timedelta(minutes=10, seconds=25), timedelta(minutes=20)
    assert [attempt.result for attempt in office.attempts()] == ["no_answer", "no_answer"]
    assert room == [one + 2 * pause, one + pause, one]


def test_the_least_slack_goes_first(office: Stage) -> None:
    """Lessons 3: the promise that can wait least, not the one that came first."""
    complain_and_hang_up(office, CEM)
    office.wait(hours=1)
    complain_and_hang_up(office, CORA)
    office.hire("Ada", ADA)
    office.wait(minutes=5)

    first, second = office.promises()
    assert first.latest_start_at < second.latest_start_at
    assert [attempt.promise_id for attempt in office.attempts()] == [first.id, second.id]
