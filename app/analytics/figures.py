"""Figures about calls, counted over the conditions of the call log: each bar equals the log filtered as it says.

A figure's definition stands on the page beside it, in the words of `app.web.floor.figures`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy import orm

from app.analytics.call_log import WAITS, LogFilter, conditions, facet_counts
from app.domain.periods import Period, midnight, month_of
from app.models.call_log import CallOutcome, LoggedCall

_HOUR: Final = timedelta(hours=1)
_MOST_NODES: Final = 15
_BY_THE_HOUR: Final = timedelta(days=2)
_BY_THE_DAY: Final = timedelta(days=62)


@dataclass(frozen=True, slots=True)
class Bar:
    """One number of a figure."""

    key: Any  # what it counts: a stored word, a node, an instant
    calls: int
    before: int | None  # in the period before; None where that is not compared
    words: Mapping[str, str | None]  # what the log's address says beside the filter of the page; None takes a word away
    of: int | None = None  # calls of which these are a part, if not those of the whole figure
    minutes: Sequence[int | None] = ()  # at each percentile, after a deadline; below 0 before it
    minutes_before: Sequence[int | None] = ()  # the same of the period before


@dataclass(frozen=True, slots=True)
class Figure:
    """One question and its answer."""

    name: str
    bars: Sequence[Bar]
    share: float | None = None  # the one number that matters, 0 to 1; None where there is none
    share_before: float | None = None


@dataclass(frozen=True, slots=True)
class Compared:
    """Two filters that differ in their time only."""

    now: LogFilter
    before: LogFilter | None  # None: the page has no beginning, so that nothing was before


def before_of(wanted: LogFilter, period: Period | None, zone: ZoneInfo, *, now: datetime) -> Compared:
    """The same filter over the period before: of a period under way as much as has passed of it.

    Args:
        period: the calendar's period that the filter means; None for other times.
    """
    if wanted.since is None:
        return Compared(wanted, None)
    until = wanted.until or now
    since_before, until_before = (
        period.before().instants(zone) if period is not None else (wanted.since - (until - wanted.since), wanted.since)
    )
    if until > now > wanted.since:
        until_before = min(until_before, since_before + (now - wanted.since))
    return Compared(wanted, wanted.between(since_before, until_before))


def volumes(session: orm.Session, wanted: LogFilter, zone: ZoneInfo, *, now: datetime) -> Figure:
    """Calls by the local hour, day or month in which they began; a day at which clocks change has 23 or 25 hours."""
    since, until = wanted.since, wanted.until or now
    if since is None:
        since = session.scalar(sa.select(sa.func.min(LoggedCall.started_at)).where(*conditions(wanted, now=now)))
    if since is None or since >= until:
        return Figure("volumes", ())
    bars = []
    for begin, end in _buckets(since, until, zone):
        number = sa.select(sa.func.count()).select_from(LoggedCall)
        calls = session.scalar(number.where(*conditions(wanted.between(begin, end), now=now)))
        words: dict[str, str | None] = {"range": None, "since": _z(begin), "until": _z(end)}
        bars.append(Bar(begin, int(calls or 0), None, words))
    return Figure("volumes", bars)


def _z(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")


def _buckets(since: datetime, until: datetime, zone: ZoneInfo) -> list[tuple[datetime, datetime]]:
    """Hours, local days or local months between two instants, the first and last cut where the span is."""
    edges = [since]
    if until - since <= _BY_THE_HOUR:
        at = since.replace(minute=0, second=0, microsecond=0) + _HOUR
        while at < until:
            edges.append(at)
            at += _HOUR
    else:
        day = since.astimezone(zone).date()
        is_daily = until - since <= _BY_THE_DAY
        while True:
            day = day + timedelta(days=1) if is_daily else month_of(day).after
            at = midnight(day, zone)
            if at >= until:
                break
            edges.append(at)
    return list(zip(edges, [*edges[1:], until], strict=True))


def by_column(session: orm.Session, compared: Compared, name: str, column: str, word: str, *, now: datetime) -> Figure:
    """Calls by the value of a column of the log, the most frequent first.

    Args:
        word: what the log's address calls the column.
    """
    counts = facet_counts(session, compared.now, column, now=now)
    before = dict(facet_counts(session, compared.before, column, now=now)) if compared.before else None
    keys = [key for key, _ in counts] + [key for key in before or {} if key not in dict(counts)]
    found = dict(counts)
    bars = [
        Bar(key, found.get(key, 0), before.get(key, 0) if before is not None else None, {word: str(key)})
        for key in keys
    ]
    return Figure(name, bars)


def service_level(session: orm.Session, compared: Compared, *, now: datetime) -> Figure:
    """Callers who waited for a human, by how it went on.

    The share: answered within 20 seconds, of all who were answered or gave up later than that. Who gave up sooner
    counts neither for nor against us; who took a promise instead stands among the promises.
    """
    numbers = {wait: _count(session, replace(compared.now, wait=wait), now) for wait in WAITS}
    before = compared.before
    earlier = {wait: _count(session, replace(before, wait=wait), now) for wait in WAITS} if before else None
    bars = [Bar(wait, numbers[wait], earlier[wait] if earlier else None, {"wait": wait}) for wait in WAITS]
    return Figure("service_level", bars, _answered(numbers), _answered(earlier) if earlier else None)


def _answered(numbers: dict[str, int]) -> float | None:
    counted = numbers["in_time"] + numbers["late"] + numbers["gave_up"]
    return numbers["in_time"] / counted if counted else None


def repetitions(session: orm.Session, compared: Compared, *, now: datetime) -> Figure:
    """Calls of numbers that had called in the seven days before. The share: of all calls that show their number."""

    def parts(wanted: LogFilter) -> dict[bool, int]:
        query = (
            sa.select(LoggedCall.is_repeat, sa.func.count())
            .where(*conditions(wanted, now=now), LoggedCall.caller_index.is_not(None))
            .group_by(LoggedCall.is_repeat)
        )
        return {bool(key): int(number) for key, number in session.execute(query)}

    numbers, earlier = parts(compared.now), parts(compared.before) if compared.before else None
    bars = [
        Bar(key, numbers.get(key, 0), earlier.get(key, 0) if earlier is not None else None, words)
        for key, words in (
            (True, {"repeat": "yes", "number": "yes"}),
            (False, {"repeat": "no", "number": "yes"}),
        )
    ]
    return Figure("repetitions", bars, _part(numbers), _part(earlier) if earlier is not None else None)


def _part(numbers: dict[bool, int]) -> float | None:
    total = sum(numbers.values())
    return numbers.get(True, 0) / total if total else None


def satisfaction(session: orm.Session, compared: Compared, *, now: datetime) -> Figure:
    """Calls by how satisfied their customers were with the closing, best first. The share: 4 or 5, of all answers."""
    numbers = dict(facet_counts(session, compared.now, "satisfaction", now=now))
    earlier = dict(facet_counts(session, compared.before, "satisfaction", now=now)) if compared.before else None
    if not numbers and not earlier:
        return Figure("satisfaction", ())
    bars = [
        Bar(
            score,
            numbers.get(score, 0),
            earlier.get(score, 0) if earlier is not None else None,
            {"satisfaction": str(score)},
        )
        for score in (5, 4, 3, 2, 1)
    ]
    return Figure("satisfaction", bars, _satisfied(numbers), _satisfied(earlier) if earlier is not None else None)


def _satisfied(numbers: Mapping[int, int]) -> float | None:
    total = sum(numbers.values())
    return (numbers.get(5, 0) + numbers.get(4, 0)) / total if total else None


def abandonment(session: orm.Session, compared: Compared, *, now: datetime) -> Figure:
    """Nodes at which callers hung up and nothing had come of the call; of all calls that ended there."""
    gone = {"outcome": CallOutcome.HUNG_UP.value}
    left = facet_counts(session, compared.now.also(**gone), "node", now=now, most=_MOST_NODES)
    nodes = [node for node, _ in left]
    ended = _by_node(session, compared.now, nodes, now)
    before = _by_node(session, compared.before.also(**gone), nodes, now) if compared.before else None
    bars = [
        Bar(
            node,
            calls,
            before.get(node, 0) if before is not None else None,
            {"node": node, **gone},
            ended.get(node, 0),
        )
        for node, calls in left
        if node
    ]
    return Figure("abandonment", bars)


def _by_node(session: orm.Session, wanted: LogFilter, nodes: Sequence[str], now: datetime) -> dict[str, int]:
    number = sa.select(LoggedCall.node, sa.func.count()).where(*conditions(wanted, now=now), LoggedCall.node.in_(nodes))
    return {node: int(calls) for node, calls in session.execute(number.group_by(LoggedCall.node))}


def _count(session: orm.Session, wanted: LogFilter, now: datetime) -> int:
    number = sa.select(sa.func.count()).select_from(LoggedCall).where(*conditions(wanted, now=now))
    return int(session.scalar(number) or 0)
