"""Somebody of the office corrects a fact of a record; what it said before stays in the history (T14)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from pydantic import ValidationError
from sqlalchemy import orm

from app.domain.complaint import fact_of
from app.domain.complaint_groups import Point
from app.domain.complaint_terms import Remedy
from app.domain.errors import Conflict, Invalid
from app.models.case import Case
from app.models.journal import note
from app.models.records import record_to_change, seal_record
from app.models.staff import Staff
from app.models.vault import Vault

_LONGEST: Final = 5_000
FIELDS: Final = (
    "matter.product",
    "matter.model",
    "matter.issue",
    "matter.narrative",
    "matter.contract_or_order_no",
    "matter.remedy_requested",
    "complainant.name",
    "complainant.contact_time",
    "complainant.accessibility_need",
)
"""What an agent may correct by hand; the rest of a record is written by what happens."""

CHOICES: Final[Mapping[str, tuple[str, ...]]] = {"matter.remedy_requested": tuple(each.value for each in Remedy)}
"""The fields that hold one of a few words."""


class Changed(Conflict):
    """Somebody else changed the same fact meanwhile: both are told, so that one can be chosen."""

    def __init__(self, field: str, theirs: str, ours: str) -> None:
        super().__init__(f"meanwhile somebody else wrote “{theirs}” where you write “{ours}”; nothing was changed")
        self.field, self.theirs, self.ours = field, theirs, ours


def correct_record(
    session: orm.Session, vault: Vault, case: Case, staff: Staff, field: str, text: str, *, seen: str, now: datetime
) -> bool:
    """Correct one fact; gives False if it says so already.

    Args:
        text: what it shall say; "" takes it away.
        seen: what it said on the page that was filled in; "" for nothing.

    Raises:
        Invalid: if the fact cannot be corrected by hand, or the text does not fit it.
        Changed: if it says something else by now than what was seen.
    """
    words = text.strip()
    if field not in FIELDS:
        raise Invalid("field", "is none that is corrected by hand")
    if len(words) > _LONGEST or (words and words not in CHOICES.get(field, (words,))):
        raise Invalid(field, "does not fit there; it is too long, or none of the words it may be")
    record = record_to_change(session, vault, case)
    before = as_text(fact_of(record, field))
    if before == words:
        return False
    if before != seen.strip():
        raise Changed(field, before, words)
    try:
        record = record.with_facts({field: words or None})
    except ValidationError as error:
        raise Invalid(field, "does not fit there") from error
    seal_record(vault, case, record)
    note(session, vault, case, "corrected", f"staff:{staff.id}", now, field=field, before=before, after=words)
    return True


def list_point(session: orm.Session, vault: Vault, case: Case, staff: Staff, text: str, *, now: datetime) -> None:
    """Add something that the customer demands or asks, to be answered before the case is closed.

    Raises:
        Invalid: if it is empty or too long, or there are too many.
        Conflict: if the case is closed.
    """
    words = text.strip()
    if not words or len(words) > 300:
        raise Invalid("point", "is empty, or longer than 300 signs")
    record = record_to_change(session, vault, case)
    if case.closed_at is not None:
        raise Conflict("this case is closed already; add a note to it instead")
    points = record.matter.points
    if any(point.text == words for point in points):
        return
    if len(points) >= 30:
        raise Invalid("point", "is one too many; thirty points are the most")
    seal_record(vault, case, record.with_facts({"matter.points": (*points, Point(text=words))}))
    note(session, vault, case, "point_listed", f"staff:{staff.id}", now, text=words)


def as_text(fact: object) -> str:
    """A fact as it stands in a form; "" for nothing."""
    return "" if fact is None else str(fact)
