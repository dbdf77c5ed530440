"""Who is called when, if not all who are owed a call can have it in time: a plan that keeps the most of them.

Every conversation takes one place: a slot as long as conversations are on average, at a team of agents who can hold it,
at an hour at which the hotline is staffed and the law lets that customer be called. So what counts is not how near a
deadline is but how much lawful time is left before it: nights, and the hours in which one customer may not be called
though others may. The places are given as in `app.promising.plan`, which moves those who have one when that makes room
for one more: with slots of one length no order of service keeps more.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Hashable, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from app.promising.plan import Plan, Row, Window

Hours: TypeAlias = Sequence[tuple[float, float]]  # from and to, in order, in seconds since 1970


class Call(NamedTuple):
    """A call that is owed; moments in seconds since 1970."""

    id: int
    key: tuple[float, ...]  # who goes first as far as there is a choice
    last: float  # the customer must be rung by then
    seconds: float  # from the ring to the end of the wrap-up, on average
    hours: Hashable  # when the customer may be called: the name of the hours
    teams: tuple[int, ...]  # who can hold the conversation
    safety: bool = False  # never given up for another
    first: float = 0.0  # the customer is not to be rung before
    told: bool = False  # that it may be late, and has not agreed to another time


class Places(NamedTuple):
    """Who is there when, and which customers may be called when."""

    staffed: Hours  # from now on
    agents: Sequence[int]  # by team
    hours: Mapping[Hashable, Hours]


class Order(NamedTuple):
    """In which order to call; each is in one of the two."""

    kept: list[int]
    late: list[int]  # given up for now, to be called after the others


def order_of(calls: Sequence[Call], places: Places) -> Order:
    """The order of calls in which the most are in time.

    Safety matters get their places first, then those who were told and have not agreed to another time, since the
    others can still be asked. Who cannot be placed is called last, the nearest by `key` first. Of those who could be
    given up the longer conversations are, since more shorter ones fit into their time.
    """
    if not calls:
        return Order([], [])
    length = sum(call.seconds for call in calls) / len(calls)
    planned = _Planned(places, length, max(call.last for call in calls))
    first = sorted(calls, key=lambda call: (not call.safety, call.key))
    late = planned.put(first)
    if late and len({(call.told, call.seconds) for call in calls}) > 1:
        planned = _Planned(places, length, max(call.last for call in calls))
        late = planned.put(sorted(first, key=lambda call: (not call.safety, not call.told, call.seconds)))
        kept = [call for call in first if call.id not in late]
        planned = _Planned(places, length, max(call.last for call in calls))
        planned.put(kept)
    kept_ids = [call.id for call in first if call.id not in late]
    return Order(sorted(kept_ids, key=planned.slot_of.__getitem__), [call.id for call in first if call.id in late])


def united(hours: Hours) -> tuple[tuple[float, float], ...]:
    """All of the hours in order, those that overlap or adjoin made one."""
    made: list[tuple[float, float]] = []
    for start, end in sorted(hours):
        if made and start <= made[-1][1]:
            made[-1] = (made[-1][0], max(made[-1][1], end))
        else:
            made.append((start, end))
    return tuple(made)


def in_common(first: Hours, second: Hours) -> Hours:
    """What two rows of hours, each in order, have in common."""
    made: list[tuple[float, float]] = []
    one = other = 0
    while one < len(first) and other < len(second):
        start, end = max(first[one][0], second[other][0]), min(first[one][1], second[other][1])
        if start < end:
            made.append((start, end))
        if first[one][1] <= second[other][1]:
            one += 1
        else:
            other += 1
    return made


class _Planned:
    """A plan of slots of one length."""

    def __init__(self, places: Places, length: float, until: float) -> None:
        self.slot_of: dict[int, int] = {}
        self._places = places
        self._starts: list[float] = []
        for start, end in places.staffed:
            at = start
            while at < min(end, until + 1):
                self._starts.append(at)
                at += length
        self._plan = Plan([agents for _ in self._starts for agents in places.agents])
        self._rows: dict[tuple[Hashable, tuple[int, ...]], Row] = {}

    def put(self, calls: Sequence[Call]) -> set[int]:
        """Give each a place if it can have one; gives those who cannot."""
        late: set[int] = set()
        numbers: dict[int, int] = {}
        for call in calls:
            number = self._plan.put(self._window(call))
            if number is None:
                late.add(call.id)
            else:
                numbers[call.id] = number
        width = len(self._places.agents)
        self.slot_of = {id_: self._plan.place_of[number] // width for id_, number in numbers.items()}
        return late

    def _window(self, call: Call) -> Window:
        key = call.hours, call.teams
        if key not in self._rows:
            self._rows[key] = Row(self._suiting(*key))
        width = len(self._places.agents)
        first, before = bisect_left(self._starts, call.first), bisect_right(self._starts, call.last)
        return self._rows[key].window(first * width, before * width)

    def _suiting(self, hours: Hashable, teams: tuple[int, ...]) -> list[int]:
        spans, found = self._places.hours[hours], []
        width, place = len(self._places.agents), 0
        for slot, start in enumerate(self._starts):
            while place < len(spans) and spans[place][1] <= start:
                place += 1
            if place < len(spans) and spans[place][0] <= start:
                found += [slot * width + team for team in teams if self._places.agents[team]]
        return found
