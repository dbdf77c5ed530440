"""T4: who chose "complaint" has complained, whatever happens to the call after that."""

from __future__ import annotations

import pytest

from app.domain.protocol import is_protocol
from tests.journeys.cast import CORA, TELL_ALL, WITHHELD, complain, press_all
from tests.journeys.stage import Stage, heard_by

EVERY_TURN = range(1, len(TELL_ALL))
PROMISED = len(TELL_ALL)


@pytest.mark.parametrize("turns", EVERY_TURN)
def test_a_hang_up_leaves_a_numbered_complaint_and_a_promise_by_text(office: Stage, turns: int) -> None:
    """T4, T9: at every single turn after the choice."""
    press_all(office.call(CORA), *TELL_ALL[:turns]).hang_up()
    office.wait(seconds=20)

    case, promise = office.case(), office.promise()
    assert is_protocol(case.protocol)
    assert (case.kind, promise.status) == ("complaint", "open")
    (text,) = office.texts_to(CORA)
    assert case.protocol in text.replace(" ", "")
    assert "14:15 Uhr" in text
    assert office.spoken(promise) == text


def test_a_hang_up_before_any_choice_leaves_nothing(office: Stage) -> None:
    """A call is not a complaint."""
    office.call(CORA).hang_up()
    office.wait(seconds=20)

    assert office.cases() == []
    assert office.carrier.texts == []


def test_a_hang_up_after_the_deadline_was_spoken_makes_no_second_promise(office: Stage) -> None:
    """One matter, one promise, one text."""
    complain(office).hang_up()
    office.wait(minutes=2)

    assert office.promise().status == "open"
    assert len(office.texts_to(CORA)) == 1


def test_a_withheld_caller_who_hangs_up_leaves_a_complaint_and_is_owed_no_call(office: Stage) -> None:
    """T4, but never a promise that cannot be kept."""
    press_all(office.call(WITHHELD), "1", "2").hang_up()
    office.wait(seconds=20)

    assert is_protocol(office.case().protocol)
    assert office.promises() == []


@pytest.mark.parametrize("turns", EVERY_TURN)
def test_who_falls_silent_anywhere_is_asked_again_and_still_gets_a_deadline(office: Stage, turns: int) -> None:
    """T4, T9: silence at every node, to the end; the call ends by itself in bounded time."""
    call = press_all(office.call(CORA), *TELL_ALL[:turns])
    begun = office.clock.now()
    for _ in range(40):
        call.stay_silent()
    office.wait(seconds=20)

    assert call.over
    assert (office.clock.now() - begun).total_seconds() < 20 * 60
    assert office.promise().status == "open"
    assert office.case().protocol in office.texts_to(CORA)[0].replace(" ", "")
    assert "heute um 14 Uhr 15" in heard_by(call)


def test_wrong_keys_anywhere_lead_on(office: Stage) -> None:
    """T4: bounded retries, the same for wrong keys as for silence."""
    call = office.call(CORA).press("1")
    for _ in range(40):
        if not call.over:
            call.press("5") if call.waiting_for == "keys" else call.stay_silent()
    call.hang_up()
    office.wait(seconds=20)

    assert office.case().kind == "complaint"
    assert office.promise().status == "open"


def test_one_call_makes_one_case_however_often_the_network_asks(office: Stage) -> None:
    """Exactly one: every request of the call is repeated, also after its end."""
    call = office.call(CORA).press("1")
    for webhook in list(office.carrier.webhooks):
        office.carrier.replay(webhook)
    press_all(call, *TELL_ALL[1:]).hang_up()
    for webhook in list(office.carrier.webhooks):
        office.carrier.replay(webhook)
    office.wait(minutes=1)

    assert len(office.texts_to(CORA)) == 1
    assert office.case().kind == "complaint"
    assert office.promise().status == "open"
