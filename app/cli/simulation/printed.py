"""The report of a simulated day, for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from app.cli.simulation.outcome import Outcome
from app.domain.promise import PromiseStatus

_BUCKETS = ((0, 19), (20, 39), (40, 59), (60, 79), (80, 100))


def printed(found: Outcome) -> Iterator[str]:
    """Line by line."""
    json = found.to_json()
    yield f"from {found.begins_at:%a %Y-%m-%d %H:%M} to {found.ends_at:%a %Y-%m-%d %H:%M %Z}, {found.webhooks} webhooks"
    yield f"calls          {found.calls.total()}: {_counts(found.calls)}"
    yield f"complaints     {found.complaints} on record, {found.chose_complaint} callers chose complaint"
    yield f"  complete     {_buckets(found.completeness)}; {_spread(json['completeness_percent'], '%')}"
    yield f"  stories      {_counts(found.stories)}"
    if found.without_promise:
        yield f"  no promise   {_counts(found.without_promise)}"
    states = ", ".join(f"{found.promises[state]} {state}" for state in PromiseStatus if state != PromiseStatus.OPEN)
    yield f"promises       {found.promises.total()}: {states}"
    if found.causes:
        yield f"  causes       {_counts(found.causes)}"
    yield f"  rings        {', '.join(f'{n} promises with {rings}' for rings, n in sorted(found.rings.items()))}"
    yield f"  deadline     {_spread(json['lead_minutes'], ' min')} after the promise"
    yield f"  slack        {_spread(json['slack_at_keeping_minutes'], ' min')} left when kept"
    yield f"attempts       {found.results.total()}: {_counts(found.results)}"
    waited = _spread(json["waited_seconds"], " s")
    yield f"queue          {found.waits.total()}: {_counts(found.waits)}; {waited} until an agent answered"
    for agent in found.agents:
        yield (
            f"{agent['name']:<15}rung {agent['rung']} times, {agent['conversations']} conversations,"
            f" busy {agent['busy_minutes']} min, {agent['occupancy_percent']}% of opening hours"
        )
    yield f"texts          {found.texts.total()}: {_counts(found.texts)}"
    yield from (f"WRONG          {sentence}" for sentence in found.wrong)
    yield "nothing was lost, every promise has its end" if not found.wrong else f"{len(found.wrong)} things went wrong"


def _counts(counted: Counter[Any]) -> str:
    return ", ".join(f"{number} {name}" for name, number in sorted(counted.items())) or "none"


def _spread(values: dict[str, float] | None, unit: str) -> str:
    if values is None:
        return "none"
    return (
        f"{values['min']:g}{unit} at least, {values['median']:g}{unit} in the middle, {values['max']:g}{unit} at most"
    )


def _buckets(percents: list[int]) -> str:
    return ", ".join(
        f"{sum(low <= percent <= high for percent in percents)} of {low}-{high}%" for low, high in _BUCKETS
    )
