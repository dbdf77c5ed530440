"""Which day a caller means who keys or says the day a contract shall end on."""

from __future__ import annotations

from datetime import date

import pytest

from app.services.choose_end import read_day

TODAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("said", "language", "day"),
    [
        ("3006", "de", "2026-06-30"),
        ("0101", "de", "2027-01-01"),
        ("0203", "en", "2027-03-02"),  # today is no later end; in a year it is
        ("300626", "pt-BR", "2026-06-30"),
        ("30062026", "bs", "2026-06-30"),
        ("am 30. Juni", "de", "2026-06-30"),
        ("30 June", "en", "2026-06-30"),
        ("30 de junho", "pt-BR", "2026-06-30"),
        ("30.6.", "de", "2026-06-30"),
        ("2902", "de", None),  # no such day within a year
        ("3102", "de", None),
        ("13", "de", None),
        ("nächste Woche", "de", None),
        ("Juni", "de", None),
    ],
)
def test_a_day_is_the_next_one_of_that_name_within_a_year(said: str, language: str, day: str | None) -> None:
    assert read_day(said, language, TODAY) == (date.fromisoformat(day) if day else None)
