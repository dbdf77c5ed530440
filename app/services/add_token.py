"""Other systems are let in, by a token that is shown once."""

from __future__ import annotations

import secrets
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import orm

from app.domain.errors import Conflict, NotFound
from app.models.staff import ApiToken
from app.services.log_in import hashed

PREFIX = "rr_"  # so that scanners for leaked secrets can know them


def add_token(session: orm.Session, name: str, *, wall_now: datetime) -> str:
    """A new token; only its digest is kept.

    Raises:
        Conflict: if the name is taken.
    """
    if session.scalar(sa.select(ApiToken.id).where(ApiToken.name == name)) is not None:
        raise Conflict(f"there is a token named {name!r} already; revoke it or take another name")
    token = PREFIX + secrets.token_urlsafe(32)
    session.add(ApiToken(name=name, token_hash=hashed(token), created_at=wall_now))
    return token


def revoke_token(session: orm.Session, name: str, *, wall_now: datetime) -> None:
    """Let a token no longer in.

    Raises:
        NotFound: if there is none of this name.
    """
    token = session.scalar(sa.select(ApiToken).where(ApiToken.name == name))
    if token is None:
        raise NotFound("token")
    token.revoked_at = token.revoked_at or wall_now


def is_good_token(session: orm.Session, token: str) -> bool:
    """Whether this token was given out and has not been revoked."""
    known = sa.select(ApiToken.id).where(ApiToken.token_hash == hashed(token), ApiToken.revoked_at.is_(None))
    return session.scalar(known) is not None
