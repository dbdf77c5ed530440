"""How many jobs any schedule at all must finish late, when each may be worked on at certain hours only: by a flow.

Time is cut into bins. In each bin the agents have so many seconds between them, and one job can use no more of them
than the part of the bin in which it may be worked on, since nobody works on it twice at the same moment. Whatever a
schedule does, its seconds of job by bin keep to both. What is forgotten is everything else: agents may stop and go on,
hand over, see what comes, and a job that is done by half counts as half. The most jobs that can be done in that world,
rounded down, can be undercut by no schedule of the real one, so what is missing to all of them is a true bound.

The seconds that each job can get form a polymatroid, as they do in every flow from one source, so that the greatest
number of jobs is found by serving the shortest job first, as far as it can be served without taking anything from
those before it (Edmonds 1970); that is an augmenting flow for each.

Source:
    J. Edmonds, "Submodular functions, matroids, and certain polyhedra" (1970), for the greedy rule; W. A. Horn, "Some
    simple scheduling algorithms", Naval Research Logistics Quarterly 21 (1974), for schedules with interruptions as
    flows.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

Bounds: TypeAlias = tuple[float, float]  # seconds, from and to


class Windowed(NamedTuple):
    """A job that may be worked on at certain times only."""

    seconds: float  # of an agent; more than nothing
    spans: tuple[Bounds, ...]  # in order, apart from one another


class Staffed(NamedTuple):
    """So many agents are there, from one moment to another."""

    start: float
    end: float
    agents: int


def fewest_late_by_flow(jobs: Sequence[Windowed], staffed: Sequence[Staffed], grain: float) -> int:
    """A number of late jobs that no schedule of these agents can undercut.

    Args:
        jobs: each is late unless it gets all of its seconds within its spans.
        staffed: in order, apart from one another.
        grain: the longest bin; shorter ones forget less and cost more.
    """
    flow = _Flow(staffed, grain)
    done = sum(flow.serve(job) / job.seconds for job in sorted(jobs))
    return len(jobs) - int(done + 1e-6)


class _Flow:
    """Seconds of jobs in bins, as they are given out."""

    def __init__(self, staffed: Sequence[Staffed], grain: float) -> None:
        self._starts: list[float] = []
        self._ends: list[float] = []
        self._free: list[float] = []  # by bin: seconds that nobody has yet
        for start, end, agents in staffed:
            at = start
            while at < end and agents > 0:
                self._starts.append(at)
                self._ends.append(min(at + grain, end))
                self._free.append((self._ends[-1] - at) * agents)
                at = self._ends[-1]
        self._dead = [False] * len(self._free)  # no seconds can be freed there any more
        self._room: list[dict[int, float]] = []  # by job: seconds that it could still use, by bin
        self._holders: list[dict[int, float]] = [{} for _ in self._free]  # by bin: seconds that jobs use

    def serve(self, job: Windowed) -> float:
        """Give a job as many seconds as can be had, others being moved but losing nothing."""
        number = len(self._room)
        self._room.append(self._usable(job))
        wanted = job.seconds
        while wanted > 1e-9:
            got = self._augment(number, wanted)
            if not got:
                break
            wanted -= got
        return job.seconds - wanted

    def _usable(self, job: Windowed) -> dict[int, float]:
        room: dict[int, float] = {}
        for start, end in job.spans:
            place = max(bisect_right(self._starts, start) - 1, 0)
            while place < len(self._starts) and self._starts[place] < end:
                seconds = min(end, self._ends[place]) - max(start, self._starts[place])
                if seconds > 0:
                    room[place] = room.get(place, 0.0) + seconds
                place += 1
        return room

    def _augment(self, number: int, most: float) -> float:
        """Find a way from a job to free seconds and move along it; gives how many, 0 if there is no way any more."""
        came: dict[int, int] = {}  # by bin: the job that would use it
        through: dict[int, int] = {number: -1}  # by job: the bin that it would give up
        waiting = deque([number])
        while waiting:
            each = waiting.popleft()
            for place, room in self._room[each].items():
                if room <= 1e-9 or place in came or self._dead[place]:
                    continue
                came[place] = each
                if self._free[place] > 1e-9:
                    return self._move(place, came, through, most)
                for holder, used in self._holders[place].items():
                    if used > 1e-9 and holder not in through:
                        through[holder] = place
                        waiting.append(holder)
        for place in came:
            self._dead[place] = True
        return 0.0

    def _move(self, end: int, came: dict[int, int], through: dict[int, int], most: float) -> float:
        steps: list[tuple[int, int, int]] = []  # the job, the bin that it takes, and the one that it gives up
        place, amount = end, min(most, self._free[end])
        while place >= 0:
            job = came[place]
            before = through[job]
            steps.append((job, place, before))
            amount = min(amount, self._room[job][place])
            if before >= 0:
                amount = min(amount, self._holders[before][job])
            place = before
        self._free[end] -= amount
        for job, taken, given in steps:
            self._room[job][taken] -= amount
            self._holders[taken][job] = self._holders[taken].get(job, 0.0) + amount
            if given >= 0:
                self._holders[given][job] -= amount
                self._room[job][given] += amount
        return amount
