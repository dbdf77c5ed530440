"""Supervisors see signals with their evidence and decide; a confirmed one opens a recall draft (P1)."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from app.domain.complaint_terms import Certainty
from app.models.hazard import HazardReport, HazardSignal, RecallDraft, SignalEvent
from app.models.recall import RecallRow
from app.services.look_up_recall import look_up_recall
from app.services.seal_journal import seal_journal
from app.services.verify_journal import verify_journal
from tests.services.hazards import HAZARD, complain, watch

SIGNAL = "/floor/signals/1"


@pytest.fixture
def signal(web, runtime):
    """Five people whose kettle HANS 0002 has burnt."""
    for number in range(5):
        complain(runtime, number, HAZARD, model="HANS 0002")
    watch(runtime)


def seen(page, field="seen"):
    return re.search(rf'name="{field}" value="([^"]+)"', page)[1]


def decide(sue, decision, reason=""):
    return sue.send(SIGNAL, decision=decision, reason=reason, seen=seen(sue.get(SIGNAL).text))


def test_the_list_and_one_signal_show_method_figures_and_the_complaints(sue, signal):
    listed, page = sue.get("/floor/signals").text, sue.get(SIGNAL).text

    for words in ("Signal 1", "kettle", "to be decided", "Shiryaev–Roberts", "at most one signal among 1000"):
        assert words in listed
    assert page.count(HAZARD) == 5
    assert page.count('<circle class="hit"') == 5
    assert "5 of 5 complaints point to a hazard; 6.5 % were to be expected." in page


def test_a_confirmed_signal_opens_a_recall_draft_with_its_evidence(sue, runtime, signal):
    answer = decide(sue, "confirmed")

    assert answer.headers["Location"].endswith("/floor/recalls/drafts/1")
    with runtime.database.reads() as session:
        draft = session.get_one(RecallDraft, 1)
        explained = session.scalars(sa.select(HazardReport.explained)).all()
    assert (draft.document["product"], draft.document["hazard"]) == ("kettle", "fire")
    assert draft.document["incidents"] == "5 complaints to the hotline"
    assert all(explained)
    assert "signal 1" in sue.get("/floor/recalls/drafts/1").text


def test_to_watch_or_dismiss_needs_a_reason_and_is_put_on_record(sue, runtime, signal):
    badge = '<span class="count" title="Signals to be decided">1</span>'
    assert sue.get("/floor/").text.count(badge) == 1
    assert sue.get("/floor/signals").text.count(badge) == 2  # in the rail, and in the tab of the page
    assert decide(sue, "dismissed").status_code == 422
    assert decide(sue, "watched", "Labor gefragt").status_code == 303
    assert decide(sue, "dismissed", "Falsches Netzteil").status_code == 303

    page = sue.get(SIGNAL).text
    assert "Watched on: Labor gefragt" in page
    assert "Dismissed: Falsches Netzteil" in page
    assert 'name="decision"' not in page
    assert badge not in page
    with runtime.database.reads() as session:
        kinds = session.scalars(sa.select(SignalEvent.kind).order_by(SignalEvent.id)).all()
    assert kinds == ["raised", "grew", "watched", "dismissed"]
    now = runtime.clock.now()
    assert seal_journal(runtime.database, runtime.vault, now=now, thorough=True) > 0
    with runtime.database.reads() as session:
        assert list(verify_journal(session, runtime.vault)) == []


def test_of_two_who_decide_at_once_the_second_is_told_and_nothing_happens_twice(sue, runtime, signal):
    first = seen(sue.get(SIGNAL).text)
    sue.send(SIGNAL, decision="confirmed", reason="", seen=first)

    assert sue.send(SIGNAL, decision="confirmed", reason="", seen=first).status_code == 409

    with runtime.database.reads() as session:
        assert len(session.scalars(sa.select(RecallDraft)).all()) == 1


def test_what_cannot_be_read_decides_nothing(sue, runtime, signal):
    for form in ({"decision": "maybe", "seen": "2026-03-02T09:00:00+00:00"}, {"decision": "watched", "seen": "x"}):
        assert sue.send(SIGNAL, reason="why", **form).status_code == 422
    assert sue.get("/floor/signals/99").status_code == 404
    assert sue.get(f"/floor/signals/{2**40}").status_code == 404
    with runtime.database.reads() as session:
        assert session.get_one(HazardSignal, 1).status == "open"


def test_agents_may_not_see_or_decide(ada, signal):
    assert ada.get("/floor/signals").status_code == 403
    assert ada.send(SIGNAL, decision="dismissed", reason="x").status_code == 403
    assert ada.get("/floor/recalls/drafts").status_code == 403


def test_a_published_draft_is_found_by_callers_and_an_unpublished_one_is_not(sue, runtime, signal):
    decide(sue, "confirmed")
    page = sue.get("/floor/recalls/drafts/1").text
    form = {"title": "Kettle Hans", "product": "Hans", "hazard": "fire", "models": "HANS 0002, HANS 0003"}
    with runtime.database.reads() as session:
        assert look_up_recall(session, "HANS 0002").certainty is Certainty.UNCHECKED

    answer = sue.send("/floor/recalls/drafts/1", **form, seen=seen(page), publish="yes")

    assert answer.status_code == 303, answer.text
    with runtime.database.reads() as session:
        match = look_up_recall(session, "hans0003")
        assert (match.certainty, match.recalls[0].number) == (Certainty.EXACT, "H260001")
    again = sue.send("/floor/recalls/drafts/1", **form, seen=seen(page), publish="yes")
    assert again.status_code == 409
    with runtime.database.reads() as session:
        assert len(session.scalars(sa.select(RecallRow)).all()) == 1
    assert "The recall was published: H260001" in sue.get(SIGNAL).text


def test_a_draft_without_its_numbers_is_kept_but_not_published(sue, runtime, signal):
    sue.send("/floor/recalls/drafts")
    page = sue.get("/floor/recalls/drafts/1").text

    assert sue.send("/floor/recalls/drafts/1", title="x", seen=seen(page), publish="yes").status_code == 422
    assert sue.send("/floor/recalls/drafts/1", title="Kessel", seen=seen(page)).status_code == 303
    assert "Kessel" in sue.get("/floor/recalls/drafts").text
