"""Logins: each is a row, lives while signs of life come, and ends at once when the row ends."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy import orm

from app.models.staff import LoginSession, Staff
from app.models.vault import Vault

IDLE: Final = timedelta(hours=2)
LONGEST: Final = timedelta(hours=12)
AWAITS_LASTS: Final = timedelta(minutes=10)
_SEEN_EVERY: Final = timedelta(minutes=1)  # how often a login's last sign of life is written down


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


NOWHERE: Final = Origin("", "")


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
        return NOWHERE
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


def hashed(token: str) -> str:
    """A random token as it is stored; random ones need no salt."""
    return hashlib.sha256(token.encode()).hexdigest()
