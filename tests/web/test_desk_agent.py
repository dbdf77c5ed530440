"""The agent's desk: the next promise, approvals, points, drafts, corrections, presence and how the desk is set up."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.models.approval import Approval
from app.models.case import Case
from app.models.draft import Draft
from app.models.promise import Promise
from app.models.records import open_record
from app.models.staff import Staff
from app.services.choose_agent import look_around
from tests.web.make import PROTOCOLS, make_case, make_promise

one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def case(session, runtime):
    """A complaint that demands money and asks for a refund."""
    facts = {"matter.kinds": ("dissatisfaction", "compensation"), "matter.remedy_requested": "refund"}
    made = make_case(session, runtime.vault, runtime.clock.now(), facts)
    session.commit()
    return made


@pytest.fixture
def promises(session, runtime):
    """Three promises; the first and the last one are to the same number."""
    now, vault = runtime.clock.now(), runtime.vault
    made = []
    for number, protocol in enumerate(PROTOCOLS):
        case = make_case(session, vault, now, protocol=protocol, key=protocol)
        start = now + timedelta(hours=number)
        phone = f"+4930231250{10 + number % 2}"
        made.append(make_promise(session, vault, case, now, latest_start_at=start, phone=phone))
    session.commit()
    return made


def refund(ada, case, cents="250.00", **but):
    form = {"disposition": "refund", "response": "You get it back.", "redress": cents, **but}
    return ada.send(f"/desk/cases/{case.protocol}/wrap-up", **form)


def ask(visitor, case, **but):
    form = {"disposition": "refund", "redress": "250.00", "approval_reason": "It flooded the kitchen.", **but}
    return visitor.send(f"/desk/cases/{case.protocol}/approvals", **form)


# The queue


def test_two_who_take_the_next_promise_each_get_another_one(as_, promises, session, staff):
    first, second = (as_(name).send("/desk/next") for name in ("Ada", "Ben"))

    session.expire_all()
    held = [session.get(Promise, each.id).owner_id for each in promises]
    assert (first.status_code, second.status_code) == (303, 303)
    assert held == [staff["Ada"].id, staff["Ben"].id, None]


@one_database
def test_who_asks_for_a_promise_when_none_is_left_is_told_so(ada, promises):
    answers = [ada.send("/desk/next") for _ in range(4)]

    assert [answer.status_code for answer in answers] == [303, 303, 303, 409]
    assert "no promise waits" in answers[-1].text


@one_database
def test_promises_to_one_number_stand_together(ada, promises):
    page = ada.get("/desk/").text

    assert re.findall(r'data-row="(\d+)"', page) == [str(promises[n].id) for n in (0, 2, 1)]
    assert page.count("same number") == 1


@one_database
def test_ada_chooses_what_her_lines_tell_and_it_is_remembered(ada, promises):
    form = {"show-caller": "yes", "place-caller": "1", "show-tries": "yes", "place-tries": "2", "keys": "yes"}
    ada.send("/desk/settings", **form)
    line = ada.get("/desk/").text.split('class="more', 1)[1].split("</a>", 1)[0]

    assert line.index("+49") < line.index("try 1 of 3")
    assert "German" not in line


@one_database
def test_keys_can_be_turned_off(ada):
    before = ada.get("/desk/").text
    ada.send("/desk/settings")
    after = ada.get("/desk/").text

    assert "keys.js" in before
    assert "keys.js" not in after


@one_database
def test_ada_chooses_by_what_she_is_reminded(ada, session):
    ada.send("/desk/settings", **{"keys": "yes", "by-email": "yes"})
    page = ada.get("/desk/settings").text

    assert re.search(r'name="by-email" value="yes" checked', page)
    assert not re.search(r'name="by-text" value="yes" checked', page)
    assert "an e-mail to ada@office.example" in page


# Approvals: requirement T12


def test_above_her_authority_ada_asks_and_sue_approves_and_it_counts_once(as_, case, session):
    ada, sue = as_("Ada"), as_("Sue")
    alone = refund(ada, case)
    asked = ask(ada, case, response="You get it back.")
    waits = sue.get("/floor/approvals").text
    approval = session.scalars(sa.select(Approval)).one()
    sue.send(f"/floor/approvals/{approval.id}", decision="approve")
    told = ada.get("/desk/").text
    form = ada.get(asked.headers["Location"]).text
    done = refund(ada, case)
    again = refund(ada, case)

    session.expire_all()
    assert alone.status_code == 422
    assert "is above your authority" in alone.text
    assert "It flooded the kitchen." in waits
    assert "250.00 is approved" in told
    assert "You get it back." in form  # what was typed has stayed
    assert (done.status_code, again.status_code) == (303, 422)
    assert session.scalars(sa.select(Approval.status)).one() == "used"


def test_of_two_who_decide_at_once_the_second_learns_who_was_faster(as_, case, session):
    ask(as_("Ada"), case)
    approval = session.scalars(sa.select(Approval)).one()
    first = as_("Sue").send(f"/floor/approvals/{approval.id}", decision="refuse", reason="The invoice is missing.")
    second = as_("Max").send(f"/floor/approvals/{approval.id}", decision="approve")

    session.expire_all()
    assert (first.status_code, second.status_code) == (303, 409)
    assert "Sue was faster: it is refused" in second.text
    assert "The invoice is missing." in as_("Ada").get(f"/desk/cases/{case.protocol}/wrap-up").text
    assert refund(as_("Ada"), case).status_code == 422


@one_database
def test_a_refusal_needs_a_reason_and_nobody_approves_their_own(as_, case, session):
    sue = as_("Sue")
    ask(sue, case, redress="2000.00")
    own = session.scalars(sa.select(Approval)).one()
    by_herself = sue.send(f"/floor/approvals/{own.id}", decision="approve")
    silent = as_("Max").send(f"/floor/approvals/{own.id}", decision="refuse")

    assert (by_herself.status_code, silent.status_code) == (403, 422)


@one_database
def test_a_supervisor_does_not_approve_what_is_above_her_own_authority(as_, case, session):
    ask(as_("Ada"), case, redress="2000.00")
    approval = session.scalars(sa.select(Approval)).one()

    assert as_("Sue").send(f"/floor/approvals/{approval.id}", decision="approve").status_code == 403
    assert as_("Max").send(f"/floor/approvals/{approval.id}", decision="approve").status_code == 303


@one_database
def test_an_authority_of_ones_own_goes_before_that_of_the_role(ada, case, session, staff):
    session.get(Staff, staff["Ada"].id).authority_cents = 250_00
    session.commit()

    assert refund(ada, case).status_code == 303


@one_database
def test_asking_twice_is_one_question_and_it_can_be_taken_back(ada, case, session):
    ask(ada, case)
    ask(ada, case)
    approval = session.scalars(sa.select(Approval)).one()
    ada.send(f"/desk/approvals/{approval.id}/take-back")

    session.expire_all()
    assert session.scalars(sa.select(Approval.status)).all() == ["taken_back"]


@one_database
@pytest.mark.parametrize(
    "wrong", [{"redress": "50.00"}, {"redress": ""}, {"approval_reason": " "}], ids=["own", "nothing", "no reason"]
)
def test_what_needs_no_approval_or_says_nothing_is_not_asked(ada, case, session, wrong):
    assert ask(ada, case, **wrong).status_code == 422
    assert session.scalars(sa.select(Approval)).all() == []


# Points


@one_database
def test_a_case_is_closed_when_every_point_of_it_is_answered(ada, case, session, runtime):
    ada.send(f"/desk/cases/{case.protocol}/points", point="Who pays the plumber?")
    form = {"disposition": "fixed", "response": "We mended it.", "answer:kind:compensation": "refused"}
    early = ada.send(f"/desk/cases/{case.protocol}/wrap-up", **form)
    rest = {"answer:remedy:refund": "granted", "answer:Who pays the plumber?": "explained"}
    done = ada.send(f"/desk/cases/{case.protocol}/wrap-up", **form, **rest)

    session.expire_all()
    closed = session.scalars(sa.select(Case)).one()
    assert (early.status_code, done.status_code) == (422, 303)
    assert "have no answer yet" in early.text
    assert closed.status == "closed"
    assert {point.text: point.answer for point in open_record(runtime.vault, closed).matter.points} == {
        "kind:compensation": "refused",
        "remedy:refund": "granted",
        "Who pays the plumber?": "explained",
    }


@one_database
def test_a_point_is_listed_while_the_case_is_open(ada, case, session, runtime):
    listed = [
        ada.send(f"/desk/cases/{case.protocol}/points", point=text).status_code for text in ("", "x" * 301, "Why?")
    ]

    assert listed == [422, 422, 303]
    assert "Why?" in ada.get(f"/desk/cases/{case.protocol}").text


# Drafts


def test_what_is_typed_survives_a_reload_and_a_new_login(as_, case, session):
    place = f"/desk/cases/{case.protocol}/drafts/note"
    kept = as_("Ada").send(place, note="The drum is bent.", draft_version="0")
    again = as_("Ada").get(f"/desk/cases/{case.protocol}").text
    bens = as_("Ben").get(f"/desk/cases/{case.protocol}").text

    assert kept.json == {"version": 1}
    assert "The drum is bent." in again
    assert "The drum is bent." not in bens
    assert b"drum" not in session.scalars(sa.select(Draft.typed)).one()


def test_of_two_windows_neither_overwrites_the_other(ada, case):
    place = f"/desk/cases/{case.protocol}/drafts/note"
    ada.send(place, note="first window", draft_version="0")
    other = ada.send(place, note="second window", draft_version="0")
    chosen = ada.send(place, note="second window", draft_version=str(other.json["version"]))

    assert other.status_code == 409
    assert other.json["values"] == {"note": "first window"}
    assert chosen.json == {"version": 2}


@one_database
def test_what_was_sent_is_a_draft_no_more(ada, case, session):
    ada.send(f"/desk/cases/{case.protocol}/drafts/note", note="half a thought", draft_version="0")
    ada.send(f"/desk/cases/{case.protocol}/drafts/wrap_up", response="You get", draft_version="0")
    ada.send(f"/desk/cases/{case.protocol}/notes", note="a whole thought")
    ada.send(f"/desk/cases/{case.protocol}/wrap-up", disposition="regret", response="We are sorry.")

    assert session.scalars(sa.select(Draft)).all() == []


@one_database
@pytest.mark.parametrize("place", ["elsewhere", "note"])
def test_a_draft_of_no_place_or_without_end_is_refused(ada, case, session, place):
    answer = ada.send(f"/desk/cases/{case.protocol}/drafts/{place}", note="x" * 20_001, draft_version="0")

    assert answer.status_code == 422
    assert session.scalars(sa.select(Draft)).all() == []


# Corrections


def test_a_fact_is_corrected_and_what_it_said_stays_in_the_history(ada, case, session, runtime):
    form = {"field": "matter.product", "seen": "kettle", "text": "toaster"}
    ada.send(f"/desk/cases/{case.protocol}/facts", **form)

    session.expire_all()
    assert open_record(runtime.vault, session.scalars(sa.select(Case)).one()).matter.product == "toaster"
    assert "Ada corrected “Product”: kettle → toaster" in ada.get(f"/desk/cases/{case.protocol}").text


def test_of_two_who_correct_the_same_the_second_sees_both_and_chooses(as_, case, session, runtime):
    form = {"field": "matter.product", "seen": "kettle"}
    as_("Ada").send(f"/desk/cases/{case.protocol}/facts", **form, text="toaster")
    both = as_("Ben").send(f"/desk/cases/{case.protocol}/facts", **form, text="iron")
    as_("Ben").send(f"/desk/cases/{case.protocol}/facts", field="matter.product", seen="toaster", text="iron")

    session.expire_all()
    assert both.status_code == 409
    assert "toaster" in both.text
    assert "iron" in both.text
    assert open_record(runtime.vault, session.scalars(sa.select(Case)).one()).matter.product == "iron"


@one_database
@pytest.mark.parametrize(
    ("field", "text"),
    [("outcome.redress_cents", "1"), ("matter.remedy_requested", "a pony"), ("matter.product", "x" * 5_001)],
)
def test_what_no_hand_corrects_or_does_not_fit_is_refused(ada, case, field, text):
    assert ada.send(f"/desk/cases/{case.protocol}/facts", field=field, seen="", text=text).status_code == 422


# Presence


def ready(session, now):
    session.expire_all()
    return [person.id for person in look_around(session, now=now, wall_now=now).ready]


@one_database
def test_ada_goes_for_lunch_and_everybody_sees_since_when(ada, session, staff, clock):
    ada.send("/desk/presence", available="no", reason="lunch")

    page = ada.get("/desk/").text
    assert "since 10:00" in page
    assert "lunch" in page
    assert ready(session, clock.now()) == []


@one_database
def test_who_writes_up_is_not_rung_until_the_time_is_over_or_they_say_so(ada, session, staff, clock):
    ada.send("/desk/presence", available="later")
    writing = ready(session, clock.now())
    page = ada.get("/desk/").text
    later = ready(session, clock.now() + timedelta(minutes=5))
    ada.send("/desk/presence", available="yes")

    assert (writing, later) == ([], [staff["Ada"].id])
    assert "until 10:05" in page
    assert ready(session, clock.now()) == [staff["Ada"].id]


@one_database
def test_who_types_how_it_ended_is_not_rung_meanwhile(ada, case, session, staff, clock):
    ada.send(f"/desk/cases/{case.protocol}/drafts/wrap_up", response="You get", draft_version="0")
    typing = ready(session, clock.now())
    ada.send(f"/desk/cases/{case.protocol}/wrap-up", disposition="regret", response="We are sorry.")

    assert typing == []
    assert ready(session, clock.now()) == [staff["Ada"].id]


@one_database
def test_a_reason_to_be_away_is_one_that_the_office_knows(ada):
    assert ada.send("/desk/presence", available="no", reason="<script>").status_code == 422
