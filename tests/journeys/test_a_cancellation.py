"""A cancellation: effective when the key is pressed, with number and receipt, and nobody is talked out of it (S3)."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.models.cancellation import Cancellation
from tests.journeys.cast import BIA, CORA, SAC, WITHHELD, press_all
from tests.journeys.stage import Stage, is_in_order


def cancellation(office: Stage) -> Cancellation:
    with office.runtime.database.reads() as session:
        return session.scalars(sa.select(Cancellation)).one()


def test_it_is_effective_at_the_instant_of_the_first_request(office: Stage) -> None:
    """Decreto 11.034/2022 art. 14; BGB § 312k: also when the caller hangs up at once."""
    pressed_after = office.clock.now()
    call = office.call(CORA)
    call.press("2")
    heard_at = office.clock.now()
    call.hang_up()
    office.wait(minutes=1)

    case = office.case()
    assert case.kind == "cancellation"
    assert case.effective_at == case.received_at
    assert pressed_after < case.effective_at < heard_at
    assert is_in_order(["received", "effective"], " ".join(office.history()))


def test_the_caller_hears_it_is_done_and_gets_number_and_receipt(office: Stage) -> None:
    """With date and time, by text message."""
    call = press_all(office.call(CORA), "2", "4711#")
    call.hang_up()
    office.wait(seconds=30)

    (text,) = office.texts_to(CORA)
    assert office.case().protocol in text.replace(" ", "")
    assert "gilt ab sofort" in text
    assert "2. März, 10:00 Uhr" in text
    assert "Ihre Vorgangsnummer ist" in call.last_heard
    assert office.record().matter.contract_or_order_no == "4711"


def test_four_keys_are_enough_and_nothing_is_offered_instead(office: Stage) -> None:
    """No retention: no question why, no offer, no human in between."""
    call = press_all(office.call(CORA), "2", "#", "1")

    assert call.over
    assert office.case().kind == "cancellation"
    documents = " ".join(call.documents)
    for word in ("Angebot", "Rabatt", "warum", "Gutschein", "bleiben"):
        assert word not in documents


def test_in_brazil_as_in_germany(office: Stage) -> None:
    """The same flow under another law and in another language."""
    call = press_all(office.call(BIA, SAC), "2", "#")
    call.hang_up()
    office.wait(seconds=30)

    assert office.case().effective_at is not None
    assert office.case().protocol in office.texts_to(BIA)[0].replace(" ", "")


def test_a_withheld_caller_cancels_with_a_number_and_without_a_receipt(office: Stage) -> None:
    """T2: no number of one's own is a condition."""
    call = press_all(office.call(WITHHELD), "2", "4711#", "#")

    assert office.prompt("de", "receipt.text") not in call.last_heard
    assert "Ihre Vorgangsnummer ist" in call.last_heard
    assert office.case().effective_at is not None


def test_a_withheld_caller_may_name_a_number_for_the_receipt(office: Stage) -> None:
    """S9: proof for everybody who wants it."""
    press_all(office.call(WITHHELD), "2", "#", f"{CORA.replace('+49', '0')}#").hang_up()
    office.wait(minutes=1)

    (text,) = office.texts_to(CORA)
    assert office.case().protocol in text.replace(" ", "")


def test_who_hangs_up_at_once_has_the_number_and_gets_the_receipt(office: Stage) -> None:
    """BGB § 312k (4): content, date and time, and when it ends, at once and in text form."""
    call = press_all(office.call(CORA), "2")
    assert "Ihre Vorgangsnummer ist" in call.last_heard
    call.hang_up()
    office.wait(minutes=1)

    (text,) = office.texts_to(CORA)
    assert is_in_order(
        ["Kündigung", "eingegangen: Montag, 2. März, 10:00 Uhr", "gilt ab sofort", "Vorgangsnummer"], text
    )


def test_the_keys_and_seconds_of_it_are_measured(office: Stage) -> None:
    """S11, lessons 10: what stands between a caller and the end of a contract is known."""
    call = office.call(CORA)
    office.wait(seconds=20)
    press_all(call, "2", "4711#").hang_up()
    office.wait(minutes=1)

    measured = cancellation(office)
    assert measured.keys == 1
    (began,) = office.calls()
    took = office.case().received_at - began.started_at
    assert took >= timedelta(seconds=20)  # however long the menu is
    assert measured.seconds == round(took.total_seconds())


@pytest.mark.parametrize("words", ["Kündigung", "Ich möchte kündigen"])
def test_a_cancellation_can_be_said(office: Stage, words: str) -> None:
    """S5."""
    office.call(CORA).say(words)

    assert office.case().kind == "cancellation"


def test_the_same_call_cancels_once(office: Stage) -> None:
    """Sent again and again by the network, it is one cancellation with one receipt."""
    press_all(office.call(CORA), "2", "#").hang_up()
    for webhook in list(office.carrier.webhooks):
        office.carrier.replay(webhook)
    office.wait(minutes=1)

    assert len(office.cases()) == 1
    assert len(office.texts_to(CORA)) == 1
