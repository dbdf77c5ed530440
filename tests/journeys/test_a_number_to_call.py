"""Which number is called back: read back, corrected, refused politely, never one that cannot be dialled (T2, T20)."""

from __future__ import annotations

import pytest

from tests.journeys.cast import CORA, TELL_ALL, WITHHELD, complain, press_all
from tests.journeys.stage import Stage, is_in_order

UP_TO_THE_NUMBER = TELL_ALL[:-2]
NEIGHBOUR = "+493012345699"


def test_another_number_is_read_back_and_called(office: Stage) -> None:
    """T20."""
    call = press_all(office.call(CORA), *UP_TO_THE_NUMBER, "2", "03012345699#")
    assert "3, 0; 1, 2, 3; 4, 5, 6; 9, 9" in call.last_heard

    press_all(call, "1", "1").hang_up()

    assert office.record().complainant.phone == NEIGHBOUR
    office.hire("Ada", "+493012345671")
    office.wait(minutes=5)
    assert len(office.rings_at(NEIGHBOUR)) == 1
    assert office.rings_at(CORA) == []


def test_a_number_entered_wrongly_is_corrected_when_it_is_read_back(office: Stage) -> None:
    """T20."""
    call = press_all(office.call(CORA), *UP_TO_THE_NUMBER, "2", "03012345698#", "2", "03012345699#", "1", "1")
    call.hang_up()

    assert office.record().complainant.phone == NEIGHBOUR


@pytest.mark.parametrize("entered", ["123#", "112#", "09001234567#", "0137123456#"], ids=str)
def test_what_is_no_number_to_call_is_refused_politely(office: Stage, entered: str) -> None:
    """Too short, an emergency number, premium rates: said again, and never dialled."""
    call = press_all(office.call(CORA), *UP_TO_THE_NUMBER, "2", entered)

    assert is_in_order([office.prompt("de", "nomatch"), office.prompt("de", "other_number")], call.last_heard)
    press_all(call, "03012345699#", "1", "1")
    assert office.promise().status == "open"
    assert office.record().complainant.phone == NEIGHBOUR


def test_who_does_not_want_to_be_called_on_their_own_number_is_not(office: Stage) -> None:
    """A number that was declined is not promised a call, nor dialled when the caller hangs up."""
    call = press_all(office.call(CORA), *UP_TO_THE_NUMBER, "2", "#", "1")

    assert office.prompt("de", "complaint_accepted") in call.last_heard
    assert "Wir rufen Sie" not in call.last_heard
    call.hang_up()
    assert office.promises() == []


def test_a_withheld_number_is_never_promised_a_call(office: Stage) -> None:
    """T9: there is nothing to dial; the answer has its day all the same, and the number of the case leads to it."""
    call = press_all(office.call(WITHHELD), *UP_TO_THE_NUMBER, "#", "1")

    assert is_in_order(
        [office.prompt("de", "complaint_accepted"), "spätestens Montag, den 9. März", "Ihre Vorgangsnummer ist"],
        call.last_heard,
    )
    assert "Wir rufen Sie" not in call.last_heard
    call.hang_up()
    office.wait(minutes=5)
    assert office.promises() == []
    assert office.carrier.texts == []
    assert office.record().complainant.phone is None


def test_a_withheld_caller_may_give_a_number(office: Stage) -> None:
    """T9."""
    call = press_all(office.call(WITHHELD), *UP_TO_THE_NUMBER, "03012345699#", "1", "1")
    call.hang_up()
    office.wait(seconds=30)

    assert "heute um 14 Uhr 15" in call.last_heard
    assert len(office.texts_to(NEIGHBOUR)) == 1
    assert office.promise().status == "open"


def test_a_text_that_cannot_be_delivered_takes_nothing_back(office: Stage) -> None:
    """T14: the line takes no texts, which is on record; the case and the promise stand."""
    from app.simulator.people import Person

    office.carrier.introduce(CORA, Person(takes_texts=False))
    complain(office).hang_up()
    office.wait(minutes=1)

    assert office.promise().status == "open"
    assert "text_failed" in office.history()
