from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import combinations, permutations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.promising.shedding import Job, fewest_late, service_order, shed

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)


def at(minutes: float) -> datetime:
    return NINE + timedelta(minutes=minutes)


def job(id_: int, due: float, minutes: float, *, release: float = 0, safety: bool = False) -> Job:
    return Job(id_, at(release), at(due), minutes * 60, safety)


def late_in_order(order, machines: int) -> list[Job]:
    """Serve in this order, each by whoever is free first; gives those that are over too late."""
    free_at = [NINE] * machines
    late = []
    for each in order:
        free_at.sort()
        free_at[0] = max(free_at[0], each.release) + timedelta(seconds=each.seconds)
        if free_at[0] > each.due:
            late.append(each)
    return late


def fewest_by_trial(jobs, machines: int) -> int:
    """Every order of all jobs: some order of service is the best of all schedules."""
    return min((len(late_in_order(order, machines)) for order in permutations(jobs)), default=0)


def fewest_with_safety(jobs) -> int | None:
    """The fewest late jobs on one machine when no safety matter is late; None if that cannot be."""
    for count in range(len(jobs) + 1):
        for given_up in combinations([each for each in jobs if not each.safety], count):
            kept = sorted((each for each in jobs if each not in given_up), key=lambda each: each.due)
            if not late_in_order(kept, 1):
                return count
    return None


ANY_LENGTH, NO, AT_ONCE = st.integers(1, 8), st.just(False), st.just(0)


@st.composite
def some_jobs(draw, most: int = 6, lengths=ANY_LENGTH, safety=NO, release=AT_ONCE):
    count = draw(st.integers(0, most))
    return [
        job(id_, draw(st.integers(0, 24)), draw(lengths), release=draw(release), safety=draw(safety))
        for id_ in range(count)
    ]


@given(some_jobs())
def test_on_one_machine_nothing_keeps_more(jobs):
    assert len(shed(jobs, 1, NINE).late) == fewest_by_trial(jobs, 1) == fewest_late(jobs, 1, NINE)


@given(some_jobs(most=7, safety=st.booleans()))
def test_on_one_machine_safety_matters_are_in_time_and_nothing_then_keeps_more(jobs):
    best = fewest_with_safety(jobs)
    result = shed(jobs, 1, NINE)

    late_safety = [each for each in jobs if each.safety and each.id in result.late]
    assert best is None or (len(result.late) == best and not late_safety)


@given(some_jobs(lengths=st.just(5)), st.integers(1, 3))
def test_on_several_machines_with_jobs_of_equal_length_nothing_keeps_more(jobs, machines):
    assert len(shed(jobs, machines, NINE).late) == fewest_by_trial(jobs, machines)


@given(some_jobs(most=5), st.integers(1, 3))
def test_on_several_machines_the_bound_is_below_every_schedule(jobs, machines):
    assert fewest_late(jobs, machines, NINE) <= fewest_by_trial(jobs, machines) <= len(shed(jobs, machines, NINE).late)


@given(some_jobs(most=12, safety=st.booleans(), release=st.integers(0, 9)), st.integers(1, 4))
def test_what_is_said_to_be_kept_is_over_in_time_and_everybody_is_served(jobs, machines):
    result = shed(jobs, machines, NINE)
    by_id = {each.id: each for each in jobs}

    running = [each for each in jobs if each.id in result.kept or each.safety]
    late = late_in_order(sorted(running, key=lambda each: (each.due, each.seconds, each.id)), machines)
    assert {each.id for each in late} == {id_ for id_ in result.late if by_id[id_].safety}
    assert sorted(result.kept + result.late) == sorted(by_id) == sorted(service_order(jobs, result))


@given(some_jobs(most=20), st.integers(1, 4))
def test_never_more_are_late_than_when_all_are_served_by_deadline(jobs, machines):
    by_deadline = sorted(jobs, key=lambda each: (each.due, each.id))

    assert len(shed(jobs, machines, NINE).late) <= len(late_in_order(by_deadline, machines))


def test_one_long_job_is_given_up_for_several_short_ones():
    result = shed([job(1, due=60, minutes=60), *(job(id_, due=61, minutes=20) for id_ in (2, 3, 4))], 1, NINE)

    assert result.late == [1]
    assert sorted(result.kept) == [2, 3, 4]


def test_a_safety_matter_is_kept_at_the_cost_of_others():
    result = shed(
        [job(1, due=10, minutes=10), job(2, due=12, minutes=2), job(3, due=12, minutes=12, safety=True)], 1, NINE
    )

    assert result.kept == [3]
    assert result.late == [1, 2]


def test_nobody_is_given_up_for_a_safety_matter_that_cannot_be_saved():
    jobs = [job(1, due=5, minutes=5), job(2, due=8, minutes=30, safety=True), job(3, due=99, minutes=5)]
    result = shed(jobs, 1, NINE)

    assert result.kept == [1, 3]
    assert result.late == [2]
    assert service_order(jobs, result) == [2, 1, 3]


def test_with_nobody_there_everything_is_late():
    assert shed([job(1, due=99, minutes=1)], 0, NINE).late == [1]


@pytest.mark.parametrize("machines", [1, 20])
def test_of_five_thousand_promises_those_that_cannot_be_kept_are_found(machines):
    dice = Random(7)
    jobs = [job(id_, due=dice.uniform(0, 900 / machines * 20), minutes=10) for id_ in range(5_000)]

    result = shed(jobs, machines, NINE)

    assert len(result.late) > 1_000
