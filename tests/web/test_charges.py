"""A suspended charge at the desk and on the floor."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.models.billing_order import BillingOrder
from app.models.charge import Charge
from tests.web.make import make_case

one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def case(session, runtime):
    case = make_case(session, runtime.vault, runtime.clock.now())
    session.commit()
    return case


def test_an_agent_suspends_a_charge_and_decides_about_it(ada, case, session):
    assert ada.send(f"/desk/cases/{case.protocol}/charge", invoice="R-17").status_code == 303
    page = ada.get(f"/desk/cases/{case.protocol}").text
    assert "invoice R-17" in page
    assert "To be decided by" in page

    ada.send(f"/desk/cases/{case.protocol}/charge/decision", decision="reversed", reason="Charged twice.")

    page = ada.get(f"/desk/cases/{case.protocol}").text
    assert "Reversed." in page
    assert "Charged twice." in page
    session.expire_all()
    assert session.scalars(sa.select(BillingOrder.kind).order_by(BillingOrder.id)).all() == ["suspend", "reverse"]


@one_database
def test_a_decision_without_a_reason_is_no_decision(ada, case, session):
    ada.send(f"/desk/cases/{case.protocol}/charge")
    answer = ada.send(f"/desk/cases/{case.protocol}/charge/decision", decision="reversed", reason="")
    assert answer.status_code == 422
    assert session.scalars(sa.select(Charge.decision)).one() is None


def test_a_supervisor_sees_refused_orders_and_sends_them_again(ada, sue, case, session):
    ada.send(f"/desk/cases/{case.protocol}/charge", invoice="R-17")
    session.expire_all()
    session.execute(sa.update(BillingOrder).values(status="dead", answer="HTTP 422"))
    session.commit()

    page = sue.get("/floor/charges").text
    assert "refused" in page
    assert "HTTP 422" in page
    order_id = session.scalars(sa.select(BillingOrder.id)).one()
    session.commit()
    assert sue.send(f"/floor/charges/orders/{order_id}").status_code == 303

    session.expire_all()
    assert session.scalars(sa.select(BillingOrder.status)).one() == "waiting"


@one_database
def test_agents_do_not_see_the_floor(ada, case):
    assert ada.get("/floor/charges").status_code == 403
