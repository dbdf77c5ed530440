"""The bound by a flow: never above what the best of all schedules reaches, whatever hours each job has."""

from __future__ import annotations

from itertools import permutations, product
from random import Random

import pytest

from app.cli.simulation.flow_bound import Bounds, Staffed, Windowed, fewest_late_by_flow

DAY = (Staffed(0, 100, 1),)


def fewest_by_trying_all(jobs: list[Windowed], agents: int, closes: float) -> int:
    """The fewest late jobs of so many agents who never stop a job once begun, by trying every order and agent."""
    fewest = len(jobs)
    for order in permutations(jobs):
        for hands in product(range(agents), repeat=len(jobs)):
            free, late = [0.0] * agents, 0
            for job, hand in zip(order, hands, strict=True):
                start = earliest(job, free[hand], closes)
                late += start is None
                free[hand] = free[hand] if start is None else start + job.seconds
            fewest = min(fewest, late)
    return fewest


def earliest(job: Windowed, since: float, closes: float) -> float | None:
    """When a job can begin, if all of it lies within one of its spans."""
    for start, end in job.spans:
        at = max(start, since)
        if at + job.seconds <= min(end, closes):
            return at
    return None


def some_spans(dice: Random) -> tuple[Bounds, ...]:
    first = dice.uniform(0, 3)
    second = first + dice.uniform(11, 14)
    spans = (first, first + dice.uniform(8, 11)), (second, second + dice.uniform(8, 11))
    return spans if spans[0][1] < second and dice.random() < 0.2 else spans[1:]


@pytest.mark.parametrize(("agents", "size", "rounds"), [(1, 6, 25), (2, 5, 20)])
def test_no_schedule_undercuts_the_bound_and_many_reach_it(agents: int, size: int, rounds: int) -> None:
    dice = Random(agents)
    reached = above_nothing = 0
    for _ in range(rounds):
        jobs = [Windowed(dice.uniform(4, 8), some_spans(dice)) for _ in range(size)]
        bound = fewest_late_by_flow(jobs, [Staffed(0, 100, agents)], 2)
        best = fewest_by_trying_all(jobs, agents, 100)
        assert bound <= best, jobs
        reached += bound == best
        above_nothing += bound > 0

    assert reached > rounds / 3
    assert above_nothing > 5


def test_who_may_be_called_for_a_quarter_of_an_hour_only_is_counted_by_that_quarter() -> None:
    seven = [Windowed(5, ((0, 0.5), (80, 95))) for _ in range(7)]

    assert fewest_late_by_flow(seven, DAY, 1) == 4
    assert fewest_late_by_flow([Windowed(5, ((0, 95),)) for _ in range(7)], DAY, 1) == 0


def test_one_job_cannot_be_shared_by_agents_at_the_same_moment() -> None:
    assert fewest_late_by_flow([Windowed(10, ((0, 6),))], [Staffed(0, 100, 3)], 100) == 1


def test_who_has_a_place_is_moved_for_one_who_has_no_other() -> None:
    flexible, only_there = Windowed(4, ((0, 10),)), Windowed(5, ((0, 5),))

    assert fewest_late_by_flow([flexible, only_there], DAY, 1) == 0


def test_with_nobody_there_or_no_hours_everything_is_late() -> None:
    assert fewest_late_by_flow([Windowed(1, ((0, 5),))], [Staffed(0, 100, 0)], 10) == 1
    assert fewest_late_by_flow([Windowed(1, ())], DAY, 10) == 1
    assert fewest_late_by_flow([], DAY, 10) == 0
