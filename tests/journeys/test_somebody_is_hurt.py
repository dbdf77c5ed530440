"""Somebody was hurt or is in danger: highest severity, a human at once at any hour, else a sooner promise."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.cli.virtual_office import utc
from app.settings import Settings
from tests.journeys.cast import ADA, BEN, CEM, CORA, complain_and_hang_up, press_all
from tests.journeys.stage import Stage, absent, heard_by, is_in_order

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
