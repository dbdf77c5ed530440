"""How long recordings and cases are kept, at least and at most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from app.compliance.law import KeptDays
from app.compliance.rule import Citation, InForce
from app.compliance.statute_book import law_of
from app.domain.errors import LawUnknown


@dataclass(frozen=True, slots=True)
class Keep:
    """Local days: nothing is deleted before the first, everything is deleted by the second."""

    not_before: date
    not_after: date | None  # None: no rule demands deletion
    citation: Citation  # of the day before which nothing is deleted


def keep_recording(jurisdictions: Sequence[str], called_at: datetime, zone: ZoneInfo) -> Keep:
    """How long the recording of a call is kept.

    Raises:
        LawUnknown: if one of the jurisdictions has no rule in force, or there is none.
    """
    called_on = called_at.astimezone(zone).date()
    rules = [(law := law_of(name)).in_force(law.recording_kept, called_on, "recording_kept") for name in jurisdictions]
    if not rules:
        raise LawUnknown("nowhere", "recording_kept")
    return keep_by_all(rules, called_on)


def keep_by_all(rules: Sequence[InForce[KeptDays]], called_on: date) -> Keep:
    """What several rules on recordings say together; the duty to keep goes before the duty to delete."""
    longest = max(rules, key=lambda rule: rule.value.at_least)
    not_before = called_on + timedelta(days=longest.value.at_least)
    not_after = called_on + timedelta(days=min(rule.value.at_most for rule in rules))
    return Keep(not_before, max(not_before, not_after), longest.citation)


def keep_case(jurisdictions: Sequence[str], resolved_at: datetime | None, zone: ZoneInfo) -> Keep | None:
    """How long the record of a case is kept.

    Args:
        resolved_at: None while it is not.

    Returns:
        None while the case is not resolved: it is not deleted at all.

    Raises:
        LawUnknown: if one of the jurisdictions has no rule in force, or there is none.
    """
    if resolved_at is None:
        return None
    resolved_on = resolved_at.astimezone(zone).date()
    rules = [(law := law_of(name)).in_force(law.case_kept, resolved_on, "case_kept") for name in jurisdictions]
    if not rules:
        raise LawUnknown("nowhere", "case_kept")
    longest = max(rules, key=lambda rule: rule.value.at_least)
    return Keep(_years_on(resolved_on, longest.value.at_least), None, longest.citation)


def _years_on(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February: the day after it, so that nothing is deleted early
        return date(day.year + years, 3, 1)
