"""Who comes in: a login begins with a password, slowed down for whoever guesses.

Whoever must show more than a password has a login that awaits it: it opens nothing but the page that asks for it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy import orm

from app.domain.password import check_password
from app.models.engines import Database
from app.models.login_pace import count_failure, forget_failures, pause
from app.models.one_at_a_time import one_at_a_time
from app.models.second_factor import SecondFactor
from app.models.staff import Staff
from app.models.vault import Vault
from app.services.known_device import pace_index
from app.services.logins import NOWHERE, Origin, begin_login, end_logins, seal_origin
from app.services.passwords import hash_of, is_right

CODE: Final = "code"  # what a login awaits: a code of the authenticator
FACTOR: Final = "factor"  # that an authenticator is set up


@dataclass(frozen=True, slots=True)
class Refused:
    """Wrong e-mail address or password, or nobody who may come in."""

    wait: timedelta | None = None  # how long to wait before the next try; None if there is no need to


def log_in(
    database: Database,
    vault: Vault,
    email: str,
    password: str,
    *,
    wall_now: datetime,
    obliged: Collection[str] = (),
    origin: Origin = NOWHERE,
    device: str = "",
    checks_only: bool = False,
) -> str | Refused:
    """Begin a login; gives its token, which is kept nowhere but in the browser.

    While the password is being checked, which takes long on purpose, no transaction is open: callers' turns wait for
    nobody who tries passwords.

    Args:
        device: what the browser got at an earlier login; failures elsewhere do not slow it down.
        obliged: the roles whose password is not enough.
        checks_only: only look whether the password is right; no login begins, and the token is "".

    Returns:
        `Refused` if it does not begin; which of the two was wrong is not told, and the failure is counted.
    """
    address = email.strip().lower()
    index = pace_index(vault, address, device, wall_now=wall_now)
    with database.reads() as session:
        wait = pause(session, index, wall_now)
        if wait is not None:
            return Refused(wait)
        password_hash = session.scalar(_employed(address).with_only_columns(Staff.password_hash))
    is_theirs = is_right(password_hash, password)
    with database.sessions.begin() as session:
        one_at_a_time(session, f"login:{index}")
        wait = pause(session, index, wall_now)  # others may have failed meanwhile
        if wait is not None:
            return Refused(wait)
        staff = session.scalar(_employed(address))
        if not is_theirs or staff is None or staff.password_hash != password_hash:
            return Refused(count_failure(session, index, wall_now))
        forget_failures(session, index)
        if checks_only:
            return ""
        return go_on(session, vault, staff, obliged=obliged, origin=origin, wall_now=wall_now)


def _employed(address: str) -> sa.Select[Staff]:
    return sa.select(Staff).where(Staff.email == address, Staff.disabled_at.is_(None))


def go_on(
    session: orm.Session, vault: Vault, staff: Staff, *, obliged: Collection[str], origin: Origin, wall_now: datetime
) -> str:
    """A login for somebody who has shown one thing, a password or a one-time link; it may await another."""
    confirmed = sa.select(SecondFactor.staff_id).where(
        SecondFactor.staff_id == staff.id, SecondFactor.confirmed_at.is_not(None)
    )
    awaits = CODE if session.scalar(confirmed) is not None else FACTOR if staff.role in obliged else None
    return begin_login(
        session, staff, wall_now=wall_now, awaits=awaits, sealed_origin=seal_origin(vault, staff.id, origin)
    )


def change_password(
    database: Database, vault: Vault, staff: Staff, old: str, new: str, *, keep: str, wall_now: datetime
) -> Refused | None:
    """Set another password for who knows the present one; every other login of theirs ends.

    Args:
        keep: the hash of the token of the login that goes on.

    Returns:
        `Refused` if the present one is wrong; that counts as a failed login.

    Raises:
        Invalid: if the new one is too easy to guess.
    """
    check_password(new, staff.email, staff.name)
    known = staff.password_hash
    begun = log_in(database, vault, staff.email, old, wall_now=wall_now, checks_only=True)
    if isinstance(begun, Refused):
        return begun
    hash_of_new = hash_of(new)
    with database.sessions.begin() as session:
        person = session.get_one(Staff, staff.id)
        if person.password_hash != known:  # it was changed meanwhile
            return Refused()
        person.password_hash = hash_of_new
        end_logins(session, staff.id, wall_now=wall_now, but=keep)
    return None
