"""When a customer may be rung: in opening hours, in lawful hours where they are, on no Sunday and no holiday."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from app.cli.virtual_office import utc
from app.settings import Settings
from tests.journeys.cast import ADA, CORA, complain, complain_and_hang_up
from tests.journeys.stage import Stage, absent

BERLIN = ZoneInfo("Europe/Berlin")
TOKYO = "+819012345678"
NEW_YORK = "+12125550123"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Calendars are no matter of the database; how promises are stored is told on both elsewhere."""
    return sqlite_url


@pytest.fixture
def open_at(settings: Settings) -> Iterator[Callable[[str], Stage]]:
    """Opens an office at a moment written in UTC, with Ada at work at every hour."""
    with ExitStack() as stack:

        def open_office(moment: str) -> Stage:
            office = Stage(settings, now=utc(moment))
            stack.callback(office.close)
            office.hire("Ada", ADA)
            return office

        yield open_office


def rung_at(office: Stage, number: str = CORA) -> list[datetime]:
    """When a customer's telephone rang, in Berlin's time."""
    return [line.leg.created_at.astimezone(BERLIN) for line in office.rings_at(number)]


CLOSED = {
    "Friday evening": ("2026-03-06 18:30", "morgen um", "2026-03-07 08:00"),
    "Saturday after closing": ("2026-03-07 13:00", "Montag, den 9. März", "2026-03-09 07:00"),
    "Sunday": ("2026-03-08 10:00", "morgen", "2026-03-09 07:00"),
    "the evening before Good Friday": ("2026-04-02 17:00", "4. April", "2026-04-04 07:00"),
    "Easter Sunday: Monday is a holiday": ("2026-04-05 10:00", "7. April", "2026-04-07 06:00"),
    "the Saturday before summer time": ("2026-03-28 14:00", "30. März", "2026-03-30 06:00"),
    "the Saturday before winter time": ("2026-10-24 14:00", "26. Oktober", "2026-10-26 07:00"),
    "New Year's Eve, when nobody is there": ("2026-12-30 18:00", "Samstag, den 2. Januar", "2027-01-02 08:00"),
}


@pytest.mark.parametrize(("moment", "day", "opens"), CLOSED.values(), ids=CLOSED)
def test_who_complains_when_nobody_is_there_is_told_the_next_day_and_rung_on_it(
    open_at: Callable[[str], Stage], moment: str, day: str, opens: str
) -> None:
    """T9, S1: the complaint is taken at any hour; the telephone rings in opening hours only."""
    office = open_at(moment)
    call = complain(office)
    assert day in call.last_heard
    call.hang_up()

    office.wait_until(utc(opens))
    assert rung_at(office) == []
    office.wait(minutes=15)

    assert len(rung_at(office)) == 1
    assert office.promise().status == "kept"


def test_a_retry_never_leaves_the_opening_hours(open_at: Callable[[str], Stage]) -> None:
    """Lessons 12: the last attempt of the day is followed by the first of the next."""
    office = open_at("2026-03-02 16:40")  # 17:40 in Berlin, twenty minutes before closing
    office.carrier.introduce(CORA, absent())
    complain_and_hang_up(office)
    office.wait_until(utc("2026-03-03 06:59"))
    before_closing = len(rung_at(office))
    office.wait(hours=3)

    assert all(8 <= at.hour < 18 for at in rung_at(office))
    assert 1 <= before_closing < len(rung_at(office)) == 3
    assert office.promise().status == "unreachable"


@pytest.mark.parametrize(
    ("number", "zone"), [(TOKYO, "Asia/Tokyo"), (NEW_YORK, "America/New_York")], ids=["Tokyo", "New York"]
)
def test_a_customer_abroad_is_rung_when_it_is_day_where_they_are_too(
    open_at: Callable[[str], Stage], number: str, zone: str
) -> None:
    """Lessons 25: the callee's clock counts, with its own summer time."""
    office = open_at("2026-03-02 12:30")
    complain_and_hang_up(office, number)
    office.wait(hours=40)

    (ring,) = office.rings_at(number)
    there = ring.leg.created_at.astimezone(ZoneInfo(zone))
    assert 8 <= there.hour < 21
    assert 8 <= ring.leg.created_at.astimezone(BERLIN).hour < 18
    assert office.promise().status in ("kept", "kept_late")


def test_each_attempt_carries_the_law_s_verdict(open_at: Callable[[str], Stage]) -> None:
    """The proof that it was allowed, with its source."""
    office = open_at("2026-03-02 09:00")
    complain_and_hang_up(office)
    office.wait(minutes=5)

    (attempt,) = office.attempts()
    assert attempt.verdict["allowed"] is True
    assert attempt.verdict["source"]


def test_somebody_on_the_line_with_us_is_not_rung(open_at: Callable[[str], Stage]) -> None:
    """The callback waits until the customer has hung up."""
    office = open_at("2026-03-02 09:00")
    call = complain(office)
    office.wait(seconds=15)
    assert office.attempts() == []

    call.hang_up()
    office.wait(minutes=3)
    assert len(rung_at(office)) == 1
