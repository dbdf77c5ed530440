"""Somebody comes in with the company's own account instead of a password."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import orm

from app.identity.id_token import Person
from app.models.identity import Identity
from app.models.staff import Staff
from app.models.upsert import insert_absent
from app.models.vault import Vault
from app.services.logins import Origin, begin_login, seal_origin


def sign_on(session: orm.Session, vault: Vault, person: Person, *, origin: Origin, wall_now: datetime) -> str | None:
    """Begin a login for whom the provider vouches for; gives its token.

    An account is known by its subject. The first time, it is bound to whoever has its verified e-mail address here and
    no other account; nobody is hired by it. The second factor is the provider's to ask for.

    Returns:
        None if nobody here has this account, or they may not come in.
    """
    staff = _bound(session, person) or _bind(session, person, wall_now)
    if staff is None or staff.disabled_at is not None:
        return None
    sealed = seal_origin(vault, staff.id, origin)
    return begin_login(session, staff, wall_now=wall_now, sealed_origin=sealed)


def _bound(session: orm.Session, person: Person) -> Staff | None:
    known = sa.select(Staff).join(Identity, Identity.staff_id == Staff.id)
    return session.scalar(known.where(Identity.issuer == person.issuer, Identity.subject == person.subject))


def _bind(session: orm.Session, person: Person, wall_now: datetime) -> Staff | None:
    if person.email is None:
        return None
    staff = session.scalar(sa.select(Staff).where(Staff.email == person.email, Staff.disabled_at.is_(None)))
    if staff is None:
        return None
    values = {"issuer": person.issuer, "subject": person.subject, "staff_id": staff.id, "bound_at": wall_now}
    if not insert_absent(session, Identity, values, ("issuer", "staff_id")):
        return None  # this person has another account; an address was given to somebody else
    return staff
