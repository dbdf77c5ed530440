"""What a caller who has cancelled may add: which contract, a later end, the withdrawal from it, a receipt by e-mail."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from app.billing.webhook import sign
from app.domain.phone_number import PhoneNumber
from app.models.billing_order import BillingOrder, sealed_for
from app.models.cancellation import Cancellation, email_of, terms_at
from app.models.case import Case
from app.models.spool import Spool
from app.services.erase_person import erase_person
from app.services.import_contracts import COLUMNS, import_contracts
from app.services.order_cancellation import order_cancellation
from app.simulator.billing import BillingSystem
from tests.journeys.cast import BIA, CEM, CORA, ELLA, SAC, WITHHELD, press_all
from tests.journeys.stage import Stage

SECRET = "a secret that the office and the billing system know"
GOODS = {
    "number": "K-4711",
    "phone": CORA,
    "email": "cora@example.org",
    "subject": "Wasserkocher",
    "goods": "yes",
    "concluded_on": "2026-02-10",
    "delivered_on": "2026-02-20",
    "amount_cents": "4990",
    "currency": "EUR",
}
SERVICE = {"number": "V-12", "phone": CEM, "concluded_on": "2025-01-05", "paid_until": "2026-06-30"}


def book(office: Stage, *contracts: dict[str, str], hotline: str = "haushalt") -> None:
    """Import contracts as the company's books have them."""
    rows = [",".join(COLUMNS), *(",".join(each.get(name, "") for name in COLUMNS) for each in contracts)]
    rt = office.runtime
    with rt.database.sessions.begin() as session:
        report = import_contracts(
            session, rt.vault, io.BytesIO("\n".join(rows).encode()), name="books.csv",
            hotline=rt.board.hotline_named(hotline), now=rt.clock.now(),
        )  # fmt: skip
    assert report.left_out == []


def cancellation(office: Stage) -> Cancellation:
    with office.runtime.database.reads() as session:
        return session.scalars(sa.select(Cancellation)).one()


def test_the_number_calling_is_enough_to_find_the_contract(office: Stage) -> None:
    """S9: nothing is keyed in but the wish itself; of the contract's number only the end is told."""
    book(office, SERVICE)
    call = press_all(office.call(CEM), "2")

    assert "Wir haben Ihren Vertrag gefunden; seine Nummer endet auf V, 1, 2" in call.last_heard
    press_all(call, "1")
    office.wait(minutes=1)

    assert call.over
    (text,) = office.texts_to(CEM)
    assert "Kündigung des Vertrags V-12" in text
    assert office.record().matter.contract_or_order_no == "V-12"


def test_two_contracts_of_one_number_are_told_apart_by_what_is_keyed(office: Stage) -> None:
    book(office, SERVICE, {"number": "B 990", "phone": CEM})
    call = press_all(office.call(CEM), "2")
    assert "Um welchen Vertrag geht es?" in call.last_heard
    press_all(call, "990#").hang_up()

    assert terms_at(office.runtime.vault, cancellation(office))["number"] == "B 990"


def test_a_number_in_no_book_hinders_nothing(office: Stage) -> None:
    """What was keyed stands in the record and in the receipt; somebody will find out what it is."""
    book(office, SERVICE)
    press_all(office.call(CORA), "2", "31337#").hang_up()
    office.wait(minutes=1)

    assert "Kündigung des Vertrags 31337 ist eingegangen" in office.texts_to(CORA)[0]
    assert "contract_named" in office.history()


def test_a_later_end_is_the_callers_choice_and_told_in_the_receipt(office: Stage) -> None:
    """Decreto 11.034/2022 art. 14: scheduled only with consent."""
    book(office, SERVICE)
    call = press_all(office.call(CEM), "2", "2")
    assert "Bezahlt ist der Vertrag bis zum 30. Juni." in call.last_heard
    press_all(call, "1", "1")
    office.wait(minutes=1)

    ended = cancellation(office)
    assert (ended.ends, ended.ends_on) == ("period", date(2026, 6, 30))
    assert ended.ends_chosen_at is not None
    assert "endet mit dem bezahlten Zeitraum, am 30. Juni" in office.texts_to(CEM)[0]
    assert office.case().effective_at == office.case().received_at  # the request stands, whatever was chosen


def test_a_day_is_read_back_before_it_counts(office: Stage) -> None:
    """Day and month; the next one to come. A no leaves it at once."""
    call = press_all(office.call(CORA), "2", "#", "2", "2", "0101#")
    assert "nicht sofort, sondern am 1. Januar 2027" in call.last_heard
    press_all(call, "2", "3")
    assert cancellation(office).ends == "at_once"

    press_all(call, "2", "2", "3006#", "1").hang_up()
    office.wait(minutes=1)

    assert (cancellation(office).ends, cancellation(office).ends_on) == ("day", date(2026, 6, 30))
    assert "endet wie gewünscht, am 30. Juni" in office.texts_to(CORA)[0]


def test_what_is_no_day_is_asked_again(office: Stage) -> None:
    call = press_all(office.call(CORA), "2", "#", "2", "2", "3102#")

    assert "Diesen Tag haben wir nicht verstanden" in call.last_heard
    assert cancellation(office).ends == "at_once"


@pytest.mark.parametrize(("key", "remedy", "words"), [("1", "reversal", "Geld zurück"), ("2", "credit", "Gutschrift")])
def test_an_order_inside_its_period_can_be_withdrawn_from(office: Stage, key: str, remedy: str, words: str) -> None:
    """S9: 14 days from delivery, no reason; free return, money back or, if chosen, a credit."""
    book(office, GOODS)
    call = press_all(office.call(CORA), "2")
    assert "können Sie auch widerrufen, bis zum 6. März" in call.last_heard
    assert "Die Rücksendung kostet Sie nichts" in call.last_heard
    press_all(call, key, "1")
    office.wait(minutes=1)

    withdrawn = cancellation(office)
    assert (withdrawn.withdrawal, withdrawn.legal_ref) == (remedy, "BGB §§ 312g, 355-357")
    (text,) = office.texts_to(CORA)
    for part in ("widerrufen", words, "Betrag: 49,90", "Die Rücksendung kostet Sie nichts"):
        assert part in text
    assert "withdrawn_from" in office.history()


def test_goods_that_have_not_come_yet_can_be_withdrawn_from(office: Stage) -> None:
    """Their period has not even begun."""
    book(office, {**GOODS, "delivered_on": ""})
    call = press_all(office.call(CORA), "2")

    assert "können Sie auch widerrufen, ohne Gründe" in call.last_heard


def test_after_the_period_it_is_only_cancelled(office: Stage) -> None:
    book(office, {**GOODS, "delivered_on": "2026-02-13"})
    call = press_all(office.call(CORA), "2")

    assert "widerrufen, ohne" not in call.last_heard
    press_all(call, "3", "17#")
    assert "Frist für einen Widerruf vorbei" in call.last_heard


@pytest.mark.parametrize(("days", "said"), [("14", "bis zum 2. März"), ("05", "bis zum 11. März")])
def test_who_is_in_no_book_says_how_many_days_ago_it_was(office: Stage, days: str, said: str) -> None:
    call = press_all(office.call(CORA), "2", "#", "3", f"{days}#")

    assert said in call.last_heard
    press_all(call, "1", "1")
    assert cancellation(office).withdrawal == "reversal"


def test_in_brazil_the_period_is_seven_days(office: Stage) -> None:
    """CDC art. 49; the last day is Monday, since the seventh is a Sunday."""
    call = press_all(office.call(BIA, SAC), "2", "#", "3", "10#")
    assert "o prazo para desistir já passou" in call.last_heard
    press_all(call, "3", "01#")
    assert "até 9 de março" in call.last_heard


def test_who_calls_from_abroad_keeps_the_longer_right(office: Stage) -> None:
    """The hotline's law and no other one is known for a British number: the fourteen days stay."""
    call = press_all(office.call(ELLA), "2", "#", "3", "10#")

    assert "withdraw from this contract, until March 6th" in call.last_heard


def test_nothing_is_undone_by_what_follows_and_the_newer_receipt_says_the_newest(office: Stage) -> None:
    """Who goes on to a human after the receipt was ordered gets one more only if something was changed."""
    press_all(office.call(CORA), "2", "#", "1")
    office.wait(minutes=1)
    assert len(office.texts_to(CORA)) == 1
    assert cancellation(office).receipts == 1


def test_an_address_on_file_is_confirmed_by_key_and_never_spoken(office: Stage) -> None:
    book(office, GOODS)
    call = press_all(office.call(CORA), "2", "3", "4")
    assert "beginnt mit dem Buchstaben C, hinter dem At-Zeichen mit E" in call.last_heard
    assert "cora@" not in " ".join(call.documents)
    press_all(call, "1")
    assert "als Nachricht und per E-Mail" in call.last_heard
    press_all(call, "1")

    assert email_of(office.runtime.vault, cancellation(office)) == "cora@example.org"


def test_a_withheld_caller_without_a_number_is_asked_for_one_when_they_want_an_email(office: Stage) -> None:
    call = press_all(office.call(WITHHELD), "2", "#", "#", "4")

    assert "An welche Nummer sollen wir den Beleg schicken?" in call.last_heard


class Straight:
    """The way to a billing system that believes everything."""

    def __init__(self, system: BillingSystem) -> None:
        self.system = system

    def send(self, key: str, order: Mapping[str, Any]) -> str:
        body = json.dumps(order).encode()
        status, answer = self.system.take(body, key, sign(SECRET, round(self.system.clock.now().timestamp()), body))
        assert status == 200
        return str(answer)


def cancel_orders(office: Stage) -> list[dict[str, Any]]:
    with office.runtime.database.reads() as session:
        found = session.scalars(sa.select(BillingOrder).order_by(BillingOrder.id)).all()
        return [office.runtime.vault.open(each.payload, sealed_for(each.key)) for each in found]


def test_the_billing_system_is_told_when_the_caller_has_finished(office: Stage) -> None:
    """S9: not while the caller may still choose a later end, and then once, with the first request as the moment."""
    system = BillingSystem(SECRET, office.clock)
    office.office.billing = Straight(system)
    book(office, SERVICE)
    call = press_all(office.call(CEM), "2")
    office.wait(seconds=3)
    assert cancel_orders(office) == []

    press_all(call, "2", "1", "1").hang_up()
    office.wait(minutes=2)

    (ordered,) = cancel_orders(office)
    assert (ordered["ends"], ordered["ends_on"]) == ("period", "2026-06-30")
    assert ordered["requested_at"] == office.case().received_at.isoformat()
    assert ordered["customer"] == {"phone": CEM, "contract": "V-12"}
    assert [each["contract"] for each in system.cancellations.values()] == ["V-12"]
    assert "billing_accepted" in office.history()


def test_what_was_paid_is_ordered_back_when_the_caller_withdraws(office: Stage) -> None:
    book(office, GOODS)
    press_all(office.call(CORA), "2", "1").hang_up()
    office.wait(minutes=1)

    (ordered,) = cancel_orders(office)
    assert (ordered["withdrawal"], ordered["amount_cents"], ordered["currency"]) == ("reversal", 4990, "EUR")
    assert ordered["law"]


def test_a_second_end_of_the_same_call_orders_nothing_more(office: Stage) -> None:
    press_all(office.call(CORA), "2").hang_up()
    office.wait(minutes=1)
    assert len(cancel_orders(office)) == 1
    rt = office.runtime
    with rt.database.sessions.begin() as session:
        case = session.scalars(sa.select(Case)).one()
        hotline = rt.board.hotline_named(case.hotline)
        ended = session.scalars(sa.select(Cancellation)).one()
        assert not order_cancellation(session, rt.vault, case, ended, hotline, now=rt.clock.now())
        ended.ends = "period"
        assert order_cancellation(session, rt.vault, case, ended, hotline, now=rt.clock.now())

    assert [each["ends"] for each in cancel_orders(office)] == ["at_once", "period"]


def test_an_erased_customer_stays_in_no_order(office: Stage) -> None:
    press_all(office.call(CORA), "2").hang_up()
    office.wait(minutes=1)
    rt = office.runtime
    erase_person(
        rt.database, rt.vault, office.office.phone, Spool(rt.settings.var_dir / "spool", rt.vault),
        rt.board.hotline_named, PhoneNumber(CORA), "asked", now=office.clock.now() + timedelta(days=400),
    )  # fmt: skip

    (ordered,) = cancel_orders(office)
    assert set(ordered) == {"order", "key"}
