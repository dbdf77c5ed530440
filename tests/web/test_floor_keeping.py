"""What is kept and until when: what supervisors see, ask for and hand over."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.analytics.matter_history import matter_history
from app.models.case import Case
from app.models.keeping import DataRequest
from app.services.data_requests import serve_requests
from app.services.what_may_go import Erasure
from tests.web.make import CUSTOMER, make_case, make_promise

one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def case(session, runtime) -> Case:
    made = make_case(session, runtime.vault, runtime.clock.now())
    make_promise(session, runtime.vault, made, runtime.clock.now())
    session.commit()
    return made


def serve(runtime):
    def compose(session, case):
        hotline = runtime.board.hotline_named(case.hotline)
        return matter_history(session, runtime.vault, runtime.board.turns, case, hotline, now=runtime.clock.now())

    def erase(_number, _basis, certify):
        done = Erasure(protocols=["2612345679"])
        done.counts["calls"] = 3
        with runtime.database.sessions.begin() as own:
            certify(own, done)

    serve_requests(runtime.database, runtime.vault, compose, erase, now=runtime.clock.now())


def only_request(session) -> DataRequest:
    session.expire_all()
    return session.scalars(sa.select(DataRequest)).one()


def test_a_history_is_asked_for_written_read_and_handed_over(sue, session, runtime, case):
    asked = sue.send("/floor/keeping/histories", protocol=case.protocol, medium="post")
    serve(runtime)
    row = only_request(session)
    page = sue.get("/floor/keeping").text
    paper = sue.get(f"/floor/keeping/requests/{row.key}").text
    handed = sue.send(f"/floor/keeping/requests/{row.key}/hand-over")

    assert (asked.status_code, handed.status_code) == (303, 303)
    assert "by post" in page
    assert "ready to be handed over" in page
    assert "Er pfeift, aber er kocht nicht." in paper
    assert "Wir rufen Sie heute bis fünfzehn Uhr zurück." in paper
    assert "Sue" in paper
    assert only_request(session).status == "sent"


@one_database
def test_a_request_that_nobody_served_in_time_is_marked_late(sue, runtime, case):
    sue.send("/floor/keeping/histories", protocol=case.protocol, medium="electronic")
    before = sue.get("/floor/keeping").text
    with runtime.database.sessions.begin() as opened:
        opened.execute(sa.update(DataRequest).values(due_at=runtime.clock.now() - timedelta(minutes=1)))

    assert 'class="tag late"' not in before
    assert 'class="tag late"' in sue.get("/floor/keeping").text


@one_database
def test_an_erasure_is_certified_without_the_number(sue, session, runtime):
    sue.send("/floor/keeping/erasures", phone="030 23125042")
    waiting = sue.get("/floor/keeping").text
    serve(runtime)
    certificate = sue.get(f"/floor/keeping/requests/{only_request(session).key}").text

    assert CUSTOMER[-4:] in waiting
    assert "Certificate of erasure" in certificate
    assert "Matters that were emptied" in certificate
    assert CUSTOMER[-4:] not in certificate + sue.get("/floor/keeping").text


@one_database
def test_a_hold_is_placed_with_a_reason_shown_and_lifted(sue, case):
    sue.send("/floor/keeping/holds", protocol=case.protocol, reason="court order 12/26")
    shown = sue.get("/floor/keeping").text
    sue.send(f"/floor/keeping/holds/{case.protocol}/lift")

    assert "court order 12/26" in shown
    assert "No hold stands." in sue.get("/floor/keeping").text


@one_database
@pytest.mark.parametrize(
    ("path", "form", "status"),
    [
        ("histories", {"protocol": "2600000000"}, 404),
        ("erasures", {"phone": "teapot"}, 422),
        ("holds", {"protocol": "2612345679", "reason": " "}, 422),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(sue, session, case, path, form, status):
    answer = sue.send(f"/floor/keeping/{path}", **form)

    assert answer.status_code == status
    assert 'role="alert"' in answer.text
    assert session.scalars(sa.select(DataRequest)).all() == []


@one_database
def test_the_rules_stand_there_per_hotline_with_verdict_evidence_and_law(sue, runtime):
    page = sue.get("/floor/rules").text

    assert page.count("first-menu") == len(list(runtime.hotlines))
    assert "in the first menu 1 opens a complaint" in page
    assert "Decreto 11.034/2022, art. 5" in page
    assert "refuted" not in page
    assert "unconfirmed" in page


@one_database
def test_every_flow_is_drawn(sue, runtime):
    answers = [sue.get(f"/floor/rules/{flow}.svg") for flow in runtime.board.present.flows.entries]

    assert {(answer.status_code, answer.mimetype) for answer in answers} == {(200, "image/svg+xml")}
    assert sue.get("/floor/rules/nothing.svg").status_code == 404


@one_database
def test_agents_see_neither(ada):
    assert [ada.get(path).status_code for path in ("/floor/keeping", "/floor/rules")] == [403, 403]
