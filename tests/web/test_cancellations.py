"""A cancellation at the desk, on the floor, through the API and on paper."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from app.models.billing_order import BillingOrder
from app.models.cancellation import Cancellation, add_cancellation, keep_email, keep_terms
from app.models.journal import queue_out
from app.models.outbox import LETTER, OutboxItem
from app.services.add_token import add_token
from app.services.order_cancellation import order_cancellation
from tests.web.make import make_case

TERMS = {"number": "K-4711", "subject": "Wasserkocher", "amount_cents": 4990, "currency": "EUR", "goods": "yes"}


@pytest.fixture
def case(session, runtime):
    """Cancelled and withdrawn from, with a receipt by text message and a letter that was refused."""
    now, vault = runtime.clock.now(), runtime.vault
    case = make_case(session, vault, now, kind="cancellation", effective_at=now)
    made = add_cancellation(session, vault, case)
    keep_terms(vault, made, TERMS)
    keep_email(vault, made, "cora@example.org")
    made.found_by, made.withdrawal, made.withdrawn_at = "caller", "reversal", now
    made.legal_ref, made.withdraw_until, made.keys, made.seconds = "BGB §§ 312g, 355-357", date(2026, 3, 6), 1, 42
    for kind, key in (("text", "receipt"), (LETTER, "letter")):
        queue_out(session, vault, key=f"{case.key}:{key}:1", kind=kind, at=now, payload={"to": "x"}, case_id=case.id)
    session.execute(
        sa.update(OutboxItem).where(OutboxItem.kind == LETTER).values(status="failed", cause="refused with 550")
    )
    session.commit()
    return case


def test_the_desk_shows_all_that_is_known_of_it(ada, case):
    """S9, S11: contract, effect, end, withdrawal, what it took, and how the receipts fared."""
    page = ada.get(f"/desk/cases/{case.protocol}").text
    for part in (
        "Requested, and effective, today 10:00.", "contract K-4711", "found by the number calling", "It ends at once.",
        "today 10:00: money back.", "Paid: 49.90 EUR.", "BGB §§ 312g, 355-357",
        "Keys until it was on record: 1; 42 s from the ring.",
        "Receipt by e-mail to c…@e….org", "could not be sent", "refused with 550",
    ):  # fmt: skip
        assert part in page, part
    assert "cora@example.org" not in page


def test_the_receipt_is_a_page_to_print_in_the_customers_language(ada, case):
    """BGB § 312k (4)."""
    page = ada.get(f"/desk/cases/{case.protocol}/receipt").text
    for part in ("Beleg Ihrer Kündigung", "Eingang: 2. März 2026, 10:00:00 MEZ", "Kündigung des Vertrags K-4711",
                 "Sie haben den Vertrag widerrufen", "49,90", "Die Rücksendung kostet Sie nichts"):  # fmt: skip
        assert part in page, part


def test_other_cases_have_no_receipt(ada, session, runtime):
    case = make_case(session, runtime.vault, runtime.clock.now())
    session.commit()
    assert ada.get(f"/desk/cases/{case.protocol}/receipt").status_code == 404


def test_a_supervisor_sees_what_cancelling_takes_and_sends_a_refused_letter_again(sue, case, session):
    page = sue.get("/floor/cancellations").text
    assert "Keys until it was on record: 1; 42 s from the ring (median of 1)." in page
    assert "refused with 550" in page
    item_id = session.scalars(sa.select(OutboxItem.id).where(OutboxItem.kind == LETTER)).one()
    session.commit()

    assert sue.send(f"/floor/cancellations/letters/{item_id}").status_code == 303
    session.expire_all()

    assert session.get(OutboxItem, item_id).status == "waiting"
    assert "No mail server is connected" in sue.get("/floor/cancellations").text


def test_a_supervisor_sends_an_order_again_that_the_billing_system_refused(sue, case, session, runtime):
    ended = session.scalars(sa.select(Cancellation)).one()
    hotline = runtime.board.hotline_named(case.hotline)
    order_cancellation(session, runtime.vault, case, ended, hotline, now=runtime.clock.now())
    session.execute(sa.update(BillingOrder).values(status="dead", answer="HTTP 422"))
    order_id = session.scalars(sa.select(BillingOrder.id)).one()
    session.commit()
    page = sue.get("/floor/cancellations").text
    assert "No billing system is connected" in page
    assert "end the contract: refused" in page
    assert "HTTP 422" in page

    answer = sue.send(f"/floor/charges/orders/{order_id}")
    session.expire_all()

    assert answer.headers["Location"].endswith("/floor/cancellations")
    assert session.scalars(sa.select(BillingOrder.status)).one() == "waiting"


def test_programs_read_it_with_the_case(web, case, session, runtime):
    with runtime.database.sessions.begin() as writing:
        token = add_token(writing, "books", wall_now=runtime.wall.now())
    found = web.test_client().get(f"/api/v1/cases/{case.protocol}", headers={"Authorization": f"Bearer {token}"})

    it = found.get_json()["cancellation"]
    assert (it["contract"], it["ends"], it["withdrawal"], it["keys"], it["seconds"]) == (
        "K-4711", "at_once", "reversal", 1, 42,
    )  # fmt: skip
    assert [(each["medium"], each["status"]) for each in it["receipts"]] == [("text", "waiting"), ("email", "failed")]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_agents_do_not_see_the_floor(ada, case):
    assert ada.get("/floor/cancellations").status_code == 403


def test_an_end_to_come_is_told_with_its_day(ada, case, runtime):
    with runtime.database.sessions.begin() as writing:
        values = {"ends": "period", "ends_on": date(2026, 6, 30), "withdrawal": None}
        writing.execute(sa.update(Cancellation).values(**values, ends_chosen_at=runtime.clock.now()))
    page = ada.get(f"/desk/cases/{case.protocol}").text
    assert "It ends June 30, 2026: at the end of the paid period." in page
    assert "The customer chose that today 10:00." in page
