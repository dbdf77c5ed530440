"""A customer asks how a matter stands, hears the promise, and may withdraw it (B4, T15)."""

from __future__ import annotations

from app.simulator.line import Line
from tests.journeys.cast import ADA, CEM, CORA, WITHHELD, call_in_a_hurry, complain_and_hang_up, press_all
from tests.journeys.stage import Stage, heard_by, is_in_order
from tests.journeys.test_a_complaint_by_phone import spoken_digits

WITHDRAW = ("4", "2", "1")


def ada_is_to_ring_cora(office: Stage) -> Line:
    """Cora was promised a call, and Ada, who has answered her telephone, is asked whether she takes it."""
    office.carrier.manned.add(ADA)
    office.hire("Ada", ADA)
    complain_and_hang_up(office)
    office.wait(seconds=25)
    (agent,) = office.carrier.ringing(ADA)
    agent.answer(settle=False)
    return agent


def test_the_same_number_is_enough(office: Stage) -> None:
    """B4: number, state and deadline, without a word about who one is."""
    complain_and_hang_up(office)
    call = office.call(CORA).press("4")

    digits = spoken_digits(office.case().protocol)
    assert is_in_order([digits, "Beschwerde.", office.prompt("de", "matter_open"), "14 Uhr 15"], call.last_heard)


def test_from_any_telephone_with_the_protocol_number(office: Stage) -> None:
    """B4."""
    complain_and_hang_up(office)
    call = press_all(office.call(WITHHELD), "4", f"{office.case().protocol}#")

    assert is_in_order([spoken_digits(office.case().protocol), "14 Uhr 15"], call.last_heard)


def test_a_number_that_is_none_of_ours_is_not_guessed_at(office: Stage) -> None:
    """The check digit catches a slip of the finger; nothing is told about anybody else."""
    complain_and_hang_up(office)
    wrong = office.case().protocol[:-1] + str((int(office.case().protocol[-1]) + 1) % 10)
    call = press_all(office.call(CEM), "4", f"{wrong}#")

    assert office.prompt("de", "matter_missing") in call.last_heard
    assert "14 Uhr 15" not in heard_by(call)


def test_who_withdraws_is_never_dialled_after(office: Stage) -> None:
    """`withdrawn`, by the customer."""
    complain_and_hang_up(office)
    call = press_all(office.call(CORA), *WITHDRAW)
    assert office.prompt("de", "withdrawn") in call.last_heard
    call.hang_up()
    office.hire("Ada", ADA)
    office.wait(hours=6)

    promise = office.promise()
    assert (promise.status, promise.attempts_made) == ("withdrawn", 0)
    assert office.rings_at(ADA) == []
    assert office.rings_at(CORA) == []
    assert office.case().closed_at is None


def test_a_question_makes_no_case(office: Stage) -> None:
    """Asking is not complaining."""
    complain_and_hang_up(office)
    office.call(CORA).press("4").hang_up()

    assert office.case().kind == "complaint"
    assert office.promise().status == "open"


def test_who_changes_their_mind_keeps_the_promise(office: Stage) -> None:
    """Asked before it is taken away."""
    complain_and_hang_up(office)
    call = press_all(office.call(CORA), "4", "2", "2")

    assert office.prompt("de", "not_withdrawn") in call.last_heard
    assert office.promise().status == "open"


def test_withdrawing_while_the_agent_hears_the_whisper_stops_the_dial(office: Stage) -> None:
    """The customer is not rung by a promise that was withdrawn a second ago."""
    agent = ada_is_to_ring_cora(office)

    call_in_a_hurry(office, CORA, *WITHDRAW).hang_up()
    agent.press("1")
    office.wait(minutes=2)

    assert office.promise().status == "withdrawn"
    assert office.rings_at(CORA) == []
    assert office.attempts()[0].result == "canceled"


def test_calling_in_while_the_callback_is_being_dialled_is_served_there(office: Stage) -> None:
    """Race-free: the agent who was to ring them takes them out of the queue instead; the promise is discharged."""
    agent = ada_is_to_ring_cora(office)

    customer = call_in_a_hurry(office, CORA, "0")
    agent.press("1")
    office.wait(seconds=10)

    assert customer.waiting_for == "talk"
    assert (office.promise().status, office.promise().attempts_made) == ("discharged", 0)
    assert office.rings_at(CORA) == []


def test_a_customer_in_the_menu_is_not_rung_either(office: Stage) -> None:
    """Their line is busy with us; it would be a lost attempt."""
    agent = ada_is_to_ring_cora(office)

    customer = call_in_a_hurry(office, CORA, "5")
    agent.press("1")
    customer.hang_up()
    office.wait(seconds=10)

    assert office.prompt("de", "agent.gone") in heard_by(agent)
    assert office.rings_at(CORA) == []
    assert (office.promise().status, office.promise().attempts_made) == ("open", 0)
