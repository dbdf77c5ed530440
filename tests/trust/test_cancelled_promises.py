"""Any order of promising, cancelling, forbidding, ringing and waiting: nobody is rung who said no, nor too often."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from app.cli.virtual_office import VirtualOffice
from app.migrations.upgrade import upgrade
from app.models.call import Caller
from app.models.journal import end_promise
from app.models.promise import Attempt, Promise
from app.models.staff import Staff
from app.models.upsert import insert_absent
from app.promising.next_attempt import LEAST_SPACING
from app.settings import Settings
from app.simulator.people import Person, Pickup, machine
from tests.trust.oracle import double_rings
from tests.web.make import make_case, make_promise

CUSTOMERS = [f"+4915112345{place:02d}" for place in range(100)]
PEOPLE = [Person(), machine(), *(Person(pickup=pickup) for pickup in (Pickup.BUSY, Pickup.IGNORE))]


PLACES = st.integers(0, 99)


class Dispatching(RuleBasedStateMachine):
    """An office in which customers, agents and clocks do what they want."""

    environ: dict[str, str]  # set by the test

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        url = f"sqlite:///{Path(self.folder.name) / 'office.db'}"
        upgrade(url)
        self.office = VirtualOffice(Settings.read({**self.environ, "DATABASE_URL": url}), seed=1)
        self.agents = [self.office.hire(f"Agent{place}", f"+4930123400{place:02d}") for place in range(3)]
        self.refused: dict[str, int] = {}  # number → legs it had when it was acknowledged that nobody rings any more
        self.number = 0

    def legs_to(self, number: str) -> list:
        return [leg for leg in self.office.carrier.calls if leg.to == number and leg.direction == "outbound-dial"]

    @rule(person=st.sampled_from(PEOPLE), minutes=st.integers(5, 300))
    def promise(self, person: Person, minutes: int) -> None:
        office, now = self.office, self.office.clock.now()
        customer = CUSTOMERS[self.number]
        self.number += 1
        office.carrier.introduce(customer, person)
        due_at = now + timedelta(minutes=minutes)
        with office.runtime.database.sessions.begin() as session:
            case = make_case(session, office.runtime.vault, now, protocol=f"26{self.number:06d}")
            make_promise(
                session, office.runtime.vault, case, now, phone=customer, due_at=due_at, next_attempt_at=now,
                latest_start_at=due_at - timedelta(minutes=50),
            )  # fmt: skip

    def open_promise(self, customer: str) -> Promise | None:
        index = self.office.runtime.vault.index(customer)
        with self.office.runtime.database.reads() as session:
            return session.scalar(sa.select(Promise).where(Promise.phone_index == index, Promise.status == "open"))

    @rule(place=PLACES)
    def withdraw(self, place: int) -> None:
        """Also while an agent's telephone rings for it: the customer's does not begin to."""
        customer = CUSTOMERS[place % max(self.number, 1)]
        promise = self.open_promise(customer)
        if promise is not None:
            self.cancel(promise, customer)

    @rule(moments=st.integers(0, 6))
    def withdraw_while_an_agent_is_rung(self, moments: int) -> None:
        """Cancelling races with the claim: somebody says no while their attempt is under way."""
        for _ in range(20):
            promise = self.promise_under_way()
            if promise is not None:
                self.office.run(seconds=moments)
                number = self.office.runtime.vault.open(promise.phone, f"promises:phone:{promise.key}")
                if self.open_promise(str(number)) is not None:
                    self.cancel(promise, str(number))
                return
            self.office.run(seconds=1)

    def promise_under_way(self) -> Promise | None:
        stages = ("intended", "placed", "accepted")
        query = sa.select(Promise).join(Attempt, Attempt.promise_id == Promise.id)
        with self.office.runtime.database.reads() as session:
            return session.scalar(query.where(Attempt.stage.in_(stages), Promise.status == "open").limit(1))

    def cancel(self, promise: Promise, customer: str) -> None:
        office = self.office
        with office.runtime.database.sessions.begin() as session:
            held = session.get_one(Promise, promise.id)
            assert end_promise(session, office.runtime.vault, held, "withdrawn", "customer", office.clock.now())
        self.refused[customer] = len(self.legs_to(customer))

    @rule(place=PLACES)
    def forbid(self, place: int) -> None:
        """Do not call: it holds from the next attempt on."""
        office, customer = self.office, CUSTOMERS[place % max(self.number, 1)]
        index = office.runtime.vault.index(customer)
        values = {"number_index": index, "language": "de", "seen_at": office.clock.now(), "do_not_call": True}
        with office.runtime.database.sessions.begin() as session:
            if not insert_absent(session, Caller, values, ("number_index",)):
                session.execute(sa.update(Caller).where(Caller.number_index == index).values(do_not_call=True))
        office.run(minutes=3)  # an agent who has accepted already may still be connected
        self.refused.setdefault(customer, len(self.legs_to(customer)))

    @rule(seconds=st.sampled_from([1, 7, 20, 60, 300, 1200]))
    def wait(self, seconds: int) -> None:
        self.office.run(seconds=seconds)

    @rule(which=st.integers(0, 2), available=st.booleans())
    def come_or_go(self, which: int, available: bool) -> None:
        with self.office.runtime.database.sessions.begin() as session:
            session.execute(sa.update(Staff).where(Staff.id == self.agents[which]).values(available=available))

    @invariant()
    def nobody_is_rung_who_said_no(self) -> None:
        for customer, legs in self.refused.items():
            assert len(self.legs_to(customer)) == legs, f"{customer} was rung after the refusal was acknowledged"

    @invariant()
    def nobody_is_rung_twice_at_once_too_soon_or_too_often(self) -> None:
        assert list(double_rings(self.office)) == []
        for customer in CUSTOMERS[: self.number]:
            legs = sorted(self.legs_to(customer), key=lambda leg: leg.created_at)
            for promise in self.promises_to(customer):
                own = [leg for leg in legs if promise.made_at <= leg.created_at <= (promise.ended_at or leg.created_at)]
                assert len(own) <= 3
                starts = [leg.created_at for leg in own]
                assert all(later - sooner >= LEAST_SPACING for sooner, later in pairwise(starts))

    def promises_to(self, customer: str) -> list[Promise]:
        index = self.office.runtime.vault.index(customer)
        return [promise for promise in self.office.promises() if promise.phone_index == index]

    def teardown(self) -> None:
        self.office.close()
        self.folder.cleanup()


@pytest.mark.parametrize(("offices", "steps"), [(3, 30), pytest.param(100, 100, marks=pytest.mark.long)])
def test_whatever_happens_nobody_is_rung_who_said_no_nor_too_often(environ, offices: int, steps: int) -> None:
    Dispatching.environ = environ
    run_state_machine_as_test(
        Dispatching,
        settings=settings(
            max_examples=offices, stateful_step_count=steps, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
