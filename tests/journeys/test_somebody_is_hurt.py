"""Somebody was hurt or is in danger: highest severity, a human at once at any hour, else a sooner promise."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from app.cli.virtual_office import utc
from app.models.hotline_change import WEEK, version_of_changes
from app.services.change_hotline import Change, change_hours, preview
from app.settings import Settings
from tests.journeys.cast import ADA, BEN, CEM, CORA, complain_and_hang_up, press_all
from tests.journeys.stage import Stage, absent, heard_by, is_in_order
from tests.web.make import make_staff

EVENINGS_TOO = {
    "opening": {"mon-fri": "08:00-18:00", "sat": "09:00-13:00"},
    "urgent_hours": {"mon-fri": "18:00-21:00"},
}
SOMEBODY_IS_HURT = ("1", "2", "1", "#", "1", "#", "1")


@pytest.fixture
def office_at_night(settings: Settings) -> Iterator[Stage]:
    """Sunday, 23:00 in Berlin."""
    opened = Stage(settings, now=utc("2026-03-01 22:00"))
    yield opened
    opened.close()


def test_the_caller_is_told_to_stop_using_the_product_and_gets_a_human_at_once(office: Stage) -> None:
    """The danger goes before every other question."""
    office.hire("Ada", ADA)
    call = press_all(office.call(CORA), *SOMEBODY_IS_HURT)
    assert is_in_order([office.prompt("de", "danger"), office.prompt("de", "human_wait")], heard_by(call))

    office.wait(minutes=1)

    assert (office.case().severity, office.record().assessment.severity) == ("safety", "safety")
    assert office.record().matter.injury is True
    (wait,) = office.waits()
    assert (wait.urgent, wait.status) == (True, "bridged")
    assert "severity" in office.history()


def test_outside_the_opening_hours_too(office_at_night: Stage) -> None:
    """Whoever is there is rung on a Sunday night."""
    office_at_night.hire("Ada", ADA)
    press_all(office_at_night.call(CORA), *SOMEBODY_IS_HURT)
    office_at_night.wait(minutes=1)

    assert office_at_night.waits()[0].status == "bridged"


def test_who_is_in_danger_goes_before_everybody_who_waits(office: Stage) -> None:
    """S14 in small: a higher priority in the same queue."""
    office.hire("Ada", ADA, person=absent())
    office.call(CEM).press("0")
    office.wait(seconds=5)
    press_all(office.call(CORA), *SOMEBODY_IS_HURT)
    office.hire("Ben", BEN)
    office.wait(minutes=2)

    usual, urgent = office.waits()
    assert urgent.urgent
    assert usual.answered_at is not None
    assert urgent.answered_at is not None
    assert usual.joined_at < urgent.joined_at < urgent.answered_at < usual.answered_at


def test_with_nobody_there_the_promise_is_sooner_than_a_usual_one(office: Stage) -> None:
    """T9: sixty minutes instead of four hours."""
    call = press_all(office.call(CORA), *SOMEBODY_IS_HURT)
    assert office.prompt("de", "human_closed") in heard_by(call)
    call.press("1").hang_up()
    complain_and_hang_up(office, CEM)

    urgent, usual = office.promises()
    assert (urgent.urgent, usual.urgent) == (True, False)
    assert urgent.due_at < usual.due_at
    assert "11 Uhr 15" in office.spoken(urgent)


def test_at_night_with_nobody_there_it_is_the_first_hour_of_the_morning(office_at_night: Stage) -> None:
    """T9: no opening hours, lawful hours only."""
    call = press_all(office_at_night.call(CORA), *SOMEBODY_IS_HURT, "1")

    assert "morgen um 9 Uhr" in call.last_heard


def open_in_the_evening(office: Stage) -> None:
    """An administrator says that somebody is there for urgent matters."""
    now, change = office.clock.now(), Change(WEEK, date(2026, 3, 2), None, EVENINGS_TOO)
    in_file = next(each for each in office.runtime.hotlines.in_file if each.name == "haushalt")
    with office.runtime.database.sessions.begin() as session:
        by, seen = make_staff(session, "Max", "admin", now).id, preview(session, in_file, change, now=now).seen
        version = version_of_changes(session, "haushalt")
        change_hours(session, in_file, change, by=by, seen=seen, version=version, now=now, wall_now=now)
    office.runtime.hotlines.look()


def test_in_urgent_hours_who_is_in_danger_is_called_the_same_evening_and_the_others_are_not(
    settings: Settings,
) -> None:
    """S14: Monday, half past six in the evening, when somebody is there for urgent matters only."""
    office = Stage(settings, now=utc("2026-03-02 17:30"))
    open_in_the_evening(office)
    complain_and_hang_up(office, CEM)
    press_all(office.call(CORA), *SOMEBODY_IS_HURT, "1").hang_up()
    usual, urgent = office.promises()
    assert "19 Uhr 45" in office.spoken(urgent)
    assert usual.due_at > utc("2026-03-03 07:00")

    office.hire("Ada", ADA)
    office.wait(minutes=20)
    assert [each.status for each in office.promises()] == ["open", "kept"]
    assert [each.promise_id for each in office.attempts()] == [urgent.id]
    office.wait_until(utc("2026-03-03 07:30"))
    assert [each.status for each in office.promises()] == ["kept", "kept"]
    assert office.attempts()[-1].started_at >= utc("2026-03-03 07:00")
    office.close()


def test_a_hang_up_right_after_the_danger_leaves_an_urgent_promise(office: Stage) -> None:
    """T4."""
    press_all(office.call(CORA), *SOMEBODY_IS_HURT).hang_up()
    office.wait(seconds=20)

    promise = office.promise()
    assert promise.urgent
    assert "11:15 Uhr" in office.texts_to(CORA)[0]


def test_an_urgent_promise_is_dialled_before_an_older_usual_one(office: Stage) -> None:
    """Safety matters go first."""
    complain_and_hang_up(office, CEM)
    press_all(office.call(CORA), *SOMEBODY_IS_HURT, "1").hang_up()
    office.wait(minutes=1)
    office.hire("Ada", ADA)
    office.wait(minutes=5)

    first, second = office.attempts()
    usual, urgent = office.promises()
    assert (first.promise_id, second.promise_id) == (urgent.id, usual.id)
    assert {usual.status, urgent.status} == {"kept"}
