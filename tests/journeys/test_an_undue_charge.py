"""A complaint about a charge suspends it before the call ends, whatever the billing system does (S6)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from app.billing.port import OrderNotTaken
from app.billing.webhook import sign
from app.domain.errors import Conflict, Invalid
from app.domain.phone_number import PhoneNumber
from app.models.billing_order import BillingOrder
from app.models.charge import Charge
from app.models.spool import Spool
from app.models.staff import Staff
from app.services.decide_charge import decide_charge
from app.services.deliver_orders import deliver_orders
from app.services.erase_person import erase_person
from app.services.order_billing import send_order_again
from app.simulator.billing import BillingSystem
from tests.journeys.cast import CORA, WITHHELD, press_all
from tests.journeys.stage import Stage

SECRET = "a secret that the office and the billing system know"
CHARGE = ("1", "2", "3")  # complaint, no recording, a bill or a charge


class Wire:
    """Between the office and the billing system; can be cut."""

    def __init__(self, system: BillingSystem) -> None:
        self.system, self.is_cut = system, False

    def send(self, key: str, order: Mapping[str, Any]) -> str:
        if self.is_cut:
            raise OrderNotTaken("ConnectionError", hopeless=False)
        body = json.dumps(order).encode()
        signature = sign(SECRET, round(self.system.clock.now().timestamp()), body)
        status, answer = self.system.take(body, key, signature)
        if status != 200:
            raise OrderNotTaken(f"HTTP {status}", hopeless=status < 500)
        return str(answer)


@pytest.fixture
def billing(office: Stage) -> Wire:
    wire = Wire(BillingSystem(SECRET, office.clock))
    office.office.billing = wire
    return wire


def charge(office: Stage) -> Charge:
    with office.runtime.database.reads() as session:
        return session.scalars(sa.select(Charge)).one()


def orders(office: Stage) -> list[tuple[str, str]]:
    with office.runtime.database.reads() as session:
        return [(each.kind, each.status) for each in session.scalars(sa.select(BillingOrder).order_by(BillingOrder.id))]


def test_it_is_suspended_while_the_caller_is_still_on_the_line(office: Stage, billing: Wire) -> None:
    call = press_all(office.call(CORA), *CHARGE)

    assert "ab sofort ausgesetzt" in call.last_heard
    assert not call.over
    suspended = charge(office)
    assert suspended.suspended_at <= office.clock.now()
    assert office.record().matter.undue_charge is True
    assert office.record().matter.charge_suspended_at == suspended.suspended_at
    office.wait(seconds=3)
    assert not call.over
    assert [each["state"] for each in billing.system.charges.values()] == ["suspended"]


def test_it_is_decided_within_seven_calendar_days_and_the_caller_hears_by_when(office: Stage) -> None:
    """The day of the call is not counted; the last one ends at midnight in Berlin."""
    call = press_all(office.call(CORA), *CHARGE)

    assert charge(office).decide_by == datetime(2026, 3, 9, 22, 59, 59, tzinfo=UTC)
    assert "spätestens am 9. März" in call.last_heard


def test_the_number_of_the_invoice_follows_as_an_order_of_its_own(office: Stage, billing: Wire) -> None:
    press_all(office.call(CORA), *CHARGE, "88123#")
    office.wait(minutes=1)

    assert orders(office) == [("suspend", "accepted"), ("identify", "accepted")]
    (held,) = billing.system.charges.values()
    assert held == {"state": "suspended", "invoice": "88123", "protocol": office.case().protocol}


def test_who_hangs_up_at_once_has_it_suspended_all_the_same(office: Stage, billing: Wire) -> None:
    press_all(office.call(WITHHELD), *CHARGE).hang_up()
    office.wait(minutes=1)

    assert orders(office) == [("suspend", "accepted")]


@pytest.mark.parametrize("trouble", ["cut", "broken"])
def test_a_billing_system_that_is_away_gets_the_order_when_it_is_back(
    office: Stage, billing: Wire, trouble: str
) -> None:
    billing.is_cut, billing.system.mood = trouble == "cut", "broken" if trouble == "broken" else "well"
    call = press_all(office.call(CORA), *CHARGE)
    assert "ab sofort ausgesetzt" in call.last_heard
    call.hang_up()
    office.wait(hours=5)
    assert [status for _, status in orders(office)] == ["waiting"]

    billing.is_cut, billing.system.mood = False, "well"
    office.wait(hours=2)

    assert [status for _, status in orders(office)] == ["accepted"]
    assert len(billing.system.orders) == 1
    assert "billing_accepted" in office.history()


def test_an_order_whose_sender_died_is_sent_again_and_known_again(office: Stage, billing: Wire) -> None:
    press_all(office.call(CORA), *CHARGE).hang_up()
    office.wait(minutes=1)
    with office.runtime.database.sessions.begin() as session:  # the answer came, and nobody lived to write it down
        lapses_at = office.clock.now() + timedelta(seconds=30)
        session.execute(sa.update(BillingOrder).values(status="sending", claimed_until=lapses_at))
    office.wait(minutes=10)

    assert billing.system.asked == 2
    assert len(billing.system.orders) == 1
    assert orders(office) == [("suspend", "accepted")]


def test_a_sender_that_fails_after_another_has_delivered_its_order_changes_nothing(
    office: Stage, billing: Wire
) -> None:
    """The first one was asleep for longer than its claim lasts."""
    press_all(office.call(CORA), *CHARGE).hang_up()
    board, clock = office.runtime.board, office.clock

    class Sleeper:
        def send(self, _key: str, _order: Mapping[str, Any]) -> str:
            clock.advance(seconds=61)
            assert deliver_orders(board, billing, clock=clock, wall=clock) == 1
            raise OrderNotTaken("ReadTimeout", hopeless=True)

    deliver_orders(board, Sleeper(), clock=clock, wall=clock)

    assert orders(office) == [("suspend", "accepted")]
    assert "billing_refused" not in office.history()


def test_an_order_that_cannot_be_opened_does_not_stand_in_the_way_of_others(office: Stage, billing: Wire) -> None:
    press_all(office.call(CORA), *CHARGE).hang_up()
    with office.runtime.database.sessions.begin() as session:
        session.execute(sa.update(BillingOrder).values(payload=b"\x02k0" + bytes(40)))
    press_all(office.call(WITHHELD), *CHARGE).hang_up()
    office.wait(minutes=10)

    assert orders(office) == [("suspend", "dead"), ("suspend", "accepted")]


def test_a_refused_order_is_shown_and_sent_again_by_hand(office: Stage, billing: Wire) -> None:
    billing.system.mood = "refusing"
    press_all(office.call(CORA), *CHARGE, "88123#").hang_up()
    office.wait(hours=1)
    assert orders(office) == [("suspend", "dead"), ("identify", "waiting")]  # never before the one it follows
    assert "billing_refused" in office.history()

    billing.system.mood = "well"
    with office.runtime.database.sessions.begin() as session:
        send_order_again(session, 1, now=office.clock.now())
    office.wait(minutes=5)

    assert orders(office) == [("suspend", "accepted"), ("identify", "accepted")]


def test_without_a_billing_system_the_order_waits(office: Stage) -> None:
    press_all(office.call(CORA), *CHARGE).hang_up()
    office.wait(hours=1)
    assert orders(office) == [("suspend", "waiting")]


@pytest.mark.parametrize(
    ("decision", "state", "words"),
    [("reversed", "reversed", "wird zurückgenommen"), ("stands", "collectable", "bleibt bestehen")],
)
def test_the_decision_reaches_the_billing_system_and_the_customer(
    office: Stage, billing: Wire, decision: str, state: str, words: str
) -> None:
    office.hire("Ada", "+493012345671", available=False)
    press_all(office.call(CORA), *CHARGE).hang_up()
    office.wait(minutes=5)

    decide(office, decision, "Doppelt abgebucht.")
    office.wait(minutes=5)

    assert [each["state"] for each in billing.system.charges.values()] == [state]
    assert [text for text in office.texts_to(CORA) if words in text]
    assert f"charge_{decision}" in office.history()


def test_a_charge_is_decided_once_and_with_a_reason(office: Stage) -> None:
    office.hire("Ada", "+493012345671", available=False)
    press_all(office.call(CORA), *CHARGE).hang_up()
    with pytest.raises(Invalid, match="reason: is missing"):
        decide(office, "reversed", " ")
    with pytest.raises(Invalid, match="decision"):
        decide(office, "forgotten", "Darum.")
    decide(office, "reversed", "Doppelt abgebucht.")
    with pytest.raises(Conflict):
        decide(office, "stands", "Doch nicht.")


def test_nothing_of_it_is_left_of_somebody_who_is_erased(office: Stage, billing: Wire) -> None:
    press_all(office.call(CORA), *CHARGE, "88123#").hang_up()
    office.wait(minutes=5)
    rt = office.runtime

    erase_person(
        rt.database, rt.vault, office.office.phone, Spool(rt.settings.var_dir / "spool", rt.vault),
        rt.board.hotline_named, PhoneNumber(CORA), "asked", now=office.clock.now() + timedelta(days=400),
    )  # fmt: skip

    assert charge(office).invoice is None
    with rt.database.reads() as session:
        said = [
            rt.vault.open(each.payload, f"billing_orders:{each.key}")
            for each in session.scalars(sa.select(BillingOrder))
        ]
    assert CORA not in str(said)
    assert "88123" not in str(said)


def decide(office: Stage, decision: str, reason: str) -> None:
    rt = office.runtime
    case = office.case()
    with rt.database.sessions.begin() as session:
        session.add(case)
        decide_charge(
            session, rt.vault, rt.board.present.words, case, rt.board.hotline_named(case.hotline),
            session.get_one(Staff, 1), decision=decision, reason=reason, now=rt.clock.now(),
        )  # fmt: skip


def test_of_two_who_decide_at_once_the_second_is_refused_and_orders_nothing(office: Stage) -> None:
    """The charge was read before the first one's decision was written."""
    office.hire("Ada", "+493012345671", available=False)
    press_all(office.call(CORA), *CHARGE).hang_up()
    office.wait(minutes=5)
    board = office.runtime.board
    with office.runtime.database.sessions.begin() as session:
        read = session.scalars(sa.select(Charge)).one()
        session.connection().execute(sa.update(Charge.__table__).values(decision="reversed"))
        assert read.decision is None

        with pytest.raises(Conflict):
            decide_charge(
                session,
                board.vault,
                board.present.words,
                read.case,
                board.hotline_named(read.case.hotline),
                session.get_one(Staff, 1),
                decision="stands",
                reason="Laut Vertrag.",
                now=office.clock.now(),
            )

    assert [kind for kind, _ in orders(office)] == ["suspend"]
