"""The same callbacks under three ways of calling them, on a small model of agents and telephones.

Nothing of the office runs here: what is compared is the order alone, with the same callbacks, agents, ringing customers
and lengths for all three. Each agent serves one customer at a time, within the opening hours.

* `least slack`: whoever's latest start is nearest goes first, and when not all can be kept, those wait whose loss
  breaks the fewest (`app.promising.shedding`), as the office's dispatcher does.
* `first come`: whoever was promised first goes first.
* `a timer each`: what one APScheduler job per callback does. The timer fires when the callback was promised for, less
  one conversation, whether or not an agent is free: with nobody free the customer answers and hears nobody. There is
  no second try, for nobody wrote one down. Timers live in the process: those that are set when it dies are gone.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from app.promising.shedding import Job, shed

WAYS: Final = ("least slack", "first come", "a timer each")
_EPOCH: Final = datetime(2026, 1, 1, tzinfo=UTC)
_AGAIN: Final = timedelta(minutes=20)  # to the next try with a customer who did not answer


class Callback(NamedTuple):
    """One promised call."""

    made_at: datetime
    release: datetime
    due_at: datetime
    seconds: float  # of an agent, when the customer answers
    tries: int  # the customer answers the so-manieth ring
    ring_seconds: float  # of an agent, for each ring in vain


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of all callbacks."""

    kept: int
    late: int
    lost: int  # never called
    nobody_there: int = 0  # of the lost: the customer was rung while no agent was free
    unanswered: int = 0  # of the lost: nobody answered, and there was no second try
    crashed: int = 0  # of the lost: the timer died with its process


def serve(
    way: str,
    callbacks: Sequence[Callback],
    agents: int,
    spans: Sequence[tuple[datetime, datetime]],
    crashes: Sequence[datetime] = (),
) -> Tally:
    """Let so many agents call back, in one of the `WAYS`.

    Args:
        spans: when the agents are there, in order.
        crashes: when the process that holds the timers dies; rows in a database survive it.
    """
    if way == "a timer each":
        return _by_timers(callbacks, agents, spans, crashes)
    return _in_order(callbacks, agents, spans, by_slack=way == "least slack")


def _in_order(
    callbacks: Sequence[Callback], agents: int, spans: Sequence[tuple[datetime, datetime]], *, by_slack: bool
) -> Tally:
    ready = [(each.release, place, 1) for place, each in enumerate(callbacks)]  # when, whom, which try
    heapq.heapify(ready)
    waiting: dict[int, int] = {}  # whom, and which try
    kept = late = 0
    for opens, closes in spans:
        free = [opens] * agents
        while free:
            now = heapq.heappop(free)
            while ready and ready[0][0] <= now:
                _, place, number = heapq.heappop(ready)
                waiting[place] = number
            if now >= closes:
                continue
            if not waiting:
                if ready and ready[0][0] < closes:
                    heapq.heappush(free, max(now, ready[0][0]))
                continue
            place = _next(callbacks, waiting, agents, now, by_slack=by_slack)
            number = waiting.pop(place)
            each = callbacks[place]
            if number < each.tries:
                heapq.heappush(free, now + timedelta(seconds=each.ring_seconds))
                heapq.heappush(ready, (now + _AGAIN, place, number + 1))
                continue
            kept, late = kept + (now <= each.due_at), late + (now > each.due_at)
            heapq.heappush(free, now + timedelta(seconds=each.seconds))
    return Tally(kept, late, len(callbacks) - kept - late)


def _next(callbacks: Sequence[Callback], waiting: dict[int, int], agents: int, now: datetime, *, by_slack: bool) -> int:
    if not by_slack:
        return min(waiting, key=lambda place: (callbacks[place].made_at, place))
    # A promise is kept once both speak, so that what is said after that may end after the deadline.
    jobs = [
        Job(place, now, callbacks[place].due_at + timedelta(seconds=callbacks[place].seconds), callbacks[place].seconds)
        for place in sorted(waiting)
    ]
    order = shed(jobs, agents, now)
    return (order.kept or order.late)[0]


def _by_timers(
    callbacks: Sequence[Callback],
    agents: int,
    spans: Sequence[tuple[datetime, datetime]],
    crashes: Sequence[datetime],
) -> Tally:
    free = [_EPOCH] * agents
    kept = late = nobody = unanswered = crashed = 0
    fires = sorted(
        (max(each.release, each.due_at - timedelta(seconds=each.seconds)), place)
        for place, each in enumerate(callbacks)
    )
    for at, place in fires:
        each = callbacks[place]
        if any(each.made_at <= crash < at for crash in crashes):
            crashed += 1
            continue
        is_staffed = any(opens <= at < closes for opens, closes in spans)
        if not is_staffed or free[0] > at:
            nobody += 1
            continue
        if each.tries > 1:
            heapq.heapreplace(free, at + timedelta(seconds=each.ring_seconds))
            unanswered += 1
            continue
        kept, late = kept + (at <= each.due_at), late + (at > each.due_at)
        heapq.heapreplace(free, at + timedelta(seconds=each.seconds))
    return Tally(kept, late, nobody + unanswered + crashed, nobody, unanswered, crashed)
