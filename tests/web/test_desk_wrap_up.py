"""Documenting a conversation, and what follows from it for the case and its promise."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.domain.disposition import CONSEQUENCES, Disposition
from app.models.case import Case
from app.models.promise import Attempt, Promise
from app.models.records import open_record
from app.models.staff import Staff
from tests.web.make import make_attempt, make_case, make_promise

one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def talk(session, runtime, staff):
    """Ada has just spoken with the customer; the promise was kept when both were connected."""
    now = runtime.clock.now()
    facts = {"assessment.promised_at": now + timedelta(hours=4)}
    case = make_case(session, runtime.vault, now - timedelta(hours=1), facts)
    promise = make_promise(session, runtime.vault, case, now - timedelta(hours=1), status="kept", ended_at=now)
    attempt = make_attempt(session, session.get(Staff, staff["Ada"].id), promise, now)
    session.commit()
    return attempt


def page_of(attempt):
    return f"/desk/cases/{attempt.promise.case.protocol}/wrap-up?attempt={attempt.key}"


def the(session, model):
    session.expire_all()
    return session.query(model).one()


def test_a_conversation_is_documented_and_the_case_closes(ada, talk, session, runtime, clock):
    begun = ada.get(f"/desk/attempts/{talk.key}/wrap-up")
    answer = ada.send(page_of(talk), disposition="solved", response="We explained the switch.", note="kind person")

    case, record = the(session, Case), open_record(runtime.vault, the(session, Case))
    assert begun.headers["Location"] == page_of(talk)
    assert answer.status_code == 303
    assert (case.status, case.outcome, case.closed_at) == ("closed", "explanation", clock.now())
    assert record.outcome.response == "We explained the switch."
    assert record.outcome.communicated_at == clock.now()
    assert record.outcome.timely is True
    assert record.missing_for_closing() == ()
    assert the(session, Attempt).wrapped_up_at == clock.now()
    assert "The customer was told: “We explained the switch.”" in ada.get(f"/desk/cases/{case.protocol}").text


@one_database
def test_what_waits_to_be_documented_stands_above_the_queue_until_it_is(ada, talk):
    before = ada.get("/desk/").text
    ada.send(page_of(talk), disposition="solved", response="We explained the switch.")

    assert "Document your conversation" in before
    assert "Document your conversation" not in ada.get("/desk/").text


@one_database
def test_the_same_conversation_is_documented_once(ada, talk):
    form = {"disposition": "regret", "response": "We are sorry."}
    ada.send(page_of(talk), **form)

    assert ada.send(page_of(talk), **form).status_code == 409


@one_database
def test_an_answer_is_needed_and_what_was_typed_is_kept(ada, talk, session):
    answer = ada.send(page_of(talk), disposition="refund", redress="12,50", note="keep me")

    assert answer.status_code == 422
    assert "Nothing was saved yet." in answer.text
    assert 'value="12,50"' in answer.text
    assert "keep me" in answer.text
    assert the(session, Attempt).wrapped_up_at is None


@one_database
def test_who_is_refused_must_have_been_told_where_else_to_turn(ada, talk, session):
    form = {"disposition": "rejected", "response": "The guarantee has ended."}
    refused = ada.send(page_of(talk), **form)
    done = ada.send(page_of(talk), **form, escalation_offered="yes")

    assert (refused.status_code, done.status_code) == (422, 303)
    assert the(session, Case).status == "closed"


@one_database
def test_money_and_the_step_that_follows_are_on_record_until_it_is_done(ada, talk, session, runtime):
    ada.send(page_of(talk), disposition="refund", response="You get it back.", redress="12.50")
    case = the(session, Case)
    before = ada.get(f"/desk/cases/{case.protocol}").text
    ada.send(f"/desk/cases/{case.protocol}/steps", step="pay_refund")
    after = ada.get(f"/desk/cases/{case.protocol}").text

    assert open_record(runtime.vault, case).outcome.redress_cents == 1250
    assert case.closed_at is None
    assert "Still to do: pay the refund" in before
    assert "Still to do" not in after
    assert "Ada: done – pay the refund." in after


def test_a_customer_who_wants_another_call_gets_a_promise_not_before_that_time(ada, talk, session, clock):
    answer = ada.send(page_of(talk), disposition="call_again", call_at="2026-03-03T10:00")

    session.expire_all()
    first, second = session.query(Promise).order_by(Promise.id)
    assert answer.status_code == 303
    assert first.status == "kept"
    assert second.status == "open"
    assert second.not_before_at.isoformat() == "2026-03-03T09:00:00+00:00"
    assert second.due_at > second.not_before_at


@one_database
def test_an_open_promise_is_moved_to_the_time_agreed_and_points_there(ada, session, runtime):
    case = make_case(session, runtime.vault, runtime.clock.now())
    make_promise(session, runtime.vault, case, runtime.clock.now())
    session.commit()
    ada.send(f"/desk/cases/{case.protocol}/wrap-up", disposition="call_again", call_at="2026-03-03T10:00")

    session.expire_all()
    first, second = session.query(Promise).order_by(Promise.id)
    assert (first.status, first.successor_id, second.status) == ("moved", second.id, "open")


@one_database
def test_a_conversation_that_broke_off_is_promised_again_since_it_did_not_count(ada, talk, session):
    ada.send(page_of(talk), disposition="cut_off")

    session.expire_all()
    assert [promise.status for promise in session.query(Promise).order_by(Promise.id)] == ["kept", "open"]


@one_database
def test_a_wrong_number_is_not_rung_again_until_the_right_one_is_known(ada, talk, session, runtime):
    ada.send(page_of(talk), disposition="wrong_person")
    without = session.query(Promise).filter_by(status="open").count()
    case = the(session, Case)
    ada.send(f"/desk/cases/{case.protocol}/wrap-up", disposition="wrong_person", phone="030 23125077")
    session.expire_all()
    promise = session.query(Promise).filter_by(status="open").one()

    assert without == 0
    assert "find_number" in str([*ada.get(f"/desk/cases/{case.protocol}").text.split('value="')])
    assert runtime.vault.open(promise.phone, f"promises:phone:{promise.key}") == "+493023125077"


@one_database
def test_who_wants_nothing_more_is_not_called(ada, session, runtime):
    case = make_case(session, runtime.vault, runtime.clock.now())
    make_promise(session, runtime.vault, case, runtime.clock.now())
    session.commit()
    ada.send(f"/desk/cases/{case.protocol}/wrap-up", disposition="withdrawn")

    assert the(session, Promise).status == "withdrawn"
    assert the(session, Case).status == "closed"


@one_database
def test_ben_cannot_document_adas_conversation_but_sue_can(as_, talk):
    form = {"disposition": "regret", "response": "We are sorry."}

    assert as_("Ben").send(page_of(talk), **form).status_code == 403
    assert as_("Sue").send(page_of(talk), **form).status_code == 303


@one_database
@pytest.mark.parametrize("disposition", Disposition)
def test_every_disposition_leads_where_its_table_says(ada, talk, session, disposition):
    form = {"response": "This is what we said.", "escalation_offered": "yes", "call_at": "2026-03-03T10:00"}
    answer = ada.send(page_of(talk), disposition=disposition, **form)

    case, consequence = the(session, Case), CONSEQUENCES[disposition]
    assert answer.status_code == 303
    assert (case.closed_at is not None) is consequence.closes_case
    assert case.outcome == consequence.outcome


@one_database
@pytest.mark.parametrize(
    "wrong",
    [
        {"disposition": "made_up"},
        {"disposition": "call_again", "call_at": "2026-03-01T10:00"},
        {"disposition": "call_again", "call_at": "never"},
        {"disposition": "call_again", "phone": "0900 1234567"},
        {"disposition": "refund", "response": "x", "redress": "much"},
    ],
    ids=["unknown", "in the past", "no time", "costly number", "no amount"],
)
def test_what_cannot_be_used_is_refused_and_changes_nothing(ada, talk, session, wrong):
    answer = ada.send(page_of(talk), **wrong)

    assert answer.status_code == 422
    assert the(session, Attempt).wrapped_up_at is None
    assert session.query(Promise).count() == 1
