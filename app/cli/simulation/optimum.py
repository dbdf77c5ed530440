"""How many promises any schedule at all must have broken: true lower bounds, of three kinds.

For all of them the agents of a hotline are one that is as fast as all of them together, who may stop and go on, and
speaks every language; the agents' seconds are those that there were. Every step only makes it easier than it is for the
office, so that no schedule can undercut the numbers. They may be lower than what can really be reached.

* **By windows**, after Moore and Hodgson: a promise is a job with the agents' seconds that were really spent on it,
  known beforehand. On the axis of the agents' seconds Moore and Hodgson give the fewest late jobs of those whose whole
  time, from release to deadline, lies within a window, as if all of them could be begun at the window's beginning.
  Windows that do not overlap hold different jobs, so their numbers add up.
* **By a flow**, with the hours in which each customer may be called, see `app.cli.simulation.flow_bound`. The greater
  of the two is `fewest_broken`: the fewest of somebody who knows beforehand how long everybody will talk.
* **Without foresight**: nobody knows that. Of a schedule that decides without knowing, every conversation that it holds
  in time costs the average on average, whatever it decides by (Möhring, Schulz and Uetz 1999), and so do the rings in
  vain, as each ring is answered with the same chance. So the same flow, with the average for each job, bounds what such
  an office must expect; by chance a single day may lie below.

Source:
    J. M. Moore, "An n job, one machine sequencing algorithm for minimizing the number of late jobs", Management
    Science 15 (1968), with Hodgson's simplification. R. H. Möhring, A. S. Schulz, M. Uetz, "Approximation in stochastic
    scheduling: the power of LP-based priority policies", Journal of the ACM 46 (1999).
"""

from __future__ import annotations

import heapq
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from app.cli.simulation.facts import AttemptFact, Facts, PromiseFact
from app.cli.simulation.flow_bound import Staffed, Windowed, fewest_late_by_flow
from app.promising.overload import united

_SERVED: Final = ("kept", "kept_late", "broken")
"""Ends that took, or ought to have taken, an agent's time by the deadline; who could not be reached may be rung later,
and the others did without a call."""

_STEP: Final = 1_800.0  # agents' seconds between the beginnings of windows that are tried
_LONGEST: Final = 14 * 3_600.0  # of a window, in seconds of each agent
_OVERTIME: Final = timedelta(minutes=15)  # no attempt of a simulation takes longer
_DEFAULT_SECONDS: Final = 300.0
_GRAIN: Final = 900.0  # of the flow


class Job(NamedTuple):
    """A promise on the axis of the agents' seconds."""

    release: float
    due: float  # it must be over by then
    seconds: float


def fewest_broken(facts: Facts, hotline: str, *, live_first: bool) -> int:
    """A number of late promises of a hotline that no schedule of the agents who were there can undercut.

    Urgent promises are left out, since they may be kept outside the opening hours too.

    Args:
        live_first: the agents serve those who wait on the telephone when they really did, and promises in the time
            that is left, as the office must; False: all of their time is for promises.
    """
    promises, agents = _promises(facts, hotline), facts.agents[hotline]
    if not agents:
        return len(promises)
    axis = _axis(facts, hotline, live_first=live_first)
    usual = sorted(fact.busy_seconds for fact in promises if fact.busy_seconds > 0) or [_DEFAULT_SECONDS]
    taken = [(fact, fact.busy_seconds or usual[len(usual) // 2]) for fact in promises if not fact.urgent]
    jobs = [_job(fact, axis, agents, seconds) for fact, seconds in taken]
    by_windows = fewest_late_in_windows(jobs, _STEP, _LONGEST * agents)
    windowed = [_windowed(fact, seconds, seconds) for fact, seconds in taken]
    return max(by_windows, fewest_late_by_flow(windowed, axis.staffed(), _GRAIN))


def fewest_expected(facts: Facts, hotline: str) -> int:
    """The late promises that an office must expect at least which does not know how long anybody will talk.

    Live callers go first, as they must.
    """
    promises, agents = _promises(facts, hotline), facts.agents[hotline]
    if not agents:
        return len(promises)
    rings = [fact for fact in facts.attempts if fact.hotline == hotline and fact.rang and not fact.is_live]
    lengths = [(fact.ended_at - fact.started_at).total_seconds() for fact in rings]
    spoken = sum(fact.result == "connected" for fact in rings)
    usual = sum(lengths) / spoken if spoken else _DEFAULT_SECONDS
    longest = max(lengths, default=_DEFAULT_SECONDS)
    windowed = [_windowed(fact, usual, longest) for fact in promises if not fact.urgent]
    return fewest_late_by_flow(windowed, _axis(facts, hotline, live_first=True).staffed(), _GRAIN)


def _promises(facts: Facts, hotline: str) -> list[PromiseFact]:
    return [fact for fact in facts.promises if fact.hotline == hotline and fact.status in _SERVED]


def _axis(facts: Facts, hotline: str, *, live_first: bool) -> Axis:
    live = [fact for fact in facts.attempts if fact.hotline == hotline and fact.is_live] if live_first else []
    return Axis(facts.open_spans[hotline], facts.agents[hotline], live)


def _windowed(fact: PromiseFact, seconds: float, longest: float) -> Windowed:
    """The job may go on after each stretch of lawful hours for as long as a conversation begun in it can last."""
    hours = fact.hours if fact.hours is not None else ((max(fact.made_at, fact.release), fact.due_at),)
    return Windowed(seconds, united([(start.timestamp(), end.timestamp() + longest) for start, end in hours]))


class Axis:
    """From the clock's time to the seconds that all agents have been there until then, less what live callers took."""

    def __init__(
        self, spans: Sequence[tuple[datetime, datetime]], agents: int, live: Sequence[AttemptFact] = ()
    ) -> None:
        """Sum up the opening hours, `agents` times, and what conversations begun in them may take longer."""
        spans = [(start, end + _OVERTIME) for start, end in spans]
        steps = [(at.timestamp(), sign * agents) for span in spans for at, sign in zip(span, (1, -1), strict=True)]
        for fact in live:
            inside = _inside(spans, fact.started_at, fact.ended_at)
            if inside is not None:
                steps += [(inside[0], -1), (inside[1], 1)]
        self._at: list[float] = []
        self._sums: list[float] = []
        self._rates: list[float] = []
        rate, total, before = 0.0, 0.0, 0.0
        for at, change in sorted(steps):
            total += max(0.0, rate) * (at - before) if self._at else 0.0
            rate, before = rate + change, at
            self._at.append(at)
            self._sums.append(total)
            self._rates.append(max(0.0, rate))

    def staffed(self) -> list[Staffed]:
        """The same as stretches of time with so many agents each."""
        ends = zip(self._at, self._at[1:], self._rates, strict=False)
        return [Staffed(start, end, round(rate)) for start, end, rate in ends if start < end]

    def seconds(self, at: datetime) -> float:
        """How many seconds of agents there have been until `at`."""
        place = bisect_right(self._at, at.timestamp()) - 1
        if place < 0:
            return 0.0
        return self._sums[place] + self._rates[place] * (at.timestamp() - self._at[place])


def _inside(spans: Sequence[tuple[datetime, datetime]], start: datetime, end: datetime) -> tuple[float, float] | None:
    for opens, closes in spans:
        if opens < end and start < closes:
            return max(opens, start).timestamp(), min(closes, end).timestamp()
    return None


def _job(fact: PromiseFact, axis: Axis, agents: int, seconds: float) -> Job:
    # A promise is kept once both speak: it may be over that much after the deadline, while all the others work on.
    due = axis.seconds(fact.due_at) + agents * seconds
    return Job(axis.seconds(max(fact.made_at, fact.release)), due, seconds)


def fewest_late_in_windows(jobs: Sequence[Job], step: float, longest: float) -> int:
    """The greatest sum of late jobs over windows that do not overlap.

    Args:
        step: the least distance between the beginnings of windows.
        longest: of a window.
    """
    by_due = sorted(jobs, key=lambda job: (job.due, job.seconds))
    dues = [job.due for job in by_due]
    best = [0] * (len(by_due) + 1)  # until and with the due of the place before
    begun = float("-inf")
    reached, known = 0, 0
    for start in sorted({job.release for job in jobs}):
        if start < begun + step:
            continue
        begun = start
        place = bisect_right(dues, start)
        for passed in range(known, place):
            reached = max(reached, best[passed + 1])
        known = max(known, place)
        _try_window(by_due, start, bisect_left(dues, start), bisect_right(dues, start + longest), reached, best)
    return max(best, default=0)


def _try_window(by_due: Sequence[Job], start: float, low: int, high: int, before: int, best: list[int]) -> None:
    """Moore and Hodgson from `start` on; what is late by each deadline is added to what was late `before`."""
    free_at, late = start, 0
    longest: list[float] = []
    for place in range(low, high):
        job = by_due[place]
        if job.release < start:
            continue
        heapq.heappush(longest, -job.seconds)
        free_at += job.seconds
        if free_at > job.due:
            free_at += heapq.heappop(longest)
            late += 1
        best[place + 1] = max(best[place + 1], before + late)
