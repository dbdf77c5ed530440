"""A customer answers by text whether a remedy solved the matter; the newest question is the one answered (P6)."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.domain.phone_number import PhoneNumber
from app.domain.recall_draft import Draft, recall_from
from app.models.recall_progress import RecallFeedback
from app.models.reminder import Forewarning
from app.services.feedback_by_reply import take_feedback
from app.services.import_recalls import add_recall
from tests.web.make import CUSTOMER, make_case, make_promise

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def case(runtime):
    """A customer whose stool was repaired, and who was asked an hour ago."""
    now = runtime.clock.now()
    with runtime.database.sessions.begin() as session:
        recall = recall_from(Draft(title="x", product="x", hazard="fire", models="ZX 11"), "H1", now.date())
        recall_id = add_recall(session, recall, now).id
        made = make_case(session, runtime.vault, now, kind="recall")
        asked = {"case_id": made.id, "phone_index": made.phone_index, "medium": "text", "asked_at": now}
        session.add(RecallFeedback(recall_id=recall_id, answer_id=1, **asked))
    runtime.clock.advance(hours=1)
    return made


def reply(runtime, body, **options):
    with runtime.database.sessions.begin() as session:
        number = PhoneNumber(CUSTOMER)
        return take_feedback(runtime.board, session, number, body, runtime.clock.now(), **options)


def solved(runtime):
    with runtime.database.reads() as session:
        return session.scalars(sa.select(RecallFeedback.solved)).one()


@pytest.mark.parametrize(
    ("body", "meant", "answer"), [("1", "yes", "Vielen Dank für Ihre Antwort"), ("3.", "no", "Ein Mensch sieht sich")]
)
def test_a_figure_is_the_answer_once(runtime, case, body, meant, answer):
    assert answer in reply(runtime, body)

    assert solved(runtime) == meant
    assert reply(runtime, "2") is None
    assert solved(runtime) == meant


def test_anything_else_is_no_answer(runtime, case):
    assert [reply(runtime, body) for body in ("4", "yes please", "", "11")] == [None] * 4
    assert solved(runtime) is None


def test_what_was_asked_later_is_what_a_figure_answers(runtime, case):
    now = runtime.clock.now()
    assert reply(runtime, "1", asked_at=now - timedelta(minutes=5)) is None

    with runtime.database.sessions.begin() as session:
        promise = make_promise(session, runtime.vault, case, now)
        warned = {"phone_index": case.phone_index, "foreseen_at": now, "cause": "overload", "offered_due_at": now}
        session.add(Forewarning(promise_id=promise.id, **warned))

    assert reply(runtime, "1") is None
    assert solved(runtime) is None


def test_after_thirty_days_nobody_waits_for_an_answer(runtime, case):
    runtime.clock.advance(days=31)

    assert reply(runtime, "1") is None
