"""Whose remedy was carried out is asked in their next call, once, whether it solved the matter (P6)."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.domain.recall_progress import Correction
from app.models.case import Case
from app.models.recall import RecallAnswer
from app.models.recall_progress import RecallFeedback
from app.models.staff import Staff
from app.services.carry_out_remedy import carry_out_remedy
from app.simulator.line import Line
from tests.journeys.cast import ADA, CORA, press_all
from tests.journeys.owners import with_owners
from tests.journeys.stage import Stage, heard_by

QUESTION = "Ist die Sache damit gelöst?"


@pytest.fixture
def office(office: Stage) -> Stage:
    """Cora has chosen a remedy, and it was carried out an hour ago."""
    with_owners(office)
    office.hire("Ada", ADA)
    press_all(office.call(CORA), "3", "2", "#").hang_up()
    runtime, now = office.runtime, office.clock.now()
    with runtime.database.sessions.begin() as session:
        answer = session.scalars(sa.select(RecallAnswer)).one()
        case = session.scalars(sa.select(Case)).one()
        hotline = runtime.board.hotline_named(case.hotline)
        ada = session.scalars(sa.select(Staff)).one()
        carry_out_remedy(
            session, runtime.vault, runtime.board.present.words, case, answer, hotline, Correction.REFUND, ada,
            today=now.date(), now=now,
        )  # fmt: skip
    office.wait(hours=1)
    return office


def ask_for_hours(office: Stage) -> Line:
    """Cora asks when we are there, and then says nothing more."""
    call = press_all(office.call(CORA), "5", "1")
    office.wait(minutes=1)
    return call


def feedback(office: Stage) -> RecallFeedback:
    """The only question."""
    with office.runtime.database.reads() as session:
        return session.scalars(sa.select(RecallFeedback)).one()


def test_who_has_not_answered_by_text_is_asked_once_before_a_call_ends_and_led_to_a_human(office: Stage) -> None:
    assert QUESTION not in heard_by(ask_for_hours(office))  # there is a day for the answer by text

    office.wait(days=1)
    call = ask_for_hours(office)
    assert "Erledigt ist: die Erstattung. " + QUESTION in heard_by(call)
    call.press("3")
    office.wait(seconds=45)

    assert "Benutzen Sie das Produkt vorerst nicht" in heard_by(call)
    assert [wait.status for wait in office.waits()] == ["bridged"]
    assert (feedback(office).solved, feedback(office).medium) == ("no", "phone")
    assert office.history(office.cases()[0])[-1] == "recall_feedback"
    call.hang_up()
    assert QUESTION not in heard_by(ask_for_hours(office))


def test_who_says_nothing_is_not_asked_again(office: Stage) -> None:
    office.wait(days=1)

    assert QUESTION in heard_by(ask_for_hours(office))
    office.wait(minutes=2)

    assert QUESTION not in heard_by(ask_for_hours(office))
    assert feedback(office).solved is None
