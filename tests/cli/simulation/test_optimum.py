"""The lower bound of late promises: never above what the best schedule reaches, and often there."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import permutations
from random import Random

from app.cli.simulation.facts import AttemptFact, Facts, PromiseFact
from app.cli.simulation.optimum import Axis, Job, fewest_broken, fewest_late_in_windows
from app.promising.shedding import Job as Owed
from app.promising.shedding import fewest_late

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
OPEN = ((NINE, NINE + timedelta(hours=8)),)


def best_by_trying_all(jobs: list[Job]) -> int:
    """The fewest late jobs on one machine that does not stop a job once begun."""
    fewest = len(jobs)
    for order in permutations(jobs):
        free_at, late = 0.0, 0
        for job in order:
            over = max(free_at, job.release) + job.seconds
            late += over > job.due
            free_at = over if over <= job.due else free_at
        fewest = min(fewest, late)
    return fewest


def test_no_schedule_of_small_days_undercuts_the_bound_and_most_reach_it() -> None:
    dice = Random(3)
    reached = 0
    for _ in range(60):
        jobs = []
        for _ in range(6):
            release = dice.uniform(0, 40)
            jobs.append(Job(release, release + dice.uniform(5, 25), dice.uniform(2, 15)))
        bound, best = fewest_late_in_windows(jobs, 0, 1e9), best_by_trying_all(jobs)
        assert bound <= best, jobs
        reached += bound == best

    assert reached > 30


def test_with_everything_released_at_once_it_is_moore_and_hodgsons_own_number() -> None:
    dice = Random(4)
    jobs = [Job(0, dice.uniform(10, 400), dice.uniform(5, 60)) for _ in range(40)]
    owed = [Owed(n, NINE, NINE + timedelta(seconds=job.due), job.seconds) for n, job in enumerate(jobs)]

    assert fewest_late_in_windows(jobs, 0, 1e9) == fewest_late(owed, 1, NINE) > 0


def promise(made: int, due: int, seconds: float, status: str = "kept") -> PromiseFact:
    made_at, due_at = NINE + made * MINUTE, NINE + due * MINUTE
    return PromiseFact("haushalt", made_at, made_at, due_at, due_at, status, None, False, 1, seconds, None)


def facts(promises: list[PromiseFact], attempts: tuple[AttemptFact, ...] = (), agents: int = 1) -> Facts:
    return Facts(tuple(promises), attempts, {"haushalt": OPEN}, {"haushalt": agents})


def test_one_agent_cannot_speak_to_ten_customers_for_half_an_hour_within_an_hour() -> None:
    ten = [promise(0, 60, 1800, "broken") for _ in range(10)]

    assert (
        fewest_broken(facts(ten), "haushalt", live_first=True) == 7
    )  # the last one begins just before the hour is over
    assert fewest_broken(facts(ten, agents=10), "haushalt", live_first=True) == 0
    assert fewest_broken(facts(ten, agents=0), "haushalt", live_first=True) == 10


def test_time_for_those_who_wait_on_the_telephone_is_no_time_for_promises() -> None:
    live = AttemptFact("haushalt", "Ada", NINE, NINE + 60 * MINUTE, True, "connected")
    two = [promise(0, 60, 1800, "broken") for _ in range(3)]

    alone = fewest_broken(facts(two, (live,)), "haushalt", live_first=False)
    first = fewest_broken(facts(two, (live,)), "haushalt", live_first=True)

    assert alone < first


def test_the_axis_counts_each_agent_for_as_long_as_the_hotline_is_open() -> None:
    axis = Axis(OPEN, 3)

    assert axis.seconds(NINE - MINUTE) == 0
    assert axis.seconds(NINE + 10 * MINUTE) == 3 * 600
    assert axis.seconds(NINE + timedelta(days=1)) == 3 * (8 * 3600 + 900)
