"""Supervisors add to a recall what the office knows; what the law does not let be said is marked where it stands."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from app.models.recall import RecallAnswer, RecallDossier, RecallRow
from app.models.recall_documents import dossier_of
from app.services.import_recalls import import_recalls
from tests.web.make import make_case

DATA = Path(__file__).parents[1] / "data" / "cpsc_recalls_rest.json"
FORM = {
    "de-product": "Nordi Lernturm",
    "de-hazard": "Kippt in seltenen Fällen um",
    "remedies": "repair",
    "justification": "",
    "drop_off": "Filiale Hauptstraße",
    "fetches": "yes",
    "risk": "serious",
    "briefing": "Immer zuerst fragen, ob jemand verletzt ist.",
    "question-0-question": "Darf ich ihn verschenken?",
    "question-0-answer": "Nein.",
    "step-0-task": "logistics",
    "step-0-what": "Etiketten drucken",
    "step-0-owner": "Sue",
    "step-0-due_on": "2026-03-09",
    "seen": "",
}


@pytest.fixture
def stool(web, runtime):
    """The id of a real recall."""
    with runtime.database.sessions.begin() as session, DATA.open("rb") as file:
        import_recalls(session, file, name="x", now=runtime.clock.now())
    with runtime.database.reads() as session:
        return session.scalar(sa.select(RecallRow.id).where(RecallRow.number == "26651"))


def test_what_is_written_is_kept_and_its_faults_are_shown_with_their_law(sue, runtime, stool):
    """P2, P7, P9: a draft stays, but what lessens the risk is not what customers hear."""
    assert sue.send(f"/floor/recalls/{stool}", **FORM).status_code == 303

    page = sue.get(f"/floor/recalls/{stool}").text
    assert "“selten”" in page
    assert "art. 36 (2)" in page
    assert "art. 37 (2)" in page  # one remedy, and no reason given
    assert "Die Gefahr: collapse, tip-over" in page
    with runtime.database.reads() as session:
        dossier = dossier_of(session, stool)
    assert dossier is not None
    assert (dossier.plan[0].owner, str(dossier.plan[0].due_on)) == ("Sue", "2026-03-09")
    assert dossier.questions[0].answer == "Nein."


def test_a_list_imported_anew_leaves_it_alone(sue, runtime, stool):
    sue.send(f"/floor/recalls/{stool}", **FORM)

    with runtime.database.sessions.begin() as session, DATA.open("rb") as file:
        assert import_recalls(session, file, name="x", now=runtime.clock.now()).unchanged == 3

    assert "Nordi Lernturm" in sue.get(f"/floor/recalls/{stool}").text


def test_of_two_who_write_at_once_the_second_is_told(sue, stool):
    sue.send(f"/floor/recalls/{stool}", **FORM)

    assert sue.send(f"/floor/recalls/{stool}", **FORM).status_code == 409


def test_a_form_that_cannot_be_read_changes_nothing(sue, runtime, stool):
    for broken in ({"step-0-due_on": "soon"}, {"risk": "boring"}, {"seen": "then"}):
        assert sue.send(f"/floor/recalls/{stool}", **{**FORM, **broken}).status_code == 422
    with runtime.database.reads() as session:
        assert dossier_of(session, stool) is None


def test_agents_may_not_write_recalls(ada, stool):
    assert ada.get(f"/floor/recalls/{stool}").status_code == 403
    assert ada.send(f"/floor/recalls/{stool}", **FORM).status_code == 403


def test_the_list_finds_by_the_numbers_on_a_product_and_says_how_much_is_to_mend(sue, stool):
    page = sue.get(
        "/floor/recalls",
    ).text
    assert "Nordi Toddler Tower" in page

    found = sue.get("/floor/recalls?q=0%2035051%2012033%209").text
    assert "Miniverse" in found
    assert "Nordi" not in found


def test_agents_see_what_the_customer_was_told_and_chose_with_briefing_and_answers(ada, runtime, stool):
    """P7: beside the matter, while they speak."""
    now = runtime.clock.now()
    with runtime.database.sessions.begin() as session:
        case = make_case(session, runtime.vault, now, kind="recall")
        session.flush()
        dossier = {"briefing": "Ask first who is hurt.", "questions": [{"question": "May I keep it?", "answer": "No."}]}
        session.add(RecallDossier(recall_id=stool, document=dossier, changed_at=now))
        address = runtime.vault.seal("Main Street 5", "recall_answers:address:k1")
        chosen = {"remedy": "repair", "handover": "home", "address": address, "chosen_at": now, "acknowledged_at": now}
        session.add(RecallAnswer(key="k1", recall_id=stool, case_id=case.id, certainty="exact", said_at=now, **chosen))
        protocol = case.protocol

    page = ada.get(f"/desk/cases/{protocol}").text

    for words in (
        "Recall 26651",
        "Ask first who is hurt.",
        "May I keep it?",
        "The customer chose repair, Main Street 5.",
    ):
        assert words in page
