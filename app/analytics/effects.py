"""Whether a measure against recurring complaints shows: how many there were before it, and since (T18, B6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import exp, lgamma, log
from typing import Final
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy import orm

from app.domain.periods import midnight
from app.models.call_log import LoggedCall, MatterWord, word_index, words_in
from app.models.case import Case
from app.models.measure import Measure
from app.models.vault import Vault

_WEEK: Final = timedelta(days=7)
_WEEKS: Final = 12  # on each side


@dataclass(frozen=True, slots=True)
class Side:
    """The group's cases before the measure, or since it began."""

    weeks: int  # whole ones
    cases: int
    calls: int  # all calls of the same hotlines in that time
    by_week: Sequence[tuple[date, int]]  # the week's first day, oldest first

    @property
    def per_week(self) -> float | None:
        """Cases in a week; None before a whole week has passed."""
        return self.cases / self.weeks if self.weeks else None

    @property
    def per_thousand_calls(self) -> float | None:
        """Cases for each thousand calls, so that a busy season does not count as a failure; None without calls."""
        return 1000 * self.cases / self.calls if self.calls else None


@dataclass(frozen=True, slots=True)
class Effect:
    """A measure's group before it and since."""

    before: Side
    since: Side
    change: float | None  # of the cases in a week, -0.4 for 40 % fewer; None where it cannot be told
    chance: float | None  # how often so uneven a split comes about if nothing has changed; None as above


def effect_of(session: orm.Session, vault: Vault, measure: Measure, zone: ZoneInfo, *, now: datetime) -> Effect:
    """Compare the twelve whole weeks before a measure with the whole weeks since, twelve at most.

    A week begins on the weekday on which the measure did. The chance is that of an exact conditional test of two
    Poisson rates (Przyborowski and Wilenski 1940), two-sided.
    """
    before = _side(session, vault, measure, zone, measure.from_on - _WEEK * _WEEKS, _WEEKS, now)
    passed = (now.astimezone(zone).date() - measure.from_on) // _WEEK
    since = _side(session, vault, measure, zone, measure.from_on, max(0, min(_WEEKS, passed)), now)
    if not since.weeks or not before.cases:
        return Effect(before, since, None, None)
    change = (since.cases / since.weeks) / (before.cases / before.weeks) - 1
    return Effect(before, since, change, chance_of(before.cases, before.weeks, since.cases, since.weeks))


def _side(
    session: orm.Session, vault: Vault, measure: Measure, zone: ZoneInfo, first: date, weeks: int, now: datetime
) -> Side:
    by_week, calls = [], 0
    for number in range(weeks):
        day = first + _WEEK * number
        begin, end = midnight(day, zone), midnight(day + _WEEK, zone)
        by_week.append((day, cases_like(session, vault, measure, begin, end)))
        within = [LoggedCall.started_at >= begin, LoggedCall.started_at < end]
        if measure.hotline:
            within.append(LoggedCall.hotline == measure.hotline)
        calls += int(session.scalar(sa.select(sa.func.count()).select_from(LoggedCall).where(*within)) or 0)
    return Side(weeks, sum(cases for _, cases in by_week), calls, by_week)


def cases_like(session: orm.Session, vault: Vault, measure: Measure, since: datetime, until: datetime) -> int:
    """How many cases of a measure's group came in, by whichever channel."""
    query = sa.select(sa.func.count()).select_from(Case)
    query = query.where(Case.kind == measure.kind, Case.received_at >= since, Case.received_at < until)
    if measure.hotline:
        query = query.where(Case.hotline == measure.hotline)
    for word in words_in(measure.words):
        having = sa.select(MatterWord.case_id).where(MatterWord.word_index == word_index(vault, word))
        query = query.where(Case.id.in_(having))
    return int(session.scalar(query) or 0)


def chance_of(cases: int, weeks: int, later_cases: int, later_weeks: int) -> float:
    """How often chance alone splits these cases at least so unevenly over the weeks, 0 to 1.

    Example:
        >>> round(chance_of(24, 12, 6, 12), 4)
        0.0014
        >>> chance_of(3, 12, 3, 12)
        1.0
    """
    total = cases + later_cases
    if total == 0:
        return 1.0
    share = later_weeks / (weeks + later_weeks)
    odds = [
        exp(
            lgamma(total + 1) - lgamma(number + 1) - lgamma(total - number + 1)
            + number * log(share) + (total - number) * log(1 - share)
        )
        for number in range(total + 1)
    ]  # fmt: skip
    return min(1.0, sum(each for each in odds if each <= odds[later_cases] * (1 + 1e-9)))
