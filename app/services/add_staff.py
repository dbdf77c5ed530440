"""The office hires, changes and dismisses people."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import orm

from app.domain.competence import check_kinds
from app.domain.errors import Conflict, Invalid, NotFound
from app.domain.phone_number import parse_phone
from app.domain.role import Role
from app.models.staff import Staff
from app.services.found_office import forget_founder
from app.services.logins import end_logins
from app.services.passwords import new_link

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def add_staff(
    session: orm.Session,
    *,
    email: str,
    name: str,
    role: Role,
    phone: str | None,
    languages: Sequence[str],
    skills: Sequence[str] = (),
    country: str,
    available: bool,
    now: datetime,
    wall_now: datetime,
) -> tuple[Staff, str]:
    """Hire somebody; gives their row and the token of the one-time link by which they set their password.

    Args:
        phone: of the agent's telephone, in any spelling; None for who takes no calls.
        languages: the ones they speak with customers, the one they are spoken to in first.
        skills: the kinds of case they handle; none: every kind.
        country: ISO 3166; whose national form of `phone` is meant.

    Raises:
        Invalid: if an entry cannot be used.
        Conflict: if the address is taken.
    """
    address = free_address(session, email)
    if not languages:
        raise Invalid("languages", "is empty; name at least one, such as de")
    number = parse_phone(phone, country) if phone else None
    if phone and number is None:
        raise Invalid("phone", "is no valid number; write it as +49…")
    forget_founder(session)
    staff = Staff(
        email=address,
        name=name.strip() or address,
        role=role.value,
        phone=number.e164 if number else None,
        languages=list(languages),
        skills=check_kinds(skills),
        available=available,
        free_since=now if available else None,
        created_at=wall_now,
    )
    session.add(staff)
    token = new_link(staff, wall_now=wall_now)
    session.flush()
    return staff, token


def free_address(session: orm.Session, email: str, *, of: int | None = None) -> str:
    """An e-mail address in lower case that nobody else here has.

    Args:
        of: the id of whose it may be already.

    Raises:
        Invalid: if it is none.
        Conflict: if it is taken.
    """
    address = email.strip().lower()
    if not _EMAIL.fullmatch(address):
        raise Invalid("email", "is no e-mail address")
    if session.scalar(sa.select(Staff.id).where(Staff.email == address, Staff.id != (of or 0))) is not None:
        raise Conflict("somebody with this e-mail address is there already")
    return address


def change_skills(session: orm.Session, email: str, skills: Sequence[str]) -> Staff:
    """From now on somebody handles these kinds of case; none: every kind.

    Raises:
        Invalid: if one is no kind of case.
    """
    staff = find_staff(session, email)
    staff.skills = check_kinds(skills)
    return staff


def find_staff(session: orm.Session, email: str) -> Staff:
    """Somebody, by e-mail address.

    Raises:
        NotFound: if there is nobody with it.
    """
    staff = session.scalar(sa.select(Staff).where(Staff.email == email.strip().lower()))
    if staff is None:
        raise NotFound("person")
    return staff


def disable_staff(session: orm.Session, email: str, *, wall_now: datetime) -> None:
    """Let nobody in under this name from now on: every login ends, and the telephone is not rung any more."""
    staff = find_staff(session, email)
    staff.disabled_at = staff.disabled_at or wall_now
    staff.available, staff.softphone_until = False, None
    staff.link_hash = staff.link_until = None
    end_logins(session, staff.id, wall_now=wall_now)


def change_role(session: orm.Session, email: str, role: Role, *, wall_now: datetime) -> None:
    """Give somebody another role; they log in anew."""
    staff = find_staff(session, email)
    staff.role = role.value
    end_logins(session, staff.id, wall_now=wall_now)
