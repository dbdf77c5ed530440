"""Figures equal the log for the same filter, bar by bar; days have 23, 24 or 25 hours; periods are compared fairly."""

from __future__ import annotations

import csv
import html
import io
import random
import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from app.analytics.call_log import LogFilter
from app.analytics.figures import before_of, volumes
from app.domain.periods import NAMED, month_of, week_of, year_of
from app.models.call_log import LogChange, LoggedCall, Rings
from app.models.journal import end_promise
from app.services.enter_calls import enter_calls
from tests.web.make import make_attempt, make_call, make_case, make_promise

BERLIN = ZoneInfo("Europe/Berlin")
OUTCOMES = ("talked", "promised", "gave_up", "opened", "told", "hung_up")


def log_call(session, vault, at, number, dice, **but):
    call = make_call(session, vault, at, key=f"call-{number:04}")
    outcome = dice.choice(OUTCOMES)
    promised = outcome == "promised"
    values = {
        "call_key": call.key, "network_id": call.network_id, "started_at": at, "channel": "phone",
        "hotline": dice.choice(("haushalt", "sac")), "language": dice.choice(("de", "bs")),
        "caller_index": dice.choice((None, "n1", "n2")), "seconds": 60, "outcome": outcome,
        "node": dice.choice(("main.choose", "complaint.story")), "hung_up": outcome in ("gave_up", "hung_up"),
        "kind": dice.choice((None, "complaint", "recall")),
        "promise": dice.choice(("kept", "kept_late", "broken", "open")) if promised else None,
        "promise_due_at": at if promised else None, "promise_cause": "no_agent" if promised else None,
        "promise_minutes": None, "promise_rings": None,
        "staff_id": None, "is_recorded": dice.random() < 0.5,
        "waited_seconds": dice.randrange(50) if outcome in ("talked", "gave_up") else None,
        "is_repeat": dice.random() < 0.3, "satisfaction": dice.choice((None, 1, 2, 3, 4, 5)),
    }  # fmt: skip
    if values["promise"] in ("kept", "kept_late", "broken"):
        values["promise_minutes"] = dice.randrange(1, 300) * (-1 if values["promise"] == "kept" else 1)
        values["promise_rings"] = dice.choice(tuple(Rings))
    session.add(LoggedCall(**{**values, **but}))


@pytest.fixture
def calls(session, runtime):
    """Two hundred calls over sixty days, up to now and a little beyond midnight."""
    dice, now = random.Random(7), runtime.clock.now()
    for number in range(200):
        log_call(session, runtime.vault, now - timedelta(hours=dice.randrange(24 * 60)), number, dice)
    session.execute(sa.delete(LogChange))
    session.commit()


def total(page):
    found = re.search(r'<p class="sum">[^<]*(?:<a [^>]*>)?<span class="figure">([\d,]+)</span>', page)
    return int(found[1].replace(",", "")) if found else 0


@pytest.mark.parametrize("query", ["range=30_days", "range=today", "range=last_month&language=bs&hotline=sac"])
def test_every_bar_of_every_figure_is_what_the_log_says_behind_its_link(sue, calls, query):
    page = sue.get(f"/floor/figures?{query}").text
    rows = re.findall(
        r'<th scope="row"><a href="([^"]+)">[^<]*</a></th>\s*<td class="figure right">([\d,]+)</td>', page
    )
    log = sue.get(f"/floor/calls?{query}").text

    assert total(page) == total(log)
    if query != "range=today":
        assert len(rows) > 25
    wrong = []
    for link, number in rows:
        said = total(sue.get(html.unescape(link)).text)
        if said != int(number.replace(",", "")):
            wrong.append((link, number, said))
    assert wrong == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_bars_of_a_whole_add_up_to_it(sue, calls):
    page = sue.get("/floor/figures?range=30_days").text
    for name in ("volumes", "outcomes", "languages"):
        rows = list(csv.DictReader(io.StringIO(sue.get(f"/floor/figures/{name}.csv?range=30_days").text, newline="")))
        assert sum(int(row["calls"]) for row in rows) == total(page)
        assert {row["zone"] for row in rows} == {"Europe/Berlin"}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_service_level_leaves_out_who_gave_up_at_once(sue, session, runtime):
    dice, at = random.Random(1), runtime.clock.now() - timedelta(hours=1)
    for number, (outcome, waited) in enumerate(
        [("talked", 20), ("talked", 20), ("talked", 21), ("gave_up", 20), ("gave_up", 90), ("promised", 5)]
    ):
        log_call(session, runtime.vault, at, number, dice, outcome=outcome, waited_seconds=waited)
    session.commit()

    assert "50.0 %" in sue.get("/floor/figures?range=today").text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25), ("2026-03-30", 24)])
def test_the_day_at_which_clocks_change_has_its_own_number_of_hours(session, runtime, day, hours):
    since, until = NAMED["today"](date.fromisoformat(day)).instants(BERLIN)
    dice = random.Random(1)
    for hour in range(-1, hours + 1):
        log_call(session, runtime.vault, since + timedelta(hours=hour, minutes=30), hour + 1, dice)
    session.commit()
    figure = volumes(session, LogFilter(since, until), BERLIN, now=until)

    assert [bar.calls for bar in figure.bars] == [1] * hours


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_lateness_and_rings_are_those_of_the_promises_themselves(sue, session, staff, runtime):
    """Ten promises with one to four rings; the page tells what their rows in the ledger tell."""
    made, vault = runtime.clock.now() - timedelta(hours=8), runtime.vault
    ends = [
        ("kept", -90, 1), ("kept", -30, 1), ("kept", -20, 2), ("kept", 0, 4), ("kept", -60, 0),
        ("kept_late", 15, 3), ("kept_late", 120, 2), ("broken", 180, 1), ("unreachable", 10, 3), ("withdrawn", -9, 1),
    ]  # fmt: skip
    for number, (end, minutes, rings) in enumerate(ends):
        call = make_call(session, vault, made, key=f"call-{number:04}")
        case = make_case(session, vault, made, protocol=f"{number:010}", call_key=call.key, source_id=f"{number}")
        promise = make_promise(session, vault, case, made, call_key=call.key)
        for ring in range(rings):
            is_last = ring == rings - 1 and end in ("kept", "kept_late")
            at = made + timedelta(minutes=ring)
            make_attempt(
                session, staff["Ada"], promise, at, key=f"try-{number}-{ring}", network_id=None,
                bridged_at=at if is_last else None, result="connected" if is_last else "no_answer",
            )  # fmt: skip
        end_promise(session, vault, promise, end, "clock", promise.due_at + timedelta(minutes=minutes, seconds=-5))
    session.commit()
    enter_calls(runtime.database, vault)

    def rows(name):
        file = sue.get(f"/floor/figures/{name}.csv?range=today").text
        return {row["what"]: row for row in csv.DictReader(io.StringIO(file, newline=""))}

    rings = {what: int(row["calls"]) for what, row in rows("rings").items()}
    assert rings == {"one": 2, "two": 2, "three": 1, "more than three": 1, "nobody answered": 2}
    late = {
        what: [int(row["calls"]), *(int(row[f"p{each}_minutes"]) for each in (50, 90, 99))]
        for what, row in rows("lateness").items()
    }
    assert late == {
        "kept": [5, -31, -1, -1], "kept late": [2, 15, 120, 120], "broken": [1, 180, 180, 180]
    }  # fmt: skip
    assert "25.0 %" in sue.get("/floor/figures?range=today").text  # of eight who were rung two answered the first ring


def test_a_period_is_compared_with_the_one_before_and_one_under_way_with_as_much_of_it():
    now = datetime(2026, 3, 18, 9, tzinfo=UTC)  # a Wednesday

    def before(name):
        period = NAMED[name](now.date())
        compared = before_of(LogFilter(*period.instants(BERLIN)), period, BERLIN, now=now)
        return compared.before.since.astimezone(BERLIN), compared.before.until.astimezone(BERLIN)

    assert before("last_month") == (
        datetime(2026, 1, 1, tzinfo=BERLIN), datetime(2026, 2, 1, tzinfo=BERLIN)
    )  # fmt: skip
    assert before("this_week") == (
        datetime(2026, 3, 9, tzinfo=BERLIN), datetime(2026, 3, 11, 10, tzinfo=BERLIN)
    )  # fmt: skip
    assert before("last_year")[0].year == 2024
    assert before_of(LogFilter(), None, BERLIN, now=now).before is None


def test_months_weeks_and_years_follow_one_another_without_a_gap():
    for of in (month_of, week_of, year_of):
        period = of(date(2026, 3, 1))
        assert period.first <= date(2026, 3, 1) < period.after
        assert of(period.after).first == period.after
        assert period.before() == of(period.first - timedelta(days=1))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("path", ["/floor/figures?range=never", "/floor/figures?wait=long"])
def test_what_cannot_be_shown_is_named(sue, path):
    assert sue.get(path).status_code == 422
    assert sue.get("/floor/figures/nonsense.csv").status_code == 404
