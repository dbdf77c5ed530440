"""Who did what, and who looked at whom: written beside the deed, before the look, and by nobody to be changed."""

from __future__ import annotations

import csv
import io
import re

import pytest
import sqlalchemy as sa

from app.models.audit import AuditEntry, details_of_entry
from app.models.staff import Staff
from app.services.passwords import set_password
from app.web.trail import NO_DEEDS, SHOWS_NOBODY, TRIES
from tests.web.make import PROTOCOLS, make_case
from tests.web.test_admin_staff import sends

FULL = sa.text("CREATE TRIGGER full BEFORE INSERT ON audit_entries BEGIN SELECT RAISE(ABORT, 'full'); END")
one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def case(session, runtime):
    made = make_case(session, runtime.vault, runtime.clock.now())
    session.commit()
    return made


def entries(session, runtime, **wanted):
    session.expire_all()
    rows = session.scalars(sa.select(AuditEntry).filter_by(**wanted).order_by(AuditEntry.id)).all()
    return [(row, details_of_entry(runtime.vault, row)) for row in rows]


def test_a_change_is_written_with_what_was_before_and_after_and_from_where(as_, session, runtime, staff):
    form = {"name": "Ada", "role": "agent", "phone": "+493023125001", "languages": ["de"], "authority": "20"}
    max_ = as_("Max")
    sends(max_, f"/admin/staff/{staff['Ada'].id}", **form)
    ((row, details),) = entries(session, runtime, action="admin.person", view=None)

    assert (row.staff_id, row.subject) == (staff["Max"].id, f"/admin/staff/{staff['Ada'].id}")
    assert details["from"][0] == "127.0.0.1"
    assert details["changes"] == [
        {
            "what": f"staff {staff['Ada'].id}",
            "columns": {"languages": [["en", "de"], ["de"]], "authority_cents": [None, 2000]},
        }
    ]


@one_database
def test_neither_a_deed_nor_its_entry_is_there_without_the_other(as_, session, runtime, staff):
    max_ = as_("Max")
    max_.token()
    max_.get("/desk/cases")
    session.execute(FULL)
    session.commit()
    answer = sends(max_, f"/admin/staff/{staff['Ada'].id}/disable")
    session.expire_all()

    assert answer.status_code == 500
    assert session.get(Staff, staff["Ada"].id).disabled_at is None


@one_database
def test_what_cannot_be_written_down_is_not_shown(ada, session, case):
    session.execute(FULL)
    session.commit()

    assert ada.get(f"/desk/cases/{PROTOCOLS[0]}").status_code == 500


def test_a_look_at_a_case_is_written_once_in_a_quarter_of_an_hour(ada, session, runtime, case, clock, staff):
    for _ in range(3):
        ada.get(f"/desk/cases/{PROTOCOLS[0]}")
        clock.advance(minutes=5)
    clock.advance(minutes=1)
    ada.get(f"/desk/cases/{PROTOCOLS[0]}")

    looks = [row for row, _ in entries(session, runtime, action="desk.case")]
    assert [(row.staff_id, row.subject, row.view is None) for row in looks] == [
        (staff["Ada"].id, f"/desk/cases/{PROTOCOLS[0]}", False)
    ] * 2


@one_database
def test_a_number_that_was_looked_for_stands_nowhere_in_it(ada, session, runtime):
    ada.get("/desk/cases?q=%2B493023125042")
    ((row, details),) = entries(session, runtime, action="desk.cases")

    assert "3023125042" not in f"{row.subject} {row.view} {details}"
    assert details["asked"] == ["q"]


@one_database
def test_who_asks_for_what_they_may_not_have_is_written_down(ada, session, runtime, staff):
    ada.get("/floor/promises")
    ((row, details),) = entries(session, runtime, action="floor.promises")

    assert (row.staff_id, details["refused"]) == (staff["Ada"].id, True)


@one_database
def test_every_login_is_in_it(otto, session, runtime, staff):
    set_password(session, session.get(Staff, staff["Ada"].id), "four words nobody expects", wall_now=runtime.wall.now())
    session.commit()
    otto.send("/desk/login", email="ada@office.example", password="something else")
    otto.send("/desk/login", email="ada@office.example", password="four words nobody expects")

    assert [row.staff_id for row, _ in entries(session, runtime, action="desk.login")] == [staff["Ada"].id]


@pytest.mark.parametrize("verb", ["UPDATE audit_entries SET subject = 'x'", "DELETE FROM audit_entries"])
def test_the_database_itself_refuses_to_change_it(ada, session, runtime, verb):
    ada.get("/desk/cases")

    with pytest.raises(sa.exc.DBAPIError, match="append-only"):
        session.execute(sa.text(verb))
    session.rollback()


@one_database
def test_pages_that_are_not_in_it_are_named_and_exist(web):
    known = {rule.endpoint for rule in web.url_map.iter_rules()}

    assert sorted((SHOWS_NOBODY | NO_DEEDS | TRIES) - known) == []


@one_database
def test_max_filters_it_and_takes_the_filter_away_as_a_file_without_formulas(as_, ada, case, session, runtime):
    ada.browser.get(f"/desk/cases/{PROTOCOLS[0]}", headers={"User-Agent": "=cmd|' /C calc'!A0"})
    max_ = as_("Max")
    sends(max_, "/admin/staff/1/disable")
    deeds = max_.get("/admin/audit?kind=deeds").text
    about = max_.get("/admin/audit?about=26 1234 5679&who=1")
    table = re.search(r"<tbody>(.*)</tbody>", deeds, re.DOTALL)[1]
    rows = list(csv.DictReader(io.StringIO(max_.get("/admin/audit.csv?kind=looks&who=1").text)))

    assert "admin.disable" in table
    assert "desk.case" not in table
    assert about.status_code == 200
    assert rows[0]["subject"] == f"/desk/cases/{PROTOCOLS[0]}"
    assert rows[0]["browser"].startswith("'=cmd")


@one_database
@pytest.mark.parametrize("query", ["who=x", "since=yesterday", "until=0001-01-01", "who=99999999999"])
def test_a_filter_that_means_nothing_is_refused(as_, query):
    assert as_("Max").get(f"/admin/audit?{query}").status_code == 422
