"""Three ways of calling back on a small model: what each of them costs the customers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.cli.simulation.queue_model import WAYS, Callback, serve

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
OPEN = ((NINE, NINE + timedelta(hours=8)),)


def at(minutes: float) -> datetime:
    return NINE + timedelta(minutes=minutes)


def callback(made: float, due: float, minutes: float = 10, tries: int = 1) -> Callback:
    return Callback(at(made), at(made), at(due), minutes * 60, tries, 40)


@pytest.mark.parametrize("way", WAYS)
def test_one_callback_with_an_agent_to_spare_is_kept_in_every_way(way: str) -> None:
    tally = serve(way, [callback(0, 60)], 1, OPEN)

    assert (tally.kept, tally.late, tally.lost) == (1, 0, 0)


def test_an_urgent_one_overtakes_by_slack_and_comes_too_late_by_turn() -> None:
    queue = [*(callback(0, 300) for _ in range(6)), callback(1, 25)]

    assert serve("least slack", queue, 1, OPEN).late == 0
    assert serve("first come", queue, 1, OPEN).late == 1


def test_when_not_all_can_be_kept_by_slack_the_fewest_are_late() -> None:
    queue = [callback(0, 30, 50), *(callback(0, 35 + place, 8) for place in range(4))]

    assert serve("least slack", queue, 1, OPEN).late == 1
    assert serve("first come", queue, 1, OPEN).late == 4


def test_timers_ring_customers_for_whom_nobody_is_free_and_never_again() -> None:
    tally = serve("a timer each", [callback(0, 60) for _ in range(3)], 1, OPEN)

    assert (tally.kept, tally.nobody_there, tally.lost) == (1, 2, 2)


def test_timers_die_with_their_process_and_rows_do_not() -> None:
    queue = [callback(0, 120), callback(60, 180)]

    assert serve("a timer each", queue, 1, OPEN, (at(30),)).crashed == 1
    assert serve("least slack", queue, 1, OPEN, (at(30),)).kept == 2


def test_who_does_not_answer_is_rung_again_but_not_by_a_timer() -> None:
    queue = [callback(0, 120, tries=2)]

    assert serve("first come", queue, 1, OPEN).kept == 1
    assert serve("a timer each", queue, 1, OPEN).unanswered == 1


def test_nobody_is_called_outside_the_opening_hours() -> None:
    next_day = (NINE + timedelta(days=1), NINE + timedelta(days=1, hours=8))

    tally = serve("least slack", [callback(479, 490, 5), callback(481, 600, 5)], 1, (*OPEN, next_day))

    assert (tally.kept, tally.late) == (1, 1)
