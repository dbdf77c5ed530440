"""Many cases are changed at once: foreseen, counted exactly, partly refused, taken back within ten seconds."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from app.models.case import Case
from app.models.deed import Deed
from app.models.promise import Promise
from app.models.records import open_record
from tests.web.make import PROTOCOLS, make_case, make_promise

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def three(runtime, staff):
    """Three cases; the last is Ben's already, and of the first Ada holds the promise."""
    now = runtime.clock.now()
    with runtime.database.sessions.begin() as session:
        cases = [make_case(session, runtime.vault, now, protocol=protocol) for protocol in PROTOCOLS]
        make_promise(session, runtime.vault, cases[0], now, owner_id=staff["Ada"].id)
        cases[2].owner_id = staff["Ben"].id


def choose(sue, **form):
    data = {"csrf_token": sue.token(), "case": list(PROTOCOLS), **form}
    return sue.browser.post("/desk/cases/many", data=data)


def change(sue, **form):
    """As people do: look, then press the button that was shown."""
    page = choose(sue, do="foresee", **form).text
    key, foreseen = (re.search(rf'name="{name}" value="([^"]*)"', page)[1] for name in ("key", "foreseen"))
    return page, choose(sue, do="change", key=key, foreseen=foreseen, **form)


def owners(session):
    session.expire_all()
    return [
        *session.scalars(sa.select(Case.owner_id).order_by(Case.id)),
        session.scalars(sa.select(Promise.owner_id)).one(),
    ]


def test_many_are_handed_over_counted_and_taken_back(sue, ada, three, session, staff, clock):
    ben, ada_id = staff["Ben"].id, staff["Ada"].id
    form = {"kind": "hand_over", "to": str(ben), "text": "Ada is away"}
    assert 'name="case"' in sue.get("/desk/cases").text
    assert 'name="case"' not in ada.get("/desk/cases").text
    page, answer = change(sue, **form)
    result = answer.headers["Location"]

    assert "This would be changed: 2 of 3" in page
    assert "Ben owns this case already" in page
    assert owners(session) == [ben, ben, ben, ben]
    told = sue.get(result).text
    assert "Changed: 2" in told
    assert "Left as they are: 1" in told
    key = session.scalars(sa.select(Deed.key)).one()
    assert choose(sue, do="change", key=key, foreseen=f"hand_over|{ben}|Ada is away", **form).status_code == 303
    assert ada.send(f"{result}/undo").status_code == 409

    assert sue.send(f"{result}/undo", next=result).headers["Location"] == result
    assert owners(session) == [None, None, ben, ada_id]
    assert "It was taken back" in sue.get(result).text
    assert sue.send(f"{result}/undo").status_code == 409


def test_what_somebody_changed_since_stays_and_after_ten_seconds_nothing_is_taken_back(
    sue, three, session, runtime, clock
):
    _, answer = change(sue, kind="matter.product", text="toaster")
    first = session.scalars(sa.select(Case).where(Case.protocol == PROTOCOLS[0])).one()
    sue.send(f"/desk/cases/{first.protocol}/facts", field="matter.product", text="iron", seen="toaster")
    undone = sue.send(f"{answer.headers['Location']}/undo", next=answer.headers["Location"])

    session.expire_all()
    cases = session.scalars(sa.select(Case).order_by(Case.id)).all()
    assert [open_record(runtime.vault, case).matter.product for case in cases] == ["iron", "kettle", "kettle"]
    assert "somebody has changed it since" in sue.get(undone.headers["Location"]).text
    _, again = change(sue, kind="matter.product", text="toaster")
    clock.advance(seconds=16)
    assert sue.send(f"{again.headers['Location']}/undo").status_code == 409


def test_nothing_is_changed_that_was_not_foreseen_or_cannot_be(sue, ada, three, session, staff):
    ben = str(staff["Ben"].id)
    assert (
        "See what it would do" in choose(sue, do="change", kind="matter.product", text="x", key="k", foreseen="").text
    )
    assert choose(sue, do="foresee", kind="hand_over", to=ben, text=" ").status_code == 422
    assert choose(sue, do="foresee", kind="hand_over", to="999", text="why").status_code == 422
    assert choose(sue, do="foresee", kind="matter.narrative", text="x").status_code == 422
    assert choose(sue, case=[]).status_code == 422
    assert "Chosen: 3" in choose(sue, case=[], all="yes", query="kind=complaint").text
    assert choose(sue, case=[], all="yes", query="kind=recall").status_code == 422
    assert ada.send("/desk/cases/many", case=PROTOCOLS[0]).status_code == 403
    assert session.scalars(sa.select(Deed)).all() == []


def test_one_case_handed_over_can_be_taken_back_where_it_stands(ada, three, session, staff):
    place = f"/desk/cases/{PROTOCOLS[0]}"
    answer = ada.send(f"{place}/hand-over", to=str(staff["Ben"].id), reason="knows kettles")
    page = ada.get(answer.headers["Location"]).text
    undo = re.search(r'action="([^"]+/undo)"', page)[1]
    ada.send(undo, next=place)

    assert owners(session)[0] is None
    assert owners(session)[3] == staff["Ada"].id
    assert "took the handing over back" in ada.get(place).text
