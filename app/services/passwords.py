"""Passwords, and the one-time links by which people set them."""

from __future__ import annotations

import secrets
import threading
from datetime import datetime, timedelta
from functools import cache
from typing import Final

import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import orm

from app.domain.password import check_password
from app.models.staff import Staff
from app.services.logins import end_logins, hashed

LINK_LASTS: Final = timedelta(hours=72)
_AT_ONCE = threading.BoundedSemaphore(2)  # one verification takes 64 MiB
_HASHER = PasswordHasher()


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
    staff.password_hash = hash_of(password)
    staff.link_hash = staff.link_until = None
    end_logins(session, staff.id, wall_now=wall_now)


def hash_of(password: str) -> str:
    """What is kept of a password."""
    with _AT_ONCE:
        return _HASHER.hash(password)


@cache
def _nobody() -> str:
    """What is verified when there is no such person, so that it takes as long."""
    return _HASHER.hash(secrets.token_urlsafe(16))


def is_right(password_hash: str | None, password: str) -> bool:
    """Whether this is the password; takes as long if there is nobody."""
    with _AT_ONCE:
        try:
            return _HASHER.verify(password_hash or _nobody(), password)
        except (VerificationError, InvalidHashError):
            return False
