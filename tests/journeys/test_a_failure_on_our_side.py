"""Something fails on our side: the caller hears an apology, can leave a message, and nothing is lost (T4)."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.models.call import Recording
from app.models.spool import Spool
from tests.journeys.cast import ADA, CORA, TELL_ALL, WITHHELD, complain_and_hang_up, press_all
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


def test_a_call_of_which_the_database_heard_nothing_is_in_the_log_with_its_message(office: Stage) -> None:
    """T4: an agent can listen to it; a repetition of the entry changes nothing."""
    spool = Spool(office.runtime.settings.var_dir / "spool", office.runtime.vault)
    for _ in range(2):
        spool.add(
            {
                "what": "message",
                "at": office.clock.now().isoformat(),
                "network_id": "CA1",
                "from": CORA,
                "to": office.number,
                "recording": "RE1",
                "error": "11200",
            }
        )
        office.wait(minutes=1)

    (call,) = office.calls()
    assert (call.network_id, call.status, call.settled_at is not None) == ("CA1", "completed", True)
    assert office.case().call_key == call.key
    with office.runtime.database.reads() as session:
        (recording,) = session.scalars(sa.select(Recording)).all()
    assert (recording.network_id, recording.call_key, recording.status) == ("RE1", call.key, "completed")


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


@pytest.mark.parametrize("who", ["agent", "customer"])
def test_whom_we_call_and_fail_is_not_taken_for_a_caller(office: Stage, who: str) -> None:
    """T4: they leave no message; what they were called for is tried again, and no matter comes of it."""
    office.hire("Ada", ADA)
    complain_and_hang_up(office)
    office.fails_to_answer(f"/voice/{who}/")
    office.wait(minutes=40)
    office.is_mended()
    (first, *_) = [leg for leg in office.carrier.calls if leg.to == (ADA if who == "agent" else CORA)]
    office.wait(minutes=400)

    assert office.prompt("de", "apology.ours") in " ".join(first.heard)
    assert office.case().source == "call"
    assert office.promise().status == "kept"
