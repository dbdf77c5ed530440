"""Who sits at the desk: logins begin with a password, live as rows, and end at once when the row ends.

Whoever must show more than a password has a login that awaits it: it opens nothing but the page that asks for it.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Final

import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import orm

from app.domain.password import check_password
from app.models.engines import Database
from app.models.login_pace import count_failure, forget_failures, pause
from app.models.one_at_a_time import one_at_a_time
from app.models.second_factor import SecondFactor
from app.models.staff import LoginSession, Staff
from app.models.vault import Vault

IDLE: Final = timedelta(hours=2)
LONGEST: Final = timedelta(hours=12)
LINK_LASTS: Final = timedelta(hours=72)
AWAITS_LASTS: Final = timedelta(minutes=10)
CODE: Final = "code"  # what a login awaits: a code of the authenticator
FACTOR: Final = "factor"  # that an authenticator is set up
_SEEN_EVERY: Final = timedelta(minutes=1)  # how often a login's last sign of life is written down
_AT_ONCE = threading.BoundedSemaphore(2)  # one verification takes 64 MiB
_HASHER = PasswordHasher()


@dataclass(frozen=True, slots=True)
class Refused:
    """Wrong e-mail address or password, or nobody who may come in."""

    wait: timedelta | None = None  # how long to wait before the next try; None if there is no need to


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who shows a valid login."""

    staff: Staff
    token_hash: str
    created_at: datetime
    seen_at: datetime
    awaits: str | None  # code, factor; None: who it is has been shown

    @property
    def ends_at(self) -> datetime:
        """When the login ends by itself if nothing more is heard of it; wall time."""
        return min(self.seen_at + IDLE, self.created_at + LONGEST)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a login comes from."""

    address: str
    browser: str


_NOWHERE: Final = Origin("", "")


def log_in(
    database: Database,
    vault: Vault,
    email: str,
    password: str,
    *,
    wall_now: datetime,
    obliged: Collection[str] = (),
    origin: Origin = _NOWHERE,
    checks_only: bool = False,
) -> str | Refused:
    """Begin a login; gives its token, which is kept nowhere but in the browser.

    While the password is being checked, which takes long on purpose, no transaction is open: callers' turns wait for
    nobody who tries passwords.

    Args:
        obliged: the roles whose password is not enough.
        checks_only: only look whether the password is right; no login begins, and the token is "".

    Returns:
        `Refused` if it does not begin; which of the two was wrong is not told, and the failure is counted.
    """
    address = email.strip().lower()
    index = vault.index(address)
    with database.reads() as session:
        wait = pause(session, index, wall_now)
        if wait is not None:
            return Refused(wait)
        password_hash = session.scalar(_employed(address).with_only_columns(Staff.password_hash))
    is_right = _is_right(password_hash, password)
    with database.sessions.begin() as session:
        one_at_a_time(session, f"login:{index}")
        wait = pause(session, index, wall_now)  # others may have failed meanwhile
        if wait is not None:
            return Refused(wait)
        staff = session.scalar(_employed(address))
        if not is_right or staff is None or staff.password_hash != password_hash:
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


def begin_login(
    session: orm.Session,
    staff: Staff,
    *,
    wall_now: datetime,
    awaits: str | None = None,
    sealed_origin: bytes | None = None,
) -> str:
    """A login for somebody who has shown who they are, or, if it awaits something, half of it."""
    token = secrets.token_urlsafe(32)
    session.add(
        LoginSession(
            token_hash=hashed(token),
            staff_id=staff.id,
            created_at=wall_now,
            seen_at=wall_now,
            ended_at=None,
            awaits=awaits,
            origin=sealed_origin,
        )
    )
    return token


def seal_origin(vault: Vault, staff_id: int, origin: Origin) -> bytes:
    """Where a login of somebody comes from, as it is kept."""
    return vault.seal([origin.address, origin.browser], f"login_sessions:origin:{staff_id}")


def open_origin(vault: Vault, login: LoginSession) -> Origin:
    """Where a login came from; empty if that was not told."""
    if login.origin is None:
        return _NOWHERE
    return Origin(*vault.open(login.origin, f"login_sessions:origin:{login.staff_id}"))


def good_logins(session: orm.Session, staff_id: int, *, wall_now: datetime) -> list[LoginSession]:
    """The logins of somebody that open pages now, the newest sign of life first."""
    query = sa.select(LoginSession).where(
        LoginSession.staff_id == staff_id,
        LoginSession.ended_at.is_(None),
        LoginSession.awaits.is_(None),
        LoginSession.created_at > wall_now - LONGEST,
        LoginSession.seen_at > wall_now - IDLE,
    )
    return list(session.scalars(query.order_by(LoginSession.seen_at.desc(), LoginSession.created_at.desc())))


def visitor(session: orm.Session, token: str, *, wall_now: datetime) -> Visitor | None:
    """Who shows this token; None if the login has ended, lay idle too long, or its owner may no longer come in."""
    token_hash = hashed(token)
    row = session.execute(
        sa.select(Staff, LoginSession)
        .join(LoginSession, LoginSession.staff_id == Staff.id)
        .where(
            LoginSession.token_hash == token_hash,
            LoginSession.ended_at.is_(None),
            LoginSession.created_at > wall_now - LONGEST,
            LoginSession.seen_at > wall_now - IDLE,
            sa.or_(LoginSession.awaits.is_(None), LoginSession.created_at > wall_now - AWAITS_LASTS),
            Staff.disabled_at.is_(None),
        )
    ).one_or_none()
    return Visitor(row[0], token_hash, row[1].created_at, row[1].seen_at, row[1].awaits) if row is not None else None


def is_stale(seen_at: datetime, wall_now: datetime) -> bool:
    """Whether the last sign of life is so old that it should be written down anew."""
    return seen_at < wall_now - _SEEN_EVERY


def keep_alive(session: orm.Session, token_hash: str, *, wall_now: datetime) -> None:
    """Write down a sign of life, once a minute at most."""
    session.execute(
        sa.update(LoginSession)
        .where(LoginSession.token_hash == token_hash, LoginSession.seen_at < wall_now - _SEEN_EVERY)
        .values(seen_at=wall_now)
    )


def log_out(session: orm.Session, token_hash: str, *, wall_now: datetime) -> None:
    """End a login; a copy of its cookie is worth nothing from now on."""
    session.execute(
        sa.update(LoginSession)
        .where(LoginSession.token_hash == token_hash, LoginSession.ended_at.is_(None))
        .values(ended_at=wall_now)
    )


def end_logins(session: orm.Session, staff_id: int, *, wall_now: datetime, but: str | None = None) -> None:
    """End every login of somebody: they were disabled, or their role or password changed.

    Args:
        but: the hash of the token of a login that goes on.
    """
    query = sa.update(LoginSession).where(LoginSession.staff_id == staff_id, LoginSession.ended_at.is_(None))
    if but is not None:
        query = query.where(LoginSession.token_hash != but)
    session.execute(query.values(ended_at=wall_now))


def new_link(staff: Staff, *, wall_now: datetime) -> str:
    """A one-time token by which somebody sets their password; an earlier one no longer works."""
    token = secrets.token_urlsafe(32)
    staff.link_hash, staff.link_until = hashed(token), wall_now + LINK_LASTS
    return token


def staff_of_link(session: orm.Session, token: str, *, wall_now: datetime) -> Staff | None:
    """Whom a one-time link belongs to; None if it was used, has lapsed, or never was."""
    return session.scalar(
        sa.select(Staff).where(
            Staff.link_hash == hashed(token), Staff.link_until > wall_now, Staff.disabled_at.is_(None)
        )
    )


def set_password(session: orm.Session, staff: Staff, password: str, *, wall_now: datetime) -> None:
    """Set somebody's password; the link is used up and every login of theirs ends.

    Raises:
        Invalid: if the password is too easy to guess.
    """
    check_password(password, staff.email, staff.name)
    with _AT_ONCE:
        staff.password_hash = _HASHER.hash(password)
    staff.link_hash = staff.link_until = None
    end_logins(session, staff.id, wall_now=wall_now)


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
    with _AT_ONCE:
        hashed_new = _HASHER.hash(new)
    with database.sessions.begin() as session:
        person = session.get_one(Staff, staff.id)
        if person.password_hash != known:  # it was changed meanwhile
            return Refused()
        person.password_hash = hashed_new
        end_logins(session, staff.id, wall_now=wall_now, but=keep)
    return None


def hashed(token: str) -> str:
    """A random token as it is stored; random ones need no salt."""
    return hashlib.sha256(token.encode()).hexdigest()


@cache
def _nobody() -> str:
    """What is verified when there is no such person, so that it takes as long."""
    return _HASHER.hash(secrets.token_urlsafe(16))


def _is_right(password_hash: str | None, password: str) -> bool:
    with _AT_ONCE:
        try:
            return _HASHER.verify(password_hash or _nobody(), password)
        except (VerificationError, InvalidHashError):
            return False
