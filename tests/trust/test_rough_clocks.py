"""Clocks under a network that fails, after an outage, on machines whose time is wrong, and in any order of events."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
import sqlalchemy as sa

from app.cli.virtual_office import VirtualOffice
from app.domain.clock import Clock
from app.jobs.ticks import Office
from app.models.promise import Attempt, Promise
from app.services.dial_attempt import Graces, dial
from app.services.start_attempts import promise_intent
from app.settings import Settings
from app.simulator.faults import Faults
from app.simulator.people import Person
from tests.trust.oracle import double_rings, promise_complaints
from tests.trust.passing_time import run_until_quiet
from tests.web.make import make_case, make_promise

MINUTE = timedelta(minutes=1)


class Skewed:
    """The clock of a machine that is set wrong."""

    def __init__(self, clock: Clock, by: timedelta) -> None:
        self.clock, self.by = clock, by

    def now(self) -> datetime:
        return self.clock.now() + self.by


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What the databases do differently, real processes on both of them tell; time is virtual here."""
    return sqlite_url


def promise_to(office: VirtualOffice, customers: list[str], *, minutes: float) -> None:
    """Promises made an hour ago, all due for their first attempt now; their deadlines follow one another."""
    now = office.clock.now()
    with office.runtime.database.sessions.begin() as session:
        for place, number in enumerate(customers):
            case = make_case(session, office.runtime.vault, now - 60 * MINUTE, protocol=f"26{place:06d}")
            due_at = now + (minutes + place) * MINUTE
            make_promise(
                session, office.runtime.vault, case, now - 60 * MINUTE, phone=number, due_at=due_at,
                latest_start_at=due_at - 50 * MINUTE, next_attempt_at=now,
            )  # fmt: skip
    for number in customers:
        office.carrier.introduce(number, Person())


def open_office(settings: Settings, customers: int, agents: int, *, minutes: float = 600, **how) -> VirtualOffice:
    office = VirtualOffice(settings, seed=4, **how)
    for place in range(agents):
        office.hire(f"Agent{place}", f"+49301234{place:04d}")
    promise_to(office, [f"+49151{place:08d}" for place in range(customers)], minutes=minutes)
    return office


def customers_rung(office: VirtualOffice) -> Counter[str]:
    return Counter(leg.to for leg in office.carrier.calls if leg.direction == "outbound-dial")


FAULTS = Faults(rest_timeout=0.1, rest_error=0.1, rest_busy=0.1)


@pytest.mark.parametrize("callbacks", [24, pytest.param(1000, marks=pytest.mark.long)])
def test_a_network_that_answers_late_fails_after_placing_or_is_busy_rings_everybody_once(
    settings: Settings, callbacks: int
) -> None:
    office = open_office(settings, callbacks, 20, faults=FAULTS)
    run_until_quiet(office)

    left = [*promise_complaints(office), *double_rings(office)]
    rings = customers_rung(office)
    ends = Counter(promise.status for promise in office.promises())
    office.close()
    assert left == []
    assert set(rings.values()) == {1}
    assert len(rings) == callbacks
    assert set(ends) <= {"kept", "kept_late"}


@pytest.mark.parametrize("callbacks", [40, pytest.param(1000, marks=pytest.mark.long)])
def test_after_an_outage_all_are_rung_in_the_order_of_slack_and_at_the_pace(settings: Settings, callbacks: int) -> None:
    office = open_office(settings.model_copy(update={"calls_per_second": 2.0}), callbacks, callbacks)
    office.carrier.run(timedelta(minutes=30).total_seconds())
    office.run(minutes=callbacks / 2 / 60 + 5)

    with office.runtime.database.reads() as session:
        rows = session.execute(
            sa.select(Attempt.promise_id, Attempt.started_at, Promise.next_attempt_at)
            .join(Promise, Promise.id == Attempt.promise_id)
            .order_by(Attempt.id)
        ).all()
    office.close()
    in_any_second = max(
        sum(start <= other.started_at < start + timedelta(seconds=1) for other in rows) for _, start, _ in rows
    )
    assert [row.promise_id for row in rows] == sorted(row.promise_id for row in rows)  # made in the order of slack
    assert len(rows) == callbacks
    assert in_any_second <= 2
    assert all(row.started_at - row.next_attempt_at >= 30 * MINUTE for row in rows)  # how late each was is on record


@pytest.mark.parametrize(
    "by",
    [
        timedelta(hours=1),
        timedelta(seconds=-90),
        pytest.param(timedelta(hours=-1), marks=pytest.mark.long),
        pytest.param(timedelta(seconds=90), marks=pytest.mark.long),
    ],
    ids=str,
)
def test_two_clocks_whose_machines_disagree_about_the_time_ring_nobody_twice(settings: Settings, by: timedelta) -> None:
    office = open_office(settings, 8, 4)
    runtime = office.runtime
    other = Office(replace(runtime, wall=Skewed(office.clock, by), clock=Skewed(office.clock, by)), office.office.phone)
    own = office.office
    for turn in range(160):
        office.office = other if turn % 2 else own
        office.carrier.run(3)
        office.tick()
    office.office = own
    run_until_quiet(office)

    rings, left = customers_rung(office), [*double_rings(office), *promise_complaints(office)]
    started = [attempt.started_at for attempt in attempts(office)]
    office.close()
    assert set(rings.values()) == {1}
    assert len(rings) == 8
    assert left == []
    assert len(started) >= 8


def attempts(office: VirtualOffice) -> list[Attempt]:
    with office.runtime.database.reads() as session:
        return list(session.scalars(sa.select(Attempt).order_by(Attempt.id)))


def test_a_clock_that_slept_past_its_lease_does_not_dial(settings: Settings) -> None:
    office = open_office(settings, 1, 1)
    rt, graces, now = office.runtime, Graces(), office.clock.now()
    intent = promise_intent(
        rt.board, office.promises()[0].id, "sleeper", now=now, wall_now=now, lease=graces.lease, per_second=1
    )
    office.clock.advance(seconds=31)
    dial(rt.board, office.office.phone, intent, graces, clock=rt.clock, wall=rt.wall)

    legs = list(office.carrier.calls)
    run_until_quiet(office)
    rings = customers_rung(office)
    office.close()
    assert legs == []
    assert list(rings.values()) == [1]


def test_a_leg_that_was_placed_after_its_attempt_was_given_up_is_ended(settings: Settings) -> None:
    office = open_office(settings, 1, 1, faults=Faults(lose=1.0))
    office.carrier.introduce("+493012340000", Person("agent", answers_after=15))
    rt, now = office.runtime, office.clock.now()
    patient = Graces(lease=timedelta(hours=1))
    intent = promise_intent(
        rt.board, office.promises()[0].id, "sleeper", now=now, wall_now=now, lease=patient.lease, per_second=1
    )
    office.clock.advance(minutes=2)
    office.tick()
    dial(rt.board, office.office.phone, intent, patient, clock=rt.clock, wall=rt.wall)
    late = office.carrier.calls[-1]
    office.run(minutes=20)

    rings, ends = customers_rung(office), [promise.status for promise in office.promises()]
    agent_legs = sorted(
        (leg for leg in office.carrier.calls if leg.direction == "outbound-api"), key=lambda leg: leg.created_at
    )
    office.close()
    assert late.answered_at is None  # it was ended while it rang
    assert late.ended_at is not None
    assert list(rings.values()) == [1]
    assert ends == ["kept"]
    assert all(first.ended_at <= second.created_at for first, second in pairwise(agent_legs))
