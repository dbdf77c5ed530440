"""Overload: when not all can be kept, which promises are given up for now, so that the fewest break.

What is given up is not dropped: it is served after the others. A safety matter is never given up for another.

Source:
    J. M. Moore, "An n job, one machine sequencing algorithm for minimizing the number of late jobs", Management
    Science 15 (1968), with Hodgson's simplification; J. B. Sidney, "An extension of Moore's due date algorithm" (1973),
    for the jobs that must not be late.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Job:
    """One conversation that is owed."""

    id: int
    release: datetime  # not before; aware
    due: datetime  # it must be over by then; aware
    seconds: float  # from the dial to the end of the wrap-up
    safety: bool = False  # never given up


class Shed(NamedTuple):
    """What became of the jobs; each is in one of the two."""

    kept: list[int]  # over in time, in the order in which to start them
    late: list[int]  # not in time: safety matters that nobody can save any more, then those given up; by deadline


class _Work(NamedTuple):
    due: float
    release: float
    seconds: float
    job: Job


def shed(jobs: Iterable[Job], machines: int, now: datetime) -> Shed:
    """The order of service in which the fewest jobs are late.

    Exact for one machine and jobs that are all released (Moore-Hodgson; Sidney for safety). For several identical
    machines, or with jobs released later, the problem is NP-hard, and this is the greedy generalization: by deadline,
    each onto the machine that is free first; if that is too late, the longest job so far is given up if this one then
    fits, else this one. With jobs of equal length, all released, it is exact again. `fewest_late` bounds it from below.

    Cost: n log n with one machine, and also with several when all jobs are equally long; else at most n per job given
    up on top.

    Args:
        machines: how many agents work at the same time; with none, all are late.
        now: nothing starts before it.
    """
    works = _by_deadline(jobs, now)
    if machines < 1:
        return Shed([], _late(works, set()))
    if machines == 1 and all(work.release <= now.timestamp() for work in works):
        kept = _on_one(works, now.timestamp())
    else:
        kept = _on_several(works, machines, now.timestamp())
    return Shed([work.job.id for work in works if work.job.id in kept], _late(works, kept))


def fewest_late(jobs: Sequence[Job], machines: int, now: datetime) -> int:
    """A number of late jobs that no schedule can undercut.

    The machines are taken as one that is as fast as all of them together, and every job as released now; what is late
    even so is late in every schedule of `machines` machines. On one machine, with all jobs released, it is the optimum.
    """
    if machines < 1:
        return len(jobs)
    start = now.timestamp()
    alone = [job for job in jobs if max(job.release.timestamp(), start) + job.seconds <= job.due.timestamp()]
    pooled = [
        work._replace(seconds=work.seconds / machines, job=Job(work.job.id, now, work.job.due, work.seconds))
        for work in _by_deadline(alone, now)
    ]
    return len(jobs) - len(_on_one(pooled, start))


def service_order(jobs: Iterable[Job], result: Shed) -> list[int]:
    """Everybody in the order of service: safety matters by deadline, then what is kept, then what was given up."""
    safety = [job.id for job in sorted(jobs, key=lambda job: (job.due, job.id)) if job.safety]
    first = set(safety)
    return safety + [id_ for id_ in (*result.kept, *result.late) if id_ not in first]


def _by_deadline(jobs: Iterable[Job], now: datetime) -> list[_Work]:
    start = now.timestamp()
    works = [_Work(job.due.timestamp(), max(job.release.timestamp(), start), job.seconds, job) for job in jobs]
    return sorted(works, key=lambda work: (work.due, work.seconds, work.job.id))


def _late(works: Iterable[_Work], kept: set[int]) -> list[int]:
    late = [work for work in works if work.job.id not in kept]
    return [work.job.id for work in sorted(late, key=lambda work: not work.job.safety)]


def _on_one(works: Iterable[_Work], start: float) -> set[int]:
    """Moore-Hodgson: take on by deadline; when one comes too late, give up the longest so far."""
    free_at = start
    kept: set[int] = set()
    longest: list[tuple[float, int]] = []  # those that may be given up: (-seconds, id)
    for due, _, seconds, job in works:
        kept.add(job.id)
        if not job.safety:
            heapq.heappush(longest, (-seconds, job.id))
        free_at += seconds
        given_up: list[tuple[float, int]] = []
        while free_at > due and longest:
            given_up.append(heapq.heappop(longest))
            free_at += given_up[-1][0]
            if given_up[-1][1] == job.id:
                break
        if free_at > due and job.safety:  # nobody can save it: it takes its time, and nobody is given up for it
            kept.discard(job.id)
            free_at -= sum(taken for taken, _ in given_up)
            for entry in given_up:
                heapq.heappush(longest, entry)
        else:
            kept.difference_update(id_ for _, id_ in given_up)
    return kept


def _on_several(works: Iterable[_Work], machines: int, start: float) -> set[int]:
    running: list[_Work] = []  # what is to be served, by deadline
    free_at = [start] * machines
    late: set[int] = set()  # among `running`: safety matters that come too late
    for work in works:
        if _place(free_at, work):
            running.append(work)
            continue
        fitting = _without_longest(running, work, machines, start)
        if fitting is not None:
            running, free_at = fitting, _free_after(fitting, machines, start)
        elif work.job.safety:
            late.add(work.job.id)
            running.append(work)
            _place(free_at, work, anyway=True)
    return {work.job.id for work in running} - late


def _place(free_at: list[float], work: _Work, *, anyway: bool = False) -> bool:
    """Put the work onto the machine that is free first, if it is over in time there; `free_at` is a heap."""
    over = max(free_at[0], work.release) + work.seconds
    if over > work.due and not anyway:
        return False
    heapq.heapreplace(free_at, over)
    return True


def _free_after(works: Iterable[_Work], machines: int, start: float) -> list[float]:
    free_at = [start] * machines
    for work in works:
        _place(free_at, work, anyway=True)
    return free_at


def _without_longest(running: list[_Work], work: _Work, machines: int, start: float) -> list[_Work] | None:
    """What to serve so that `work` is in time: less the longest, or for a safety matter less as many as it takes.

    Leaving something out delays nobody, since everybody keeps their turn.

    Returns:
        None if that does not help.
    """
    less = list(running)
    candidates = sorted((other for other in running if not other.job.safety), key=lambda other: -other.seconds)
    for longest in candidates if work.job.safety else candidates[:1]:
        if not work.job.safety and longest.seconds <= work.seconds:
            return None
        less.remove(longest)
        if _place(_free_after(less, machines, start), work):
            return [*less, work]
    return None
