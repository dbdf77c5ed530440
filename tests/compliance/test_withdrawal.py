"""The right of withdrawal: how long it lasts, from when, and on which day it ends (S9)."""

from __future__ import annotations

from datetime import date

import pytest

from app.compliance.withdrawal import right_of_withdrawal


@pytest.mark.parametrize(
    ("jurisdictions", "begun_on", "last_day"),
    [
        pytest.param(["de"], "2026-03-02", "2026-03-16", id="fourteen days, the first not counted"),
        pytest.param(["eu"], "2026-03-02", "2026-03-16", id="the directive's are the same"),
        pytest.param(["br-sac"], "2026-03-02", "2026-03-09", id="seven days in Brazil"),
        pytest.param(["br-sac"], "2026-02-21", "2026-03-02", id="from a Saturday to the Monday"),
        pytest.param(["de"], "2026-03-20", "2026-04-07", id="past Good Friday and Easter Monday"),
        pytest.param(["br-sac", "de"], "2026-03-02", "2026-03-16", id="of two laws the one that protects more"),
        pytest.param(["us", "de"], "2026-03-02", "2026-03-16", id="a law without the right takes none away"),
    ],
)
def test_its_last_day(jurisdictions: list[str], begun_on: str, last_day: str) -> None:
    right = right_of_withdrawal(jurisdictions, date.fromisoformat(begun_on), today=date(2026, 3, 2))
    assert right is not None
    assert right.last_day == date.fromisoformat(last_day)


def test_it_is_open_until_the_end_of_its_last_day() -> None:
    right = right_of_withdrawal(["de"], date(2026, 3, 2), today=date(2026, 3, 2))
    assert right is not None
    assert right.is_open(date(2026, 3, 16))
    assert not right.is_open(date(2026, 3, 17))
    assert "BGB" in right.citation.text


def test_while_goods_are_to_come_it_has_no_last_day() -> None:
    """And of two such rights the longer one counts."""
    right = right_of_withdrawal(["br-sac", "de"], None, today=date(2026, 3, 2))
    assert right is not None
    assert (right.last_day, right.days) == (None, 14)
    assert right.is_open(date(2030, 1, 1))


def test_where_no_law_gives_it_there_is_none() -> None:
    assert right_of_withdrawal(["us"], date(2026, 3, 2), today=date(2026, 3, 2)) is None
