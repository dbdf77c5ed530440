"""In opening hours a caller who wants a human waits in a queue, or trades the place for a promise (S2, S4, S13)."""

from __future__ import annotations

import pytest

from app.cli.virtual_office import utc
from app.settings import Settings
from app.simulator.leg import Leg
from app.simulator.line import Line
from app.simulator.people import Person
from tests.journeys.cast import ADA, BEN, CEM, CORA, MILA, WITHHELD, complain, complain_and_hang_up, press_all
from tests.journeys.stage import Stage, absent, heard_by, is_in_order, unwilling

MAX_WAIT_MINUTES = 15


def test_the_caller_hears_place_estimate_rights_and_the_way_out(office: Stage) -> None:
    """S13: honest, and never advertising (S4)."""
    office.hire("Ada", ADA, person=absent())
    call = office.call(CORA).press("0")
    office.wait(minutes=1)

    assert is_in_order(
        [
            office.prompt("de", "wait.joined"),
            "Platz 1",
            "Minute",
            office.prompt("de", "wait.trade"),
            office.prompt("de", "wait.rights"),
        ],
        heard_by(call),
    )
    for word in ("Angebot", "Rabatt", "Newsletter", "App"):
        assert word not in heard_by(call)


def test_who_is_second_hears_so_and_waits_longer(office: Stage) -> None:
    """An honest estimate grows with the place."""
    office.hire("Ada", ADA, person=absent())
    first = office.call(CORA).press("0")
    second = office.call(CEM).press("0")

    assert "Platz 1" in first.last_heard
    assert "Platz 2" in second.last_heard
    office.wait(minutes=1)
    assert "10 Minuten" in heard_by(first)
    assert "20 Minuten" in heard_by(second)


def test_with_an_agent_free_the_estimate_is_no_scare(office: Stage) -> None:
    """Nobody is told ten minutes while an agent's telephone rings already."""
    office.hire("Ada", ADA)
    call = office.call(CORA).press("0")

    assert "weniger als eine Minute" in call.last_heard


def test_a_free_agent_is_rung_and_joined_with_the_caller(office: Stage) -> None:
    """S2."""
    office.hire("Ada", ADA)
    call = office.call(CORA).press("0")
    office.wait(seconds=30)

    assert call.waiting_for == "talk"
    assert office.prompt("de", "agent.accept") in heard_by(office.rings_at(ADA)[0])
    assert office.waits()[0].status == "bridged"


def test_the_agent_hears_what_was_told_before(office: Stage) -> None:
    """S7, lessons 20: nothing needs to be said twice."""
    office.hire("Ada", ADA)
    call = press_all(office.call(CORA), "1", "2", "1").say("Ein Wasserkocher")
    call.press("0")
    office.wait(seconds=30)

    whisper = heard_by(office.rings_at(ADA)[0])
    assert is_in_order(["Beschwerde", "Wasserkocher", ", ".join(office.case().protocol[:3])], whisper)
    assert is_in_order(["received", "talked", "owned"], " ".join(office.history()))


def test_one_trades_the_place_for_a_promise_at_any_moment(office: Stage) -> None:
    """T9: nothing is lost by it, and the deadline is spoken."""
    office.hire("Ada", ADA, person=absent())
    call = office.call(CORA).press("0")
    office.wait(minutes=2)

    call.press("1")
    assert office.prompt("de", "callback_noted") in call.last_heard
    call.press("1")

    assert "heute um 14 Uhr" in call.last_heard
    assert office.waits()[0].status == "traded"
    assert office.promise().status == "open"


@pytest.mark.parametrize("second_caller", [CEM, MILA], ids=["in one language", "whatever language they speak"])
def test_callers_are_served_in_their_order(office: Stage, second_caller: str) -> None:
    """The longest waiting first."""
    office.hire("Ada", ADA, person=absent())
    office.call(CORA).press("0")
    office.wait(seconds=5)
    office.call(second_caller).press("0")
    office.hire("Ben", BEN)
    office.wait(minutes=3)

    first, second = office.waits()
    assert first.joined_at < second.joined_at
    assert first.answered_at is not None
    assert second.answered_at is not None
    assert first.answered_at < second.answered_at


def test_callbacks_do_not_overtake_who_waits(office: Stage) -> None:
    """Lessons 1: an older promise waits while somebody is on the line."""
    complain_and_hang_up(office, CEM)
    office.wait(minutes=5)
    office.hire("Ada", ADA)
    office.call(CORA).press("0")
    office.wait(minutes=5)

    first, second = office.attempts()
    assert first.wait_key is not None
    assert second.promise_id == office.promises()[0].id
    assert office.promises()[0].status == "kept"


def test_an_agent_who_declines_loses_the_caller_to_the_next(office: Stage) -> None:
    """The caller keeps the place and hears nothing of it."""
    office.hire("Ada", ADA, person=unwilling())
    ben = office.hire("Ben", BEN)
    office.call(CORA).press("0")
    office.wait(minutes=2)

    assert office.attempts()[-1].staff_id == ben
    assert office.waits()[0].status == "bridged"


def test_a_caller_who_hangs_up_while_waiting_is_gone_for_the_agent_too(office: Stage) -> None:
    """No agent is joined with nobody; and who only wanted a human left no complaint."""
    office.hire("Ada", ADA, person=Person("Ada", answers_after=10))
    call = office.call(CORA).press("0")
    office.wait(seconds=3)
    call.hang_up()
    office.wait(minutes=2)

    assert office.prompt("de", "agent.gone") in heard_by(office.rings_at(ADA)[0])
    assert office.waits()[0].status == "left"
    assert office.attempts()[0].result != "connected"


def test_a_caller_who_hangs_up_between_the_key_and_the_joining_is_gone_too(office: Stage) -> None:
    """The agent has pressed 1 already and hears so."""
    lines: list[Line] = []

    class Ada(Person):
        def react(self, leg: Leg) -> None:
            super().react(leg)
            leg.carrier.loop.soon(lines[0].leg.hang_up, 1.5)  # she presses after a second

    office.hire("Ada", ADA, person=Ada())
    lines.append(office.call(CORA).press("0"))
    office.wait(minutes=2)

    agent = heard_by(office.rings_at(ADA)[0])
    assert is_in_order([office.prompt("de", "agent.connecting"), office.prompt("de", "agent.gone")], agent)
    assert [wait.status for wait in office.waits()] == ["left"]
    assert office.attempts()[0].stage == "ended"


def test_nobody_waits_longer_than_the_longest_wait(office: Stage) -> None:
    """Then it is a promise, unasked."""
    office.hire("Ada", ADA, person=absent())
    call = office.call(CORA).press("0")
    office.wait(minutes=MAX_WAIT_MINUTES + 3)

    assert office.prompt("de", "callback_noted") in heard_by(call)
    assert office.waits()[0].status == "left"
    assert office.promise().status == "open"


def test_a_complainer_in_the_queue_who_hangs_up_gets_a_promise_by_text(office: Stage) -> None:
    """T4, T9."""
    office.hire("Ada", ADA, person=absent())
    press_all(office.call(CORA), "1", "0").hang_up()
    office.wait(minutes=1)

    assert office.promise().status == "open"
    assert len(office.texts_to(CORA)) == 1


def test_outside_the_opening_hours_there_is_no_queue_but_the_offer_of_a_call(settings: Settings) -> None:
    """S1: reachable at any hour."""
    office = Stage(settings, now=utc("2026-03-02 20:00"))
    office.hire("Ada", ADA)
    call = office.call(CORA).press("0")
    assert is_in_order([office.prompt("de", "human_closed"), "zurückrufen?"], heard_by(call))

    call.press("1")

    assert "morgen" in call.last_heard
    assert office.waits() == []
    assert office.promise().status == "open"
    office.close()


def test_with_nobody_at_work_a_caller_never_waits_for_nobody(office: Stage) -> None:
    """In opening hours, too."""
    call = office.call(CORA).press("0")

    assert office.prompt("de", "human_closed") in heard_by(call)
    assert office.waits() == []


def test_an_open_promise_is_discharged_when_the_customer_gets_through(office: Stage) -> None:
    """Lessons 4: nobody is called who has been served."""
    complain_and_hang_up(office)
    office.wait(minutes=10)
    office.hire("Ada", ADA)
    office.call(CORA).press("0")
    office.wait(minutes=10)

    assert office.promises()[0].status == "discharged"
    assert office.rings_at(CORA) == []


def test_a_withheld_caller_waits_and_is_served_like_everybody(office: Stage) -> None:
    """T2."""
    office.hire("Ada", ADA)
    office.call(WITHHELD).press("0")
    office.wait(minutes=1)

    assert office.waits()[0].status == "bridged"


def test_zero_leads_to_the_queue_from_every_question_of_a_complaint(office: Stage) -> None:
    """Nothing is asked before a human, anywhere."""
    office.hire("Ada", ADA, person=absent())
    call = complain(office)
    call.press("0")
    office.wait(seconds=5)

    assert len(office.waits()) == 1
