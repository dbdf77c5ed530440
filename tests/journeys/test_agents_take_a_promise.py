"""Agent first: what an agent does or fails to do costs the customer nothing (T11, T12, T15)."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest

from app.jobs.ticks import Office, start_attempts
from app.simulator.people import HangUp, Person, Pickup, silent
from tests.journeys.cast import ADA, BEN, CORA, complain_and_hang_up
from tests.journeys.stage import Stage, absent, engaged, heard_by, unwilling

UNHELPFUL = {
    "declines": unwilling,
    "answers and is silent": silent,
    "does not answer": absent,
    "has a busy line": engaged,
    "refuses the call": lambda: Person(pickup=Pickup.REJECT),
    "cannot be reached": lambda: Person(pickup=Pickup.UNREACHABLE),
    "hangs up in the whisper": lambda: Person(cues=((r"", HangUp(0.5)),)),
}


def test_the_agent_hears_what_it_is_about_before_the_customer_is_rung(office: Stage) -> None:
    """Lessons 2 and 20: no customer waits for an agent, and no context is lost."""
    office.hire("Ada", ADA)
    complain_and_hang_up(office)
    office.wait(minutes=5)

    (agent,), (customer,) = office.rings_at(ADA), office.rings_at(CORA)
    assert agent.leg.answered_at is not None
    assert customer.leg.started_at is not None
    assert agent.leg.answered_at < customer.leg.started_at
    protocol = ", ".join(office.case().protocol[:3])
    assert heard_by(agent).startswith("Rückruf, versprochen bis heute um 14 Uhr 15. Beschwerde.")
    assert protocol in heard_by(agent)
    assert office.promise().status == "kept"


@pytest.mark.parametrize("person", UNHELPFUL.values(), ids=UNHELPFUL)
def test_an_agent_who_does_not_take_it_passes_it_on_and_the_customer_is_not_disturbed(
    office: Stage, person: Callable[[], Person]
) -> None:
    """Not an attempt: the customer's line rings once, for the agent who took it."""
    office.hire("Ada", ADA, person=person())
    ben = office.hire("Ben", BEN)
    complain_and_hang_up(office)
    office.wait(minutes=20)

    assert len(office.rings_at(CORA)) == 1
    promise = office.promise()
    assert (promise.status, promise.attempts_made) == ("kept", 1)
    assert office.attempts()[0].dialled_at is None
    assert office.attempts()[-1].staff_id == ben


def test_with_one_agent_who_is_away_the_promise_stands_and_is_kept_when_they_are_back(office: Stage) -> None:
    """T15: nothing is given up while the deadline is ahead."""
    ada = office.hire("Ada", ADA, person=absent())
    complain_and_hang_up(office)
    office.wait(minutes=15)
    assert (office.promise().status, office.promise().attempts_made) == ("open", 0)
    assert office.rings_at(CORA) == []

    office.carrier.introduce(ADA, Person("Ada"))
    office.wait(minutes=15)

    assert office.promise().status == "kept"
    assert office.attempts()[-1].staff_id == ada


def test_an_agent_has_one_call_at_a_time(office: Stage) -> None:
    """Lessons 3: never more callbacks than agents who are free."""
    office.hire("Ada", ADA, person=Person("Ada", talk_seconds=120))
    office.carrier.introduce(CORA, Person("Cora", talk_seconds=120))
    for number in (CORA, "+4917612345679", "+4917612345680"):
        complain_and_hang_up(office, number)
    office.wait(minutes=15)

    assert [promise.status for promise in office.promises()] == ["kept"] * 3
    spans = sorted((line.leg.created_at, line.leg.ended_at) for line in office.rings_at(ADA))
    assert all(ended is not None and ended <= begun for (_, ended), (begun, _) in itertools.pairwise(spans))


def test_whoever_spoke_first_with_the_customer_owns_the_case(office: Stage) -> None:
    """T11."""
    ada = office.hire("Ada", ADA)
    complain_and_hang_up(office)
    office.wait(minutes=5)

    assert office.case().owner_id == ada
    assert "owned" in office.history()


def test_two_clocks_running_ring_nobody_twice(office: Stage) -> None:
    """One dial in flight per customer, however many processes look for work."""
    office.hire("Ada", ADA)
    office.hire("Ben", BEN)
    complain_and_hang_up(office)
    office.wait(seconds=25)
    second_clock = Office(office.runtime, office.office.phone)
    for _ in range(3):
        start_attempts(second_clock)
        start_attempts(office.office)
    office.wait(minutes=5)

    assert len(office.rings_at(CORA)) == 1
    assert len(office.attempts()) == 1
