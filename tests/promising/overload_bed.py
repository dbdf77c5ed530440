"""A small world in which callbacks are served: agents, opening hours, zones, customers who do not always answer.

No database and no telephone, so that hundreds of overloads are lived through in seconds. An order of service is put to
the test in it; what no schedule could have kept is counted by `app.cli.simulation.flow_bound` on the same callbacks.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Sequence
from random import Random
from typing import Final, NamedTuple

from app.cli.simulation.flow_bound import Staffed, Windowed, fewest_late_by_flow
from app.promising.overload import Call, Order, Places, united

HOUR: Final = 3600.0
DAY: Final = 24 * HOUR
OPEN: Final = (8 * HOUR, 18 * HOUR)
DAYS: Final = 3
RING: Final = 40.0  # of an agent, for each ring in vain, and before both speak
USUAL: Final = 300.0
LEAD: Final = 4 * HOUR
ATTEMPTS: Final = 3
SPACING: Final = 20 * 60.0


class Customer(NamedTuple):
    """Somebody who is owed a call."""

    made: float
    due: float
    hours: tuple[tuple[float, float], ...]  # open and lawful, in order
    seconds: float  # from the first word on
    tries: int  # they answer the so-manieth ring


class World(NamedTuple):
    """A few days of a hotline."""

    agents: int
    customers: tuple[Customer, ...]


def world(seed: int, *, agents: int, load: float, zones: Sequence[float] = (0.0,), rush: bool = False) -> World:
    """A day of calls for so many agents, whose work is `load` times what they can do.

    Args:
        zones: how many hours later the customers' lawful hours begin and end; drawn for each.
        rush: half of the calls come within one hour.
    """
    dice = Random(seed)
    number = round(load * agents * (OPEN[1] - OPEN[0]) / (USUAL + RING * 1.5))
    customers = []
    for _ in range(number):
        made = OPEN[0] + (dice.uniform(1, 2) if rush and dice.random() < 0.5 else dice.uniform(0, 10)) * HOUR
        zone = dice.choice(zones) * HOUR
        hours = tuple(
            (max(opens, lawful), min(closes, lawful_end))
            for day in range(DAYS)
            for opens, closes in [(day * DAY + OPEN[0], day * DAY + OPEN[1])]
            for lawful, lawful_end in [(day * DAY + 8 * HOUR + zone, day * DAY + 20 * HOUR + zone)]
            if max(opens, lawful) < min(closes, lawful_end)
        )
        due = _due(made, hours)
        tries = 1 + (dice.random() > 0.66) + (dice.random() > 0.66)
        customers.append(Customer(made, due, hours, dice.uniform(0.4, 1.6) * USUAL, tries))
    return World(agents, tuple(sorted(customers)))


def _due(made: float, hours: Sequence[tuple[float, float]]) -> float:
    """The first quarter that leaves the lead in opening hours and, in lawful ones, time for every attempt."""
    open_ = [(day * DAY + OPEN[0], day * DAY + OPEN[1]) for day in range(DAYS)]
    at = max(after(open_, made, LEAD), after(hours, made, (ATTEMPTS - 1) * SPACING + 600))
    at = -(-at // 900) * 900
    while not any(start < at <= end for start, end in hours):
        at += 900
    return at


def after(spans: Sequence[tuple[float, float]], since: float, length: float) -> float:
    """When so much of the spans has passed."""
    for start, end in spans:
        start = max(start, since)
        if end <= start:
            continue
        if end - start >= length:
            return start + length
        length -= end - start
    raise ValueError("the days are over")


def latest_start(customer: Customer, attempts: int, now: float) -> float:
    """When the remaining attempts must begin so that all fit, in lawful hours."""
    left = (attempts - 1) * SPACING + 600
    first = None
    for start, end in reversed([(max(start, now), end) for start, end in customer.hours if start < customer.due]):
        end = min(end, customer.due)
        if end <= start:
            continue
        if end - start >= left:
            return end - left
        left -= end - start
        first = start
    return first if first is not None else customer.due - left


def bound(world_: World, grain: float = 300.0) -> int:
    """The fewest that any schedule lets be late."""
    jobs = []
    for each in world_.customers:
        hours = [(max(start, each.made), min(end, each.due - RING)) for start, end in each.hours]
        spans = united([(start, end + RING + each.seconds) for start, end in hours if start < end])
        jobs.append(Windowed(RING * each.tries + each.seconds, spans))
    longest = max(job.seconds for job in jobs)  # begun before the hotline closes
    staffed = [Staffed(day * DAY + OPEN[0], day * DAY + OPEN[1] + longest, world_.agents) for day in range(DAYS)]
    return fewest_late_by_flow(jobs, staffed, grain)


Rule = Callable[[Sequence[Call], Places], Order]


def late(world_: World, rule: Rule) -> int:
    """How many are late when a rule says who is next."""
    customers = world_.customers
    ready = [(max(each.made, first(each.hours, each.made)), place, 1) for place, each in enumerate(customers)]
    heapq.heapify(ready)
    waiting: dict[int, int] = {}
    missed = 0
    for day in range(DAYS):
        opens, closes = day * DAY + OPEN[0], day * DAY + OPEN[1]
        free = [opens] * world_.agents
        while free:
            now = heapq.heappop(free)
            while ready and ready[0][0] <= now:
                _, place, number = heapq.heappop(ready)
                waiting[place] = number
            if now >= closes:
                continue
            may = [place for place in waiting if any(start <= now < end for start, end in customers[place].hours)]
            if not may:
                coming = [ready[0][0]] if ready else []
                coming += [first(customers[place].hours, now) for place in waiting]
                if coming and min(coming) < closes:
                    heapq.heappush(free, max(now + 1, min(coming)))
                continue
            known = [(0.0, place, number) for place, number in waiting.items()]
            known += [(at, place, number) for at, place, number in ready if customers[place].made <= now]
            place = _next(customers, known, set(may), world_.agents, now, rule)
            number = waiting.pop(place)
            each = customers[place]
            if number < each.tries:
                heapq.heappush(free, now + RING)
                heapq.heappush(ready, (_again(each, number, now), place, number + 1))
                continue
            missed += now + RING > each.due
            heapq.heappush(free, now + RING + each.seconds)
    return missed + len(waiting) + len(ready)


def first(hours: Sequence[tuple[float, float]], since: float) -> float:
    return next((max(start, since) for start, end in hours if end > since), float("inf"))


def _again(each: Customer, number: int, now: float) -> float:
    room = sum(max(0.0, min(end, each.due) - max(start, now)) for start, end in each.hours) - RING
    if room < 180:
        return first(each.hours, now + SPACING)
    room -= min(600.0, room / 2)
    wait = max(min(SPACING, room / (ATTEMPTS - number)), 180.0)
    return first(each.hours, now + wait)


def _next(
    customers: Sequence[Customer],
    known: list[tuple[float, int, int]],
    may: set[int],
    agents: int,
    now: float,
    rule: Rule,
) -> int:
    calls = [
        Call(
            place,
            (latest_start(customers[place], ATTEMPTS - number + 1, now), customers[place].due, place),
            customers[place].due - RING,
            USUAL + RING,
            customers[place].hours,
            (0,),
            first=at,
        )
        for at, place, number in sorted(known, key=lambda each: each[1])
    ]
    staffed = [(max(day * DAY + OPEN[0], now), day * DAY + OPEN[1]) for day in range(DAYS) if day * DAY + OPEN[1] > now]
    order = rule(calls, Places(staffed, [agents], {call.hours: call.hours for call in calls}))
    return next(place for place in (*order.kept, *order.late) if place in may)


def with_equal_lengths(world_: World) -> World:
    """The same callbacks, with conversations of one length and customers who answer the first ring."""
    return world_._replace(customers=tuple(each._replace(seconds=USUAL, tries=1) for each in world_.customers))
