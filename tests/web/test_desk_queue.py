"""The queue: least slack first, who holds what, and what is left."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from app.models.promise import Promise
from app.models.staff import Staff
from tests.web.make import PROTOCOLS, make_attempt, make_case, make_promise

one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def promises(session, runtime):
    """Three promises: one in time, one whose tries no longer fit, one late."""
    now, vault = runtime.clock.now(), runtime.vault
    made = [
        make_promise(
            session,
            vault,
            make_case(session, vault, now, protocol=protocol, key=protocol),
            now - timedelta(hours=4),
            due_at=now + timedelta(minutes=due),
            latest_start_at=now + timedelta(minutes=start),
            phone=f"+4930231250{number:02d}",
        )
        for number, (protocol, due, start) in enumerate(
            [(PROTOCOLS[0], 134, 60), (PROTOCOLS[1], 20, -5), (PROTOCOLS[2], -12, -60)], 10
        )
    ]
    session.commit()
    return made


def rows(page):
    return [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", row)) for row in re.findall(r"<li class=.*?</li>", page, re.S)]


def test_late_ones_come_first_and_each_says_what_is_left(ada, promises):
    late, due, on_time = rows(ada.get("/desk/").text)

    assert "12 min late" in late
    assert "call now" in due
    assert "2 h 14 min" in on_time
    assert "by today 12:14" in on_time
    assert "try 1 of 3" in on_time


@one_database
def test_the_customers_zone_stands_beside_ours_where_it_differs(ada, session, runtime):
    case = make_case(session, runtime.vault, runtime.clock.now())
    make_promise(session, runtime.vault, case, runtime.clock.now(), phone="+442079460123")
    session.commit()

    (row,) = rows(ada.get("/desk/").text)

    assert "by today 15:00" in row
    assert "in the customer’s zone 14:00" in row


def test_ada_takes_a_promise_and_ben_learns_who_was_faster(as_, promises, session, staff):
    taken = as_("Ada").send(f"/desk/promises/{promises[0].id}/claim")
    lost = as_("Ben").send(f"/desk/promises/{promises[0].id}/claim")

    session.expire_all()
    assert (taken.status_code, lost.status_code) == (303, 409)
    assert "Ada was faster" in lost.text
    assert session.get(Promise, promises[0].id).owner_id == staff["Ada"].id


@one_database
def test_ada_gives_back_what_she_took_and_nobody_else_can(as_, promises, session):
    ada, ben = as_("Ada"), as_("Ben")
    ada.send(f"/desk/promises/{promises[0].id}/claim")
    not_his = ben.send(f"/desk/promises/{promises[0].id}/release")
    hers = ada.send(f"/desk/promises/{promises[0].id}/release")

    session.expire_all()
    assert (not_his.status_code, hers.status_code) == (409, 303)
    assert session.get(Promise, promises[0].id).owner_id is None


@one_database
def test_mine_shows_only_what_ada_took_but_the_rest_is_one_click_away(ada, promises):
    ada.send(f"/desk/promises/{promises[0].id}/claim")
    page = ada.get("/desk/?show=mine").text

    assert len(rows(page)) == 1
    assert 'href="/desk/"' in page


@one_database
def test_an_ended_promise_cannot_be_taken(ada, promises, session):
    session.get(Promise, promises[0].id).status = "kept"
    session.commit()

    assert "has ended meanwhile" in ada.send(f"/desk/promises/{promises[0].id}/claim").text


@one_database
def test_who_is_being_rung_stands_beside_the_promise(ada, promises, session, staff):
    ben = session.get(Staff, staff["Ben"].id)
    make_attempt(session, ben, promises[0], promises[0].made_at, stage="dialled", ended_at=None, result=None)
    session.commit()

    assert "Ben rings the customer" in "".join(rows(ada.get("/desk/").text))


def test_ada_goes_away_and_comes_back(ada, session, staff, clock):
    ada.send("/desk/presence", available="no")
    session.expire_all()
    away = session.get(Staff, staff["Ada"].id).available
    session.expire_all()
    clock.advance(minutes=5)
    ada.send("/desk/presence", available="yes")
    session.expire_all()
    back = session.get(Staff, staff["Ada"].id)

    assert (away, back.available, back.free_since) == (False, True, clock.now())


@one_database
def test_who_has_no_telephone_cannot_take_calls(sue):
    answer = sue.send("/desk/presence", available="yes")

    assert answer.status_code == 422
    assert "ask a supervisor" in answer.text


@one_database
def test_an_empty_queue_says_why(ada):
    assert "No promise is open" in ada.get("/desk/").text


@one_database
def test_words_of_the_customer_are_never_taken_for_markup(ada, session, runtime):
    nasty = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
    facts = {"matter.product": nasty, "matter.narrative": nasty, "complainant.name": nasty}
    case = make_case(session, runtime.vault, runtime.clock.now(), facts)
    make_promise(session, runtime.vault, case, runtime.clock.now())
    session.commit()

    for path in ("/desk/", "/desk/cases", f"/desk/cases/{case.protocol}", f"/desk/cases/{case.protocol}/wrap-up"):
        page = ada.get(path).text
        assert "&lt;script&gt;" in page
        assert "<script>alert" not in page
        assert "<img" not in page
