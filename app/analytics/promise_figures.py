"""Figures about promises over the conditions of the call log: what became of them, how late, after how many rings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy import orm

from app.analytics.call_log import LogFilter, conditions, facet_counts
from app.analytics.figures import Bar, Compared, Figure, by_column
from app.models.call_log import LoggedCall, Rings

PERCENTILES: Final = (50, 90, 99)
_ENDS: Final = ("kept", "kept_late", "broken")


def promises(session: orm.Session, compared: Compared, *, now: datetime) -> Figure:
    """Calls by what became of their promise. The share: kept by the deadline, of those kept, kept late or broken."""
    figure = by_column(session, compared, "promises", "promise", "promise", now=now)
    return replace(figure, share=_kept(figure, "calls"), share_before=_kept(figure, "before"))


def _kept(figure: Figure, which: str) -> float | None:
    numbers = {bar.key: getattr(bar, which) or 0 for bar in figure.bars}
    ended = sum(numbers.get(key, 0) for key in ("kept", "kept_late", "broken"))
    return numbers.get("kept", 0) / ended if ended else None


def lateness(session: orm.Session, compared: Compared, *, now: datetime) -> Figure:
    """Calls whose promise was kept, kept late or broken, with the minutes from its deadline to its end."""
    numbers = _minutes(session, compared.now, now)
    earlier = _minutes(session, compared.before, now) if compared.before else None
    if not numbers and not earlier:
        return Figure("lateness", ())
    return Figure(
        "lateness",
        [
            Bar(
                end,
                sum(numbers.get(end, {}).values()),
                sum(earlier.get(end, {}).values()) if earlier is not None else None,
                {"promise": end},
                minutes=percentiles(numbers.get(end, {})),
                minutes_before=percentiles(earlier.get(end, {})) if earlier is not None else (),
            )
            for end in _ENDS
        ],
    )


def _minutes(session: orm.Session, wanted: LogFilter, now: datetime) -> dict[str, dict[int, int]]:
    """By what became of the promise: how many have how many minutes."""
    late = LoggedCall.promise_minutes
    query = sa.select(LoggedCall.promise, late, sa.func.count()).where(*conditions(wanted, now=now), late.is_not(None))
    found: dict[str, dict[int, int]] = {}
    for end, minutes, calls in session.execute(query.group_by(LoggedCall.promise, late)):
        found.setdefault(str(end), {})[int(minutes or 0)] = int(calls)
    return found


def percentiles(numbers: Mapping[int, int]) -> Sequence[int | None]:
    """The least value that so many of a hundred do not exceed, for each of `PERCENTILES`; None if there is no value.

    Args:
        numbers: how often each value was found.

    Example:
        >>> percentiles({-30: 5, 10: 4, 60: 1})
        (-30, 10, 60)
    """
    total = sum(numbers.values())
    found: list[int | None] = []
    for percent in PERCENTILES:
        seen = 0
        for value in sorted(numbers):
            seen += numbers[value]
            if 100 * seen >= percent * total:
                found.append(value)
                break
        else:
            found.append(None)
    return tuple(found)


def rings(session: orm.Session, compared: Compared, *, now: datetime) -> Figure:
    """Calls by how many rings it took until somebody answered the promised call. The share: the first did."""
    numbers = _by_rings(session, compared.now, now)
    earlier = _by_rings(session, compared.before, now) if compared.before else None
    if not numbers and not earlier:
        return Figure("rings", ())
    bars = [
        Bar(each.value, numbers.get(each, 0), earlier.get(each, 0) if earlier is not None else None, {"rings": each})
        for each in Rings
    ]
    return Figure("rings", bars, _first(numbers), _first(earlier) if earlier is not None else None)


def _by_rings(session: orm.Session, wanted: LogFilter, now: datetime) -> dict[str, int]:
    return dict(facet_counts(session, wanted, "promise_rings", now=now))


def _first(numbers: Mapping[str, int]) -> float | None:
    total = sum(numbers.values())
    return numbers.get(Rings.ONE, 0) / total if total else None
