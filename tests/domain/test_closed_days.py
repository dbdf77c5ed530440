"""Why a day is not like every week, in the caller's language (T3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest

from app.domain.closed_days import SpecialDay, special_day, special_days
from tests.domain.offices import hotline

GOOD_FRIDAY = date(2026, 4, 3)


@pytest.mark.parametrize(
    ("language", "why"), [("de", "Karfreitag"), ("en", "Good Friday"), ("pt-BR", "holiday"), ("bs", "holiday")]
)
def test_a_holiday_is_named_where_its_name_is_known(language: str, why: str) -> None:
    assert special_day(hotline(country="DE", subdivision="BE"), GOOD_FRIDAY, language) == SpecialDay(
        GOOD_FRIDAY, why, ()
    )


def test_a_day_like_every_week_is_nothing_special() -> None:
    office = hotline(country="DE", subdivision="BE")

    assert special_day(office, date(2026, 4, 2), "de") is None
    assert special_day(replace(office, opening={}), GOOD_FRIDAY, "de") is None


def test_a_day_of_the_house_is_told_as_one() -> None:
    office = hotline(country="DE", subdivision="BE", closed_on=frozenset({date(2026, 4, 2)}))

    assert special_day(office, date(2026, 4, 2), "de") == SpecialDay(date(2026, 4, 2), "closed_day", ())


def test_hours_of_their_own_on_holidays_are_told() -> None:
    """S2: where a law wants humans on every day they are there, at other hours."""
    hours = ((time(10), time(18)),)
    office = hotline(country="DE", subdivision="BE", holiday_hours=hours)

    assert special_day(office, GOOD_FRIDAY, "de") == SpecialDay(GOOD_FRIDAY, "Karfreitag", hours)


def test_a_week_is_looked_ahead() -> None:
    """Seven days in the zone of the hotline: half past eleven in the evening in Berlin, and an hour later."""
    office = hotline(country="DE", subdivision="BE")
    evening, morning = datetime(2026, 3, 27, 22, 30, tzinfo=UTC), datetime(2026, 3, 27, 23, 30, tzinfo=UTC)

    assert list(special_days(office, evening, "de")) == []
    assert [each.day for each in special_days(office, morning, "de")] == [GOOD_FRIDAY]
