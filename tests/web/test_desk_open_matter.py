"""A caller is put through before saying what it is about; the agent opens the case when documenting."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from app.cli.virtual_office import VirtualOffice
from app.models.billing_order import BillingOrder
from app.models.case import Case
from app.models.promise import Attempt
from tests.web.busy_office import KLARA, token_of
from tests.web.conftest import Visitor


@pytest.fixture
def office(settings):
    opened = VirtualOffice(settings)
    yield opened
    opened.close()


def test_what_was_said_to_a_human_becomes_a_complaint_with_an_outcome(office):
    office.hire("Ada", "+493023125001", "en", "de")
    call = office.call(KLARA)
    call.press("0")
    office.run(minutes=5)
    browser = office.app.test_client()
    with browser.session_transaction() as kept:
        kept["login"] = token_of(office, "Ada")
    ada = Visitor(browser)
    queue = ada.get("/desk/").text
    page = re.search(r'href="(/desk/attempts/[^"]+)"', queue)
    assert page, queue
    asked = ada.get(page[1]).text
    onward = ada.send(page[1], kind="complaint").headers["Location"]
    done = ada.send(onward, disposition="fixed", response="The plug was loose.")

    with office.runtime.database.reads() as session:
        case = session.scalars(sa.select(Case)).one()
        attempt = session.scalars(sa.select(Attempt)).one()
    assert "Any dissatisfaction is a complaint." in asked
    assert done.status_code == 303
    assert (case.kind, case.status, case.outcome) == ("complaint", "closed", "immediate_fix")
    assert attempt.wrapped_up_at is not None


def test_a_cancellation_that_an_agent_documents_has_a_receipt_and_reaches_the_billing_system(office):
    """S9: whoever cancels with a human is no worse off than by keys."""
    office.hire("Ada", "+493023125001", "en", "de")
    office.call(KLARA).press("0")
    office.run(minutes=5)
    browser = office.app.test_client()
    with browser.session_transaction() as kept:
        kept["login"] = token_of(office, "Ada")
    ada = Visitor(browser)
    page = re.search(r'href="(/desk/attempts/[^"]+)"', ada.get("/desk/").text)

    for _ in range(2):  # a double click
        ada.send(page[1], kind="cancellation")
    office.run(minutes=1)

    with office.runtime.database.reads() as session:
        case = session.scalars(sa.select(Case)).one()
        orders = session.scalars(sa.select(BillingOrder.kind)).all()
    assert (case.kind, orders) == ("cancellation", ["cancel"])
    assert [text.body for text in office.carrier.texts if "Kündigung" in text.body]
