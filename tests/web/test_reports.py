"""Reports of weeks and years (T18, T19), made once by the clock; measures and whether they show (T18, B6)."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from app.analytics.effects import chance_of
from app.analytics.report import build_report
from app.models.call_log import LoggedCall
from app.models.measure import Measure, Report
from app.services.enter_calls import enter_calls
from app.services.make_reports import make_reports
from tests.web.make import make_call, make_case

one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def protocol(number):
    return f"{number:010d}"


def complaints(runtime, at, products, first=1):
    with runtime.database.sessions.begin() as session:
        for number, product in enumerate(products, first):
            call = make_call(session, runtime.vault, at, key=f"call-{number:04}")
            facts = {"matter.product": product} if product else {"matter.product": "?"}
            make_case(
                session, runtime.vault, at, facts, protocol=protocol(number), call_key=call.key,
                source_id=f"call-{number:04}",
            )  # fmt: skip
    enter_calls(runtime.database, runtime.vault)


def reports_of(runtime):
    zone = next(iter(runtime.hotlines)).zone
    now = runtime.clock.now()

    def compose(period):
        return build_report(runtime.database, runtime.vault, period, zone, now=now)

    return make_reports(runtime.database, zone, compose, now=now)


def test_an_hour_after_the_week_its_report_is_made_once_and_tells_what_recurs(as_, runtime):
    now = runtime.clock.now()  # Monday 10:00 in Berlin
    complaints(runtime, now, ["Kettle", "kettle", "KETTLE", "Toaster of Mrs Smith", None])
    with runtime.database.sessions.begin() as session:
        for number, score in ((1, 5), (2, 4), (3, 2)):  # of three customers whose complaint was closed
            session.execute(
                sa.update(LoggedCall).where(LoggedCall.call_key == f"call-{number:04}").values(satisfaction=score)
            )
    assert reports_of(runtime) == 0
    runtime.clock.advance(days=6, hours=14, minutes=30)  # Monday 00:30
    assert reports_of(runtime) == 0
    runtime.clock.advance(hours=1)
    assert [reports_of(runtime), reports_of(runtime)] == [1, 0]

    sue = as_("Sue")
    assert "Week from March 2, 2026" in sue.get("/floor/reports").text
    page = sue.get("/floor/reports/1").text
    assert "kettle" in page
    assert "Smith" not in page  # what one customer said is in no report
    content = json.loads(sue.get("/floor/reports/1.json").text)
    assert {"part": "recurring", "what": "kettle", "number": 3, "before": 0} in content
    rows = list(csv.DictReader(io.StringIO(sue.get("/floor/reports/1.csv").text, newline="")))
    assert {"part": "cases by kind", "what": "complaint", "number": "5", "before": "0"} in rows
    assert {"part": "calls", "what": "calls", "number": "5", "before": "0"} in rows
    assert {"part": "satisfaction", "what": "4", "number": "1", "before": "0"} in rows
    assert "66.7 %" in page
    assert "very satisfied" in page
    assert sue.get("/floor/reports/1.exe").status_code == 404


@one_database
def test_what_the_meeting_learned_is_written_into_the_report(as_, runtime):
    complaints(runtime, runtime.clock.now(), ["Kettle"])
    runtime.clock.advance(days=8)
    reports_of(runtime)
    sue = as_("Sue")
    assert "Still to be written at the meeting." in sue.get("/floor/reports/1").text
    sue.send("/floor/reports/1/learned", learned="Lids must be tried before they leave.")

    page = sue.get("/floor/reports/1").text
    assert "Lids must be tried before they leave." in page
    assert "Sue" in page
    assert sue.send("/floor/reports/1/learned", learned=" ").status_code == 422
    assert sue.send("/floor/reports/7/learned", learned="x").status_code == 404


@one_database
def test_weeks_that_were_missed_and_the_year_are_made_up_and_none_before_the_office_began(runtime):
    complaints(runtime, runtime.clock.now(), ["Kettle"])
    runtime.clock.advance(days=304)  # 31 December 2026
    assert reports_of(runtime) == 8
    runtime.clock.advance(days=2)
    assert reports_of(runtime) == 1

    with runtime.database.reads() as session:
        found = session.execute(sa.select(Report.span, Report.first_on).order_by(Report.first_on)).all()
    assert found[0] == ("year", date(2026, 1, 1))
    assert found[-1] == ("week", date(2026, 12, 21))


def test_a_measure_shows_complaints_before_it_and_since_per_week_and_per_thousand_calls(as_, staff, runtime):
    now = runtime.clock.now()
    for week in range(12):
        at = now - timedelta(days=7 * (12 - week) - 1)
        complaints(runtime, at, ["Kettle lid", "Kettle", "Toaster"], first=1 + 3 * week)
    runtime.clock.advance(days=28)
    complaints(runtime, now + timedelta(days=3), ["Kettle lid", "Toaster"], first=100)
    sue = as_("Sue")
    taken = sue.send(
        "/floor/measures", what="New lids", owner=str(staff["Ben"].id), kind="complaint", words="Kettle",
        from_on="2026-03-02", hotline="",
    )  # fmt: skip
    assert taken.status_code == 303
    page = sue.get("/floor/measures").text

    assert "New lids" in page
    assert "Ben" in page
    for told in (">24<", ">2.0<", ">0.2<", "-88 %", "hardly by chance"):
        assert told in page
    sue.send("/floor/measures/1/close", lesson="The hinge was too weak.")
    assert "The hinge was too weak." in sue.get("/floor/measures").text
    assert sue.send("/floor/measures/1/close", lesson="I know better.").status_code == 409


@one_database
@pytest.mark.parametrize(
    "wrong", [{"what": " "}, {"owner": "99"}, {"owner": "x"}, {"kind": "teapot"}, {"from_on": "soon"}]
)
def test_a_measure_that_says_too_little_is_refused_and_nothing_is_lost(sue, staff, runtime, wrong):
    form = {"what": "New lids", "owner": str(staff["Ben"].id), "kind": "complaint", "from_on": "2026-03-02"}
    answer = sue.send("/floor/measures", **{**form, **wrong})

    assert answer.status_code == 422
    assert wrong.get("what") or "New lids" in answer.text
    with runtime.database.reads() as session:
        assert session.scalars(sa.select(Measure)).all() == []


def test_chance_is_that_of_two_rates_being_equal():
    assert chance_of(10, 10, 10, 10) == pytest.approx(1.0)
    assert chance_of(0, 12, 0, 3) == 1.0
    assert chance_of(8, 1, 2, 1) == pytest.approx(2 * (1 + 10 + 45) / 1024)
    assert chance_of(90_000, 12, 60_000, 12) < 1e-9
