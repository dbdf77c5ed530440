"""What the ticks do row by row: one that fails never stops the others, a database that is away stops them all."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs

from app.services.one_by_one import one_by_one


def halve(number: int) -> int:
    if number % 2:
        raise ValueError("odd")
    return number // 2


def test_a_step_that_fails_is_told_and_the_others_are_taken() -> None:
    with capture_logs() as told:
        assert one_by_one([2, 3, 4], halve) == 3

    assert [(line["log_level"], line["row"], line["step"]) for line in told] == [("error", "3", "halve")]


def test_when_the_database_is_away_the_rest_waits() -> None:
    taken: list[int] = []

    def step(number: int) -> int:
        taken.append(number)
        raise sa.exc.OperationalError("", {}, Exception("away"))

    with pytest.raises(sa.exc.OperationalError):
        one_by_one([1, 2], step)
    assert taken == [1]


def test_whoever_is_told_to_stop_begins_no_further_step() -> None:
    answers = iter([True, False])

    assert one_by_one([2, 4, 6], halve, lambda: next(answers)) == 1
