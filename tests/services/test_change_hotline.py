"""Hours changed by page: held against the law, against what is promised, and against who else changes them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from app.domain.business_hours import is_open, opening_hours_on
from app.domain.errors import Conflict, Invalid
from app.models.hotline_change import DAY, WEEK, version_of_changes
from app.models.reminder import Forewarning
from app.services.change_hotline import Change, ChangedMeanwhile, Unlawful, change_hours, preview, withdraw_change
from app.services.hotlines_in_force import HotlinesInForce
from app.services.repromise import forewarn
from tests.web.make import make_case, make_promise, make_staff

MONDAY = date(2026, 3, 9)
DAILY = {"mon-fri": "08:00-20:00", "sat-sun": "09:00-18:00"}


@pytest.fixture
def people(runtime):
    with runtime.database.sessions.begin() as session:
        return [make_staff(session, name, "admin", runtime.wall.now()).id for name in ("Max", "Mia")]


def changes(runtime, change, by, name="haushalt", seen=None, version=None):
    """Put it into force as somebody who has seen what follows."""
    in_file = runtime.hotlines.in_file.named(name)
    now, wall_now = runtime.clock.now(), runtime.wall.now()
    with runtime.database.sessions.begin() as session:
        if seen is None:
            seen = preview(session, in_file, change, now=now).seen
        version = version or version_of_changes(session, name)
        return change_hours(session, in_file, change, by=by, seen=seen, version=version, now=now, wall_now=wall_now)


def test_other_hours_hold_from_their_day_on_in_every_process_and_not_before(runtime, people):
    other = HotlinesInForce(runtime.database, runtime.hotlines.in_file)  # as another process has them
    week = {"opening": {"mon-fri": "10:00-16:00"}, "staffing": [{"people": "2"}]}

    assert changes(runtime, Change(WEEK, MONDAY, None, week), people[0]) is None
    assert changes(runtime, Change(DAY, date(2026, 3, 5), date(2026, 3, 6), {"hours": []}), people[0]) is None
    other.look()

    hotline = other.named("haushalt")
    written = [[f"{a:%H:%M}" for a, _ in opening_hours_on(hotline, date(2026, 3, day))] for day in (4, 5, 6, 7, 9, 14)]
    assert written == [["08:00"], [], [], ["09:00"], ["10:00"], []]
    assert is_open(other.of("+493012345600"), runtime.clock.now())


def test_a_change_after_which_too_few_hours_are_left_is_refused_with_rule_and_law(runtime, people):
    sunday_off = {"opening": {"mon-fri": "08:00-20:00", "sat": "09:00-18:00"}, "holidays": "09:00-18:00"}
    monday = {"people": "1", "hours": {"mon": "08:00-20:00"}}
    nobody_early = {"opening": DAILY, "holidays": "09:00-18:00", "staffing": [monday]}
    day_off = Change(DAY, date(2026, 3, 11), None, {"hours": ["09:00-16:00"]})

    for change in (Change(WEEK, MONDAY, None, sunday_off), Change(WEEK, MONDAY, None, nobody_early), day_off):
        with pytest.raises(Unlawful) as refused:
            changes(runtime, change, people[0], "sac")
        assert "8 are asked for" in refused.value.evidence
        assert "11.034" in refused.value.grounds[0].text
    assert changes(runtime, Change(DAY, date(2026, 3, 11), None, {"hours": ["09:00-17:00"]}), people[0], "sac") is None


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (Change(DAY, date(2026, 3, 1), None, {"hours": []}), "from"),
        (Change(DAY, MONDAY, MONDAY - timedelta(days=1), {"hours": []}), "last"),
        (Change(DAY, MONDAY, date(2026, 9, 1), {"hours": []}), "last"),
        (Change(WEEK, date(2028, 1, 1), None, {"opening": DAILY}), "from"),
        (Change(DAY, MONDAY, None, {"hours": ["late"]}), "hours"),
        (
            Change(WEEK, MONDAY, None, {"opening": {"mon": "08:00-18:00"}, "urgent_hours": {"mon": "17:00-19:00"}}),
            "hours",
        ),
    ],
    ids=["past", "backwards", "too-long", "too-far", "no-hours", "urgent-overlaps"],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_cannot_be_is_told_by_its_field(runtime, people, change, field):
    with pytest.raises(Invalid) as invalid:
        changes(runtime, change, people[0])

    assert invalid.value.field == field


def test_of_two_who_change_the_same_hours_the_second_is_told_who_was_first(runtime, people):
    max_, mia = people
    with runtime.database.reads() as session:
        both_saw = version_of_changes(session, "haushalt")
    changes(runtime, Change(DAY, MONDAY, None, {"hours": []}), mia)

    with pytest.raises(ChangedMeanwhile) as lost:
        changes(runtime, Change(DAY, MONDAY, None, {"hours": ["08:00-12:00"]}), max_, version=both_saw)
    assert lost.value.name == "Mia"


def test_what_was_not_shown_is_shown_first_and_a_change_that_has_not_begun_can_be_taken_back(runtime, people):
    in_file = runtime.hotlines.in_file.named("haushalt")
    closed = Change(DAY, MONDAY, None, {"hours": []})

    found = changes(runtime, closed, people[0], seen="-")
    assert found.nobody_on == (MONDAY,)
    assert changes(runtime, closed, people[0], seen=found.seen) is None
    runtime.hotlines.look()
    assert opening_hours_on(runtime.hotlines.named("haushalt"), MONDAY) == ()

    told = {"by": people[1], "now": runtime.clock.now(), "wall_now": runtime.wall.now()}
    with runtime.database.sessions.begin() as session:
        assert withdraw_change(session, in_file, 1, seen="/", version=(1, 0), **told) is None
    runtime.hotlines.look()
    assert runtime.hotlines.named("haushalt") == in_file
    with pytest.raises(Conflict, match="withdrawn already"), runtime.database.sessions.begin() as session:
        withdraw_change(session, in_file, 1, seen="/", version=(1, 1), **told)


def test_promises_that_lose_their_place_are_listed_before_and_their_customers_are_told_after(runtime, people):
    now = runtime.clock.now()
    closing = Change(DAY, now.date(), None, {"hours": ["08:00-10:00"]})  # it is ten in Berlin
    with runtime.database.sessions.begin() as session:
        make_staff(session, "Ada", "agent", now, phone="+493023125001", available=True)
        for number, minutes in enumerate((90, 26 * 60)):
            case = make_case(session, runtime.vault, now, protocol=f"26000000{number:02d}")
            number = {"phone": f"+491511234500{number}", "due_at": now + timedelta(minutes=minutes)}
            make_promise(session, runtime.vault, case, now - timedelta(hours=4), **number)

    found = changes(runtime, closing, people[0], seen="-")
    assert found.endangered == (1,)
    assert forewarn(runtime.board, now=now, wall_now=now) == 0

    changes(runtime, closing, people[0], seen=found.seen)
    runtime.hotlines.look()
    assert forewarn(runtime.board, now=now, wall_now=now) == 1
    with runtime.database.reads() as session:
        assert session.scalars(sa.select(Forewarning.promise_id)).all() == [1]
