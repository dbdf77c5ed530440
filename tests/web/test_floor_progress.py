"""How far a recall has come: figures right to the unit, each form once, and documents for any month (P3 to P6)."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.models.anonymous import forget_cases
from app.models.case import CaseEvent
from app.models.outbox import OutboxItem
from app.models.recall import RecallAnswer, RecallRow
from app.models.recall_progress import RecallCorrection, RecallFeedback, RecallNotice
from app.services.import_recalls import import_recalls
from app.services.seal_journal import seal_journal
from app.services.verify_journal import verify_journal
from tests.services.hazards import HAZARD, complain, watch
from tests.web.make import PROTOCOLS, make_case

DATA = Path(__file__).parents[1] / "data" / "cpsc_recalls_rest.json"
MARCH = "?month=2026-03"


@pytest.fixture
def stool(web, runtime):
    """The id of a real recall, HANS0002."""
    with runtime.database.sessions.begin() as session, DATA.open("rb") as file:
        import_recalls(session, file, name="x", now=runtime.clock.now())
    with runtime.database.reads() as session:
        return session.scalar(sa.select(RecallRow.id).where(RecallRow.number == "26651"))


@pytest.fixture
def chosen(runtime, stool):
    """Two customers: one chose a repair, one only understood. Gives the first one's protocol number."""
    now = runtime.clock.now()
    with runtime.database.sessions.begin() as session:
        for number in (1, 2):
            case = make_case(session, runtime.vault, now, kind="recall", protocol=PROTOCOLS[number - 1])
            done = {"remedy": "repair", "handover": "home", "chosen_at": now} if number == 1 else {}
            answer = {"case_id": case.id, "phone_index": f"p{number}", "certainty": "exact", "said_at": now}
            session.add(RecallAnswer(key=f"k{number}", recall_id=stool, acknowledged_at=now, **answer, **done))
    return PROTOCOLS[0]


def put_down(sue, stool, what, key="form-key-1", **form):
    return sue.send(f"/floor/recalls/{stool}/progress", what=what, key=key, **form)


def figures(sue, stool, month=MARCH):
    return sue.get(f"/floor/recalls/{stool}/progress.json{month}").json


def test_units_are_right_by_level_and_month_and_a_form_sent_twice_counts_once(sue, stool):
    put_down(sue, stool, "units", consumer="100", retailer="50")
    form = {"level": "retailer", "correction": "returned", "units": "20", "done_on": "2026-03-02"}
    for _ in range(2):
        assert put_down(sue, stool, "correction", **form).status_code == 303
    put_down(sue, stool, "correction", key="form-key-2", **{**form, "done_on": "2026-02-27", "units": "5"})

    march, february = figures(sue, stool), figures(sue, stool, "?month=2026-02")

    assert march["units"]["retailer"] == {"affected": 50, "corrected_in_period": 20, "corrected_in_all": 25}
    assert february["units"]["retailer"] == {"affected": 50, "corrected_in_period": 5, "corrected_in_all": 5}
    assert (march["units_in_all"]["correction_rate"], march["units_in_all"]["open"]) == (0.1667, 125)


def test_a_correction_noted_by_mistake_is_taken_back_once(sue, runtime, stool):
    form = {"level": "consumer", "correction": "refund", "units": "7", "done_on": "2026-03-02"}
    put_down(sue, stool, "correction", **form)

    assert put_down(sue, stool, "taken_back", correction_id="1").status_code == 303
    assert put_down(sue, stool, "taken_back", correction_id="1").status_code == 409

    assert figures(sue, stool)["units_in_all"]["corrected"] == 0
    with runtime.database.reads() as session:
        assert session.get_one(RecallCorrection, 1).units == 7


def test_reach_response_and_correction_follow_the_customers_and_stay_when_they_go(sue, ada, runtime, stool, chosen):
    """P5: retention removes the person, never the number."""
    answered = ada.send(f"/desk/cases/{chosen}/recalls/1/remedy", correction="repair")
    assert answered.status_code == 303
    assert ada.send(f"/desk/cases/{chosen}/recalls/1/remedy", correction="repair").status_code == 409
    before = figures(sue, stool)
    people = before["people"]
    assert (people["known"], people["reached"], people["answered"], people["remedy_chosen"], people["helped"]) == (
        2, 2, 2, 1, 1,
    )  # fmt: skip
    assert before["units"]["consumer"]["corrected_in_all"] == 1

    with runtime.database.sessions.begin() as session:
        forget_cases(session, [1, 2])

    assert figures(sue, stool) == before
    with runtime.database.reads() as session:
        assert session.scalars(sa.select(RecallAnswer.phone_index)).all() == [None, None]
        assert session.scalars(sa.select(RecallFeedback.phone_index)).all() == [None]


def test_who_was_helped_is_asked_by_text_and_the_answer_on_the_telephone_is_put_down(ada, sue, runtime, stool, chosen):
    """P6."""
    ada.send(f"/desk/cases/{chosen}/recalls/1/remedy", correction="repair")
    with runtime.database.reads() as session:
        item = session.scalars(sa.select(OutboxItem)).one()
        body = runtime.vault.open(item.payload, f"outbox:{item.key}")["body"]
    assert "die Reparatur. Ist die Sache damit gelöst? Antworten Sie 1 für ja" in body

    assert ada.send(f"/desk/cases/{chosen}/recalls/1/feedback", solved="partly").status_code == 303
    assert ada.send(f"/desk/cases/{chosen}/recalls/1/feedback", solved="yes").status_code == 409

    assert figures(sue, stool)["feedback"] == {"asked": 1, "yes": 0, "partly": 1, "no": 0}
    assert "partly" in ada.get(f"/desk/cases/{chosen}").text
    with runtime.database.reads() as session:
        kinds = session.scalars(sa.select(CaseEvent.kind).where(CaseEvent.case_id == 1)).all()
    assert kinds[-3:] == ["recall_corrected", "text_queued", "recall_feedback"]


def test_an_answer_of_another_case_is_not_touched(ada, chosen):
    assert ada.send(f"/desk/cases/{PROTOCOLS[1]}/recalls/1/remedy", correction="repair").status_code == 404
    assert ada.send(f"/desk/cases/{chosen}/recalls/{2**40}/remedy", correction="repair").status_code == 404
    assert ada.send(f"/desk/cases/{chosen}/recalls/1/remedy", correction="magic").status_code == 422


def test_incidents_are_told_apart_by_the_first_notice(sue, runtime, stool):
    """The hotline's own complaints about a listed number count, and what was put down by hand."""
    complain(runtime, 1, HAZARD, after=timedelta(hours=-27), model="HANS0002")
    complain(runtime, 2, HAZARD, after=timedelta(hours=-1), model="HANS-0002", injury=True)
    complain(runtime, 3, HAZARD, model="other 99")
    watch(runtime)
    notice = {"addressee": "consumers", "name": "", "medium": "email", "number": "40", "words": "Stop using it."}
    put_down(sue, stool, "notice", sent_at="2026-03-01T08:00", **notice)
    by_hand = {"occurred_on": "2026-03-02", "incidents": "2", "injuries": "1", "deaths": "1", "words": "by post"}
    put_down(sue, stool, "incident", key="form-key-3", **by_hand)

    found = figures(sue, stool)

    assert found["incidents_before_the_notice"] == {"incidents": 1, "injuries": 0, "deaths": 0}
    assert found["incidents_after_the_notice"] == {"incidents": 3, "injuries": 2, "deaths": 1}
    assert found["consumers_notified"] == {"email": 40}


def test_notices_are_on_record_with_time_and_text_and_cannot_be_changed(sue, runtime, stool):
    """P3."""
    notice = {"addressee": "authority", "name": "BAuA", "medium": "email", "number": "1", "words": "=Meldung nach § 6"}
    for _ in range(2):
        put_down(sue, stool, "notice", sent_at="2026-03-01T08:00", **notice)
    assert put_down(sue, stool, "notice", key="form-key-4", sent_at="2027-01-01T12:00", **notice).status_code == 422

    page = sue.get(f"/floor/recalls/{stool}/progress{MARCH}").text
    assert page.count("=Meldung nach § 6") == 1
    assert "BAuA" in page
    assert "'=Meldung" in sue.get(f"/floor/recalls/{stool}/progress.csv{MARCH}").text
    with pytest.raises(sa.exc.DatabaseError, match="append-only"), runtime.database.sessions.begin() as session:
        session.execute(sa.update(RecallNotice).values(words="x"))
    seal_journal(runtime.database, runtime.vault, now=runtime.clock.now(), thorough=True)
    with runtime.database.reads() as session:
        assert list(verify_journal(session, runtime.vault)) == []


def test_the_final_evaluation_has_the_conclusion_and_all_months(sue, stool, chosen):
    put_down(sue, stool, "conclusion", words="Schrauben künftig prüfen.")

    page = sue.get(f"/floor/recalls/{stool}/progress?month=all").text

    assert "Final evaluation" in page
    assert "Schrauben künftig prüfen." in page
    assert figures(sue, stool, "?month=all")["people"]["remedy_chosen"] == 1


def test_what_cannot_be_read_changes_nothing(sue, ada, stool):
    good = {"level": "consumer", "correction": "refund", "units": "7", "done_on": "2026-03-02"}
    for broken in ({"units": "-1"}, {"units": "0"}, {"units": "9" * 40}, {"level": "moon"}, {"done_on": "2027-01-01"}):
        assert put_down(sue, stool, "correction", **{**good, **broken}).status_code == 422
    assert put_down(sue, stool, "nothing").status_code == 422
    assert put_down(sue, stool, "correction", key="", **good).status_code == 422
    assert sue.get(f"/floor/recalls/{stool}/progress?month=2026-13").status_code == 422
    assert sue.get("/floor/recalls/999/progress").status_code == 404
    assert ada.get(f"/floor/recalls/{stool}/progress").status_code == 403
    assert figures(sue, stool)["units_in_all"]["corrected"] == 0
    assert re.search("Known to have one", sue.get(f"/floor/recalls/{stool}/progress").text)
