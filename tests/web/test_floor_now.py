"""The live floor: who is on the line, who waits, who is there, and what is in danger."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.models.call import Wait
from app.models.staff import Staff
from tests.web.make import make_attempt, make_call, make_case, make_promise
from tests.web.test_api import append_turn

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_an_empty_floor_says_so(sue):
    page = sue.get("/floor/").text

    assert "Nobody is on the line." in page
    assert "Nobody waits." in page


def test_the_floor_tells_who_speaks_who_waits_and_who_is_free(sue, session, runtime, staff):
    now, vault = runtime.clock.now(), runtime.vault
    lasting = {"settled_at": None, "ended_at": None, "status": "in-progress", "seconds": None}
    speaks = make_call(session, vault, now - timedelta(minutes=7), key="call-speaks", **lasting)
    waits = make_call(session, vault, now - timedelta(minutes=3), key="call-waits", **lasting)
    make_call(session, vault, now - timedelta(hours=9), key="call-over")
    values = {"hotline": "haushalt", "language": "bs", "queue": "q", "joined_at": now - timedelta(minutes=2)}
    session.add(Wait(call_key=speaks.key, urgent=False, status="bridged", answered_at=now, **values))
    session.add(Wait(call_key=waits.key, urgent=True, status="waiting", **values))
    session.flush()
    make_attempt(session, staff["Ada"], None, now, wait_key=speaks.key, stage="bridged", ended_at=None, result=None)
    session.get_one(Staff, staff["Ben"].id).available = True
    sue_too = session.get_one(Staff, staff["Sue"].id)
    sue_too.available = sue_too.rings_softphone = True  # without a number, and her page is closed
    session.commit()
    append_turn(runtime, waits.key, {}, now)
    page = sue.get("/floor/").text

    assert "speaks with Ada" in page
    assert "complaint.story" in page
    assert "urgent" in page
    assert "2 min" in page
    assert page.count('href="/floor/calls/CA') == 3  # two calls, one of them in the queue
    assert "is talking" in page
    assert page.count("</svg> free</span>") == 1
    assert page.count("</svg> cannot be rung</span>") == 1

    session.get_one(Staff, staff["Sue"].id).softphone_until = runtime.wall.now() + timedelta(minutes=1)
    session.get_one(Staff, staff["Sue"].id).softphone_name = "sue"
    session.commit()
    page = sue.get("/floor/").text
    assert (page.count("</svg> free</span>"), "cannot be rung" in page) == (2, False)


def test_a_promise_in_danger_is_saved_from_the_floor_and_leads_back_to_it(sue, session, runtime, staff):
    now = runtime.clock.now()
    case = make_case(session, runtime.vault, now)
    promise = make_promise(session, runtime.vault, case, now, latest_start_at=now - timedelta(minutes=1))
    session.commit()

    assert "Have Ada call now" in sue.get("/floor/").text
    saved = sue.send(f"/floor/promises/{promise.id}/rescue", staff=str(staff["Ada"].id), next="/floor/")
    assert (saved.status_code, saved.headers["Location"]) == (303, "/floor/")


def test_agents_do_not_see_the_floor(ada):
    assert ada.get("/floor/").status_code == 403
