"""By when the law wants something done; where no law says so, a house rule does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from app.compliance.law import SATURDAY, Period
from app.compliance.rule import Citation
from app.compliance.statute_book import law_of
from app.domain.business_hours import is_holiday
from app.domain.errors import LawUnknown
from app.domain.spans import local_instant

_LAST_SECOND: Final = time(23, 59, 59)


@dataclass(frozen=True, slots=True)
class Limit:
    """The latest lawful moment, in UTC."""

    at: datetime
    on: date  # the local day that ends with it
    citation: Citation
    is_working_day: bool  # False: warn, since whoever counts like a court would take the next one


def last_day(registered_on: date, days: int) -> date:
    """The last day of a period of calendar days.

    The day of registration is not counted, the last day is. It is never moved on from a Sunday or a holiday: that
    would be in our favour, and the period protects the customer.

    Source:
        law-and-standards, counting of days; Brazilian Civil Code art. 132 for the first part (not read in the law).

    Example:
        >>> last_day(date(2026, 2, 27), 7)
        datetime.date(2026, 3, 6)
    """
    return registered_on + timedelta(days=days)


def latest(period: Period, jurisdictions: Sequence[str], registered_at: datetime, zone: ZoneInfo) -> Limit:
    """The earliest of what all these jurisdictions set as a limit.

    Args:
        zone: the hotline's; the day of registration is the local one, and the last day ends at its 23:59:59. A limit
            of zero days is the moment of registration itself.

    Raises:
        LawUnknown: if one of them has no rule in force, or there is none.
    """
    limits = [_limit(period, name, registered_at, zone) for name in jurisdictions]
    if not limits:
        raise LawUnknown("nowhere", period)
    return min(limits, key=lambda limit: limit.at)


def latest_answer(jurisdictions: Sequence[str], registered_at: datetime, zone: ZoneInfo) -> Limit:
    """By when a complaint must be answered.

    Raises:
        LawUnknown: if one of the jurisdictions has no rule in force.
    """
    return latest(Period.ANSWER, jurisdictions, registered_at, zone)


def _limit(period: Period, jurisdiction: str, registered_at: datetime, zone: ZoneInfo) -> Limit:
    law = law_of(jurisdiction)
    registered_on = registered_at.astimezone(zone).date()
    rule = law.in_force(law.periods.get(period), registered_on, period)
    day = last_day(registered_on, rule.value)
    at = local_instant(day, _LAST_SECOND, zone) if rule.value else registered_at
    is_free = day.weekday() >= SATURDAY or (law.holidays is not None and is_holiday(day, law.holidays))
    return Limit(at, day, rule.citation, is_working_day=not is_free)
