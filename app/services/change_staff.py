"""An administrator changes what somebody is and may do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import orm

from app.domain.competence import check_kinds
from app.domain.errors import Conflict, Invalid
from app.domain.phone_number import parse_phone
from app.domain.role import Role
from app.domain.telephone import has_telephone
from app.models.one_at_a_time import one_at_a_time
from app.models.staff import Staff
from app.services.add_staff import free_address
from app.services.logins import end_logins
from app.services.passwords import new_link

_MOST_CENTS = 100_000_000


@dataclass(frozen=True, slots=True)
class Described:
    """What was entered about somebody."""

    name: str
    email: str  # by which they log in; empty: as it is
    role: Role
    phone: str  # of their telephone, in any spelling; empty: they take calls in the browser at most
    languages: Sequence[str]
    skills: Sequence[str]  # none: every kind of case
    authority_cents: int | None  # the most money they may grant; None: what is usual for their role


def change_staff(session: orm.Session, staff: Staff, told: Described, *, country: str, wall_now: datetime) -> None:
    """Take over what was entered; with another role every login of theirs ends.

    Args:
        country: ISO 3166; whose national form of the number is meant.

    Raises:
        Invalid: if an entry cannot be used.
        Conflict: if nobody would be left to administer the office, or somebody else has the e-mail address.
    """
    number = parse_phone(told.phone, country) if told.phone.strip() else None
    if told.phone.strip() and number is None:
        raise Invalid("phone", "is no valid number; write it as +49…")
    if not told.name.strip():
        raise Invalid("name", "is missing")
    if not told.languages:
        raise Invalid("languages", "is empty; name at least one, such as de")
    if told.authority_cents is not None and not 0 <= told.authority_cents <= _MOST_CENTS:
        raise Invalid("authority", "is no amount; write it as 50.00")
    address = free_address(session, told.email, of=staff.id) if told.email.strip() else staff.email
    if told.role is not Role.ADMIN:
        check_not_last(session, staff)
    staff.name, staff.languages, staff.skills = told.name.strip(), list(told.languages), check_kinds(told.skills)
    staff.phone, staff.authority_cents = number.e164 if number else None, told.authority_cents
    staff.email = address
    if not has_telephone(staff):
        staff.available = False
    if staff.role != told.role:
        staff.role = told.role.value
        end_logins(session, staff.id, wall_now=wall_now)


def check_not_last(session: orm.Session, staff: Staff) -> None:
    """Refuse to take the last administrator away.

    Raises:
        Conflict: if this is the one.
    """
    if staff.role != Role.ADMIN or staff.disabled_at is not None:
        return
    one_at_a_time(session, "administrators")
    others = sa.select(Staff.id).where(Staff.role == Role.ADMIN, Staff.disabled_at.is_(None), Staff.id != staff.id)
    if session.scalar(others.limit(1)) is None:
        raise Conflict("the office needs an administrator; make somebody else one first")


def employ_again(staff: Staff, *, wall_now: datetime) -> str:
    """Let somebody in again who had been disabled; gives the token of the link by which they set a new password."""
    staff.disabled_at = staff.password_hash = None
    return new_link(staff, wall_now=wall_now)
