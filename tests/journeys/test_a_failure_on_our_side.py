"""Something fails on our side: the caller hears an apology, can leave a message, and nothing is lost (T4)."""

from __future__ import annotations

import pytest

from tests.journeys.cast import CORA, TELL_ALL, WITHHELD, press_all
from tests.journeys.stage import Stage, is_in_order


def test_a_caller_who_meets_a_failure_hears_an_apology_and_can_leave_a_message(office: Stage) -> None:
    """T4: never a dead line."""
    office.breaks("promise")
    call = press_all(office.call(CORA), *TELL_ALL)

    assert is_in_order([office.prompt("de", "apology"), office.prompt("de", "fallback.record")], call.last_heard)
    assert call.waiting_for == "record"
    call.say("Bitte rufen Sie mich an.").press("#")
    assert office.prompt("de", "fallback.thanks") in call.last_heard


def test_what_was_told_before_the_failure_is_on_record_and_a_promise_is_texted(office: Stage) -> None:
    """T4, T9."""
    office.breaks("promise")
    press_all(office.call(CORA), *TELL_ALL).hang_up()
    office.wait(minutes=1)

    assert office.record().matter.remedy_requested == "refund"
    assert office.promise().status == "open"
    assert "14:15 Uhr" in office.texts_to(CORA)[-1]


def test_a_failure_of_the_very_first_step_leaves_a_complaint_too(office: Stage) -> None:
    """T4: the message and the number are brought in when the office works again."""
    office.breaks("open_case")
    call = office.call(CORA).press("1")
    call.say("Mein Herd ist kaputt.").press("#")
    office.is_mended()
    office.wait(minutes=2)

    case = office.case()
    assert (case.kind, case.source) == ("complaint", "fallback")
    assert office.record().complainant.phone == CORA
    assert office.promise().status == "open"
    assert case.protocol in office.texts_to(CORA)[-1].replace(" ", "")


def test_a_withheld_caller_who_meets_a_failure_leaves_a_message_and_is_owed_no_call(office: Stage) -> None:
    """T4."""
    office.breaks("open_case")
    office.call(WITHHELD).press("1").say("Ich bin es.").press("#")
    office.is_mended()
    office.wait(minutes=2)

    assert office.case().source == "fallback"
    assert office.promises() == []


@pytest.mark.parametrize("what", ["human", "matter"])
def test_other_failures_end_in_a_message_as_well(office: Stage, what: str) -> None:
    """T4: whatever fails, the caller is heard."""
    office.breaks(what)
    call = office.call(CORA).press("0" if what == "human" else "4")

    assert call.waiting_for == "record"
    call.say("Ich wollte nur fragen.").press("#")
    office.wait(minutes=2)
    assert [case.source for case in office.cases()] == ["fallback"]
