"""A text message joins the customer's open matter, or opens one (B1, S7)."""

from __future__ import annotations

import pytest

from tests.journeys.cast import ADA, CEM, CORA, ELLA, complain_and_hang_up
from tests.journeys.stage import Stage


def test_a_first_message_is_a_complaint_with_a_number_and_a_deadline(office: Stage) -> None:
    """B1, T6, T9: the answer is the receipt."""
    office.carrier.text(CORA, office.number, "Mein Toaster brennt.")

    (answer,) = office.texts_to(CORA)
    assert office.record().matter.narrative == "Mein Toaster brennt."
    assert office.case().protocol in answer.replace(" ", "")
    assert "14:00 Uhr" in answer
    assert office.spoken(office.promise()) == answer


def test_the_promise_of_a_text_is_kept_by_telephone(office: Stage) -> None:
    """S7: channels complement one another."""
    office.hire("Ada", ADA)
    office.carrier.text(CORA, office.number, "Mein Toaster brennt.")
    office.wait(minutes=5)

    assert office.promise().status == "kept"


def test_a_message_joins_the_open_case_of_its_number(office: Stage) -> None:
    """S7: what was said in one channel is known in the others."""
    complain_and_hang_up(office)
    office.carrier.text(CORA, office.number, "Es hat auch geraucht.")

    events = [event for event in office.events() if event.kind == "text_received"]
    assert [office.details(event)["body"] for event in events] == ["Es hat auch geraucht."]
    assert office.promise().status == "open"


def test_a_message_with_the_protocol_number_joins_that_case_from_any_telephone(office: Stage) -> None:
    """S7."""
    complain_and_hang_up(office)
    office.carrier.text(CEM, office.number, f"Vorgang {office.case().protocol}: die Rechnung liegt bei.")

    assert office.history().count("text_received") == 1
    assert len(office.texts_to(CEM)) == 1


def test_the_same_message_delivered_again_counts_once_and_gets_the_same_answer(office: Stage) -> None:
    """Whatever the network repeats: the first message of a matter, and a later one."""
    office.carrier.text(CORA, office.number, "Mein Toaster brennt.")
    office.carrier.text(CORA, office.number, "Er raucht noch.")
    delivered = [webhook for webhook in office.carrier.webhooks if webhook.url.endswith("/messages/incoming")]

    again = [office.carrier.replay(webhook) for webhook in delivered]

    assert [answer.body.decode() for answer in again] == [webhook.document for webhook in delivered]
    assert office.history().count("text_received") == 1
    assert office.promise().status == "open"


def test_a_text_is_answered_in_the_language_of_its_number(office: Stage) -> None:
    """The language stays with the customer."""
    office.carrier.text(ELLA, office.number, "My kettle burnt down.")

    assert office.texts_to(ELLA)[0].startswith("Muster Haushaltsgeräte GmbH: Your complaint is accepted")
    assert office.case().language == "en"


@pytest.mark.parametrize("word", ["STOP", "stop ", "Start"])
def test_a_word_to_the_network_is_no_complaint(office: Stage, word: str) -> None:
    """Who wants no texts does not want a call for it either; the network answers by itself."""
    office.carrier.text(CORA, office.number, word)

    assert office.cases() == []
    assert all(text.startswith("You have been") for text in office.texts_to(CORA))
