"""The first start of an office: nobody works there yet; whoever holds the one-time link becomes its administrator."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy import orm

from app.domain.email_address import read_email
from app.domain.errors import Invalid
from app.domain.role import Role
from app.models.one_at_a_time import one_at_a_time
from app.models.staff import Staff
from app.services.passwords import new_link

_NOBODY: Final = ""  # the address of who has not said yet who they are; nobody can log in with it


def found_office(session: orm.Session, *, wall_now: datetime) -> str | None:
    """A one-time link for the first administrator; one made before no longer works.

    Returns:
        None once anybody works here.
    """
    one_at_a_time(session, "founding")
    if session.scalar(sa.select(Staff.id).where(Staff.email != _NOBODY).limit(1)) is not None:
        return None
    founder = session.scalar(sa.select(Staff).where(Staff.email == _NOBODY))
    if founder is None:
        founder = Staff(
            email=_NOBODY, name="", role=Role.ADMIN.value, phone=None, languages=["en"], skills=[], created_at=wall_now
        )
        session.add(founder)
    return new_link(founder, wall_now=wall_now)


def is_founder(person: Staff) -> bool:
    """Whether they have not said yet who they are."""
    return person.email == _NOBODY


def introduce(session: orm.Session, founder: Staff, email: str, name: str, language: str) -> None:
    """The founder says who they are.

    Args:
        language: the one they read this page in.

    Raises:
        Invalid: if the address is none, or no name is told.
    """
    address = read_email(email)
    if address is None:
        raise Invalid("email", "is no e-mail address")
    if not name.strip():
        raise Invalid("name", "is missing")
    founder.email, founder.name, founder.languages = address.lower(), name.strip()[:200], [language]
    session.flush()


def forget_founder(session: orm.Session) -> None:
    """Somebody was hired in another way: the link of the first start is worth nothing any more."""
    session.execute(sa.delete(Staff).where(Staff.email == _NOBODY, Staff.password_hash.is_(None)))
