"""One jurisdiction's rules as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from app.compliance.rule import Citation, Dated, InForce, Value
from app.domain.business_hours import is_holiday
from app.domain.errors import LawUnknown
from app.domain.hotline import Hours

SATURDAY: Final = 5


class ConsentMode(StrEnum):
    """How a caller is told of a recording."""

    ASK = "ask"  # nothing is recorded before an active yes, and there is a way on without it
    ANNOUNCE = "announce"


class Period(StrEnum):
    """A limit counted in calendar days from the day of registration."""

    ANSWER = "answer_due"
    CANCELLATION = "cancellation_effective"
    UNDUE_CHARGE = "undue_charge_suspended"
    HISTORY = "history_due"
    WITHDRAWAL = "withdrawal"  # counted from delivery, or without goods from the contract


@dataclass(frozen=True, slots=True)
class Week:
    """Local hours of a week in which a customer may be called."""

    weekdays: Hours
    saturday: Hours
    sunday: Hours
    holiday: Hours
    unknown_zone: Hours  # besides, if the customer's zone is a guess

    def hours_on(self, day: date, holidays: str | None) -> Hours:
        """The hours of a day.

        Args:
            holidays: the country whose nationwide holidays count; None: none do.
        """
        if holidays is not None and is_holiday(day, holidays):
            return self.holiday
        if day.weekday() < SATURDAY:
            return self.weekdays
        return self.saturday if day.weekday() == SATURDAY else self.sunday


@dataclass(frozen=True, slots=True)
class KeptDays:
    """How long recordings are kept, in days from the day of the call."""

    at_least: int
    at_most: int


@dataclass(frozen=True, slots=True)
class KeptYears:
    """How long cases are kept, in years from their solution."""

    at_least: int


@dataclass(frozen=True, slots=True)
class Caps:
    """How often a customer's number may be rung about one promise."""

    per_day: int  # local calendar day
    per_week: int  # seven times 24 hours


@dataclass(frozen=True, slots=True)
class Law:
    """The rules of one jurisdiction."""

    jurisdiction: str
    countries: frozenset[str]  # ISO 3166: whose numbers stand under it
    holidays: str | None  # the country whose nationwide holidays count
    sources: Mapping[str, Citation]
    recording_consent: Dated[ConsentMode]
    calling_hours: Mapping[str, Dated[Week]]  # by the kind of call
    periods: Mapping[Period, Dated[int]]
    recording_kept: Dated[KeptDays]
    case_kept: Dated[KeptYears]
    attempts: Dated[Caps]

    def in_force(self, rule: Dated[Value] | None, day: date, name: str) -> InForce[Value]:
        """What a rule says on a day.

        Raises:
            LawUnknown: if it says nothing.
        """
        found = rule.on(day) if rule is not None else None
        if found is None:
            raise LawUnknown(self.jurisdiction, name)
        return found
