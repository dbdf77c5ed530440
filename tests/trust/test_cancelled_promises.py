"""Any order of promising, cancelling, forbidding, ringing and waiting: nobody is rung who said no, nor too often."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from app.cli.virtual_office import VirtualOffice
from app.domain.errors import NetworkUnknown
from app.migrations.upgrade import upgrade
from app.models.call import Caller
from app.models.journal import end_promise
from app.models.promise import Attempt, Promise
from app.models.staff import Staff
from app.models.upsert import insert_absent
from app.promising.next_attempt import LEAST_SPACING
from app.settings import Settings
from app.simulator.people import Person, Pickup, machine
from app.simulator.transport import Reply
from app.telephony.port import FoundLeg
from tests.trust.oracle import double_rings
from tests.web.make import make_case, make_promise

TERRIBLE_MOMENTS = (
    "before the dial", "after the dial", "before the agent hears", "after the agent has heard",
    "before the agent accepts", "after the agent has accepted", "before the network is asked", "after it was asked",
)  # fmt: skip
"""At which a customer may say no: around each step that leads to their ring, and while a lease is taken over."""

CUSTOMERS = [f"+4915112345{place:02d}" for place in range(100)]
PEOPLE = [Person(), machine(), *(Person(pickup=pickup) for pickup in (Pickup.BUSY, Pickup.IGNORE))]


A_TICK = timedelta(seconds=1)
PLACES = st.integers(0, 99)


class Interrupted:
    """The wire and the network's API with somebody who says no once, at a moment that was chosen beforehand.

    It stands on both sides of the product: between the network and the webhooks, and between the clock and the network.
    """

    def __init__(self, office: VirtualOffice) -> None:
        """Stand in the ways of an office."""
        self._phone, self._wire = office.office.phone, office.carrier.postman.transport
        office.office.phone = self  # type: ignore[assignment]
        office.carrier.postman.transport = self
        self._moment, self._deed = "", lambda: None
        self.loses = ""  # the request or the answer of a dial: so that its lease is taken over

    def at(self, moment: str, deed: Callable[[], object]) -> None:
        self._moment, self._deed = moment, deed

    def _now_is(self, moment: str) -> None:
        if moment == self._moment:
            self._moment = ""
            self._deed()

    def __call__(self, method: str, url: str, *request: Any) -> Reply:
        step = "accept" if url.endswith("/accept") else "hear" if re.search(r"/voice/agent/[^/]+$", url) else "else"
        self._now_is({"accept": "before the agent accepts", "hear": "before the agent hears"}.get(step, "-"))
        reply = self._wire(method, url, *request)
        self._now_is({"accept": "after the agent has accepted", "hear": "after the agent has heard"}.get(step, "-"))
        return reply

    def dial(self, *given: Any, **how: Any) -> str:
        self._now_is("before the dial")
        if self.loses == "request":
            raise NetworkUnknown("the request was lost")
        network_id = self._phone.dial(*given, **how)
        self._now_is("after the dial")
        if self.loses == "answer":
            raise NetworkUnknown("the answer was lost")
        return network_id

    def find(self, *given: Any, **how: Any) -> list[FoundLeg]:
        self._now_is("before the network is asked")
        found = self._phone.find(*given, **how)
        self._now_is("after it was asked")
        return found

    def __getattr__(self, name: str) -> Any:
        return getattr(self._phone, name)


class Dispatching(RuleBasedStateMachine):
    """An office in which customers, agents and clocks do what they want."""

    environ: dict[str, str]  # set by the test

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        url = f"sqlite:///{Path(self.folder.name) / 'office.db'}"
        upgrade(url)
        self.office = VirtualOffice(Settings.read({**self.environ, "DATABASE_URL": url}), seed=1)
        self.way = Interrupted(self.office)
        self.agents = [self.office.hire(f"Agent{place}", f"+4930123400{place:02d}") for place in range(3)]
        self.refused: dict[str, int] = {}  # number → legs it had when it was acknowledged that nobody rings any more
        self.spared: set[str] = set()  # who said no in the very moment after their ring was ordered
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

    @rule(
        moment=st.sampled_from(TERRIBLE_MOMENTS),
        loses=st.sampled_from(["", "request", "answer"]),
        seconds=st.integers(20, 90),
    )
    def withdraw_at(self, moment: str, loses: str, seconds: int) -> None:
        """Cancelling races with the claim: somebody says no while their attempt goes through its steps."""
        self.promise(Person(), 300)
        self.way.loses = loses
        self.way.at(moment, lambda: self.say_no(moment))
        self.office.run(seconds=seconds)
        self.way.at("", lambda: None)
        self.way.loses = ""

    def say_no(self, moment: str) -> None:
        promise = self.promise_under_way()
        if promise is not None:
            number = str(self.office.runtime.vault.open(promise.phone, f"promises:phone:{promise.key}"))
            self.cancel(promise, number)
            if moment == "after the agent has accepted":
                self.spared.add(number)

    def promise_under_way(self) -> Promise | None:
        stages = ("intended", "placed", "accepted", "dialled")
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
        for customer, before in self.refused.items():
            later = self.legs_to(customer)[before:]
            assert len(later) <= (customer in self.spared), f"{customer} was rung after the refusal was acknowledged"
            for leg in later:  # it was ordered before; and so it is stopped
                rang = (leg.ended_at or self.office.clock.now()) - leg.created_at
                assert rang <= A_TICK, f"{customer} was rung for {rang} although they had said no"
                assert leg.answered_at is None

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


def test_who_says_no_at_any_moment_before_their_ring_is_ordered_is_not_rung(environ) -> None:
    Dispatching.environ = environ
    said_no: dict[str, int] = {}
    for moment in TERRIBLE_MOMENTS:
        story = Dispatching()
        story.withdraw_at(moment, loses="request" if "asked" in moment else "", seconds=90)
        story.wait(1200)
        story.nobody_is_rung_who_said_no()
        said_no[moment] = len(story.refused)
        rings = len(story.legs_to(CUSTOMERS[0]))
        ends = [promise.status for promise in story.office.promises()]
        story.teardown()
        assert (rings, ends) == (int(moment == "after the agent has accepted"), ["withdrawn"]), moment

    assert said_no == dict.fromkeys(TERRIBLE_MOMENTS, 1)
