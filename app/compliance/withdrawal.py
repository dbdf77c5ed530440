"""Until when a consumer may withdraw from a contract made at a distance, without any reason (S9)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.compliance.law import SATURDAY, Law, Period
from app.compliance.rule import Citation
from app.compliance.statute_book import law_of
from app.domain.business_hours import is_holiday


@dataclass(frozen=True, slots=True)
class Right:
    """The right to withdraw: its length, and its last day."""

    days: int  # calendar days; the day it begins is not counted
    last_day: date | None  # None: it has not begun, since the goods are still to come
    citation: Citation

    def is_open(self, today: date) -> bool:
        """Whether it can still be used on a local day."""
        return self.last_day is None or today <= self.last_day


def right_of_withdrawal(jurisdictions: Sequence[str], begun_on: date | None, *, today: date) -> Right | None:
    """The longest right that any of these jurisdictions gives; None if none of them gives one.

    Where two apply, the one that protects the consumer more counts. A last day on a Saturday, a Sunday or a national
    holiday is moved to the next working day: here, unlike with limits of ours, that is in the consumer's favour.

    Args:
        begun_on: the day of delivery, or without goods of the contract; None if it has not begun.
        today: the local day whose law counts.

    Raises:
        LawUnknown: if one of the jurisdictions has no rule in force.

    Source:
        CDC art. 49; Directive 2011/83/EU art. 9, 10; BGB § 355; Regulation 1182/71 art. 3 (4) for the last day (none of
        them read in the law itself).
    """
    rights = [right for name in jurisdictions if (right := _right(law_of(name), begun_on, today)) is not None]
    return max(rights, key=lambda right: (right.last_day or date.max, right.days), default=None)


def _right(law: Law, begun_on: date | None, today: date) -> Right | None:
    rule = law.in_force(law.periods.get(Period.WITHDRAWAL), today, Period.WITHDRAWAL)
    if not rule.value:
        return None
    last_day = begun_on + timedelta(days=rule.value) if begun_on is not None else None
    while last_day is not None and _is_free(law, last_day):
        last_day += timedelta(days=1)
    return Right(rule.value, last_day, rule.citation)


def _is_free(law: Law, day: date) -> bool:
    return day.weekday() >= SATURDAY or (law.holidays is not None and is_holiday(day, law.holidays))
