"""Other systems are let in, by a token that is shown once."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import orm

from app.domain.errors import Conflict, Invalid, NotFound
from app.domain.scope import Scope, read_scopes
from app.models.staff import ApiToken
from app.services.log_in import hashed

PREFIX = "rr_"  # so that scanners for leaked secrets can know them


def add_token(
    session: orm.Session,
    name: str,
    *,
    scopes: Iterable[str] = tuple(Scope),
    lasts: timedelta | None = None,
    wall_now: datetime,
) -> str:
    """A new token; only its digest is kept.

    Args:
        scopes: what it opens.
        lasts: until it lapses; None: it is good until it is revoked.

    Raises:
        Conflict: if the name is taken.
        Invalid: if the name is blank, or a scope is unknown.
    """
    if not name.strip():
        raise Invalid("name", "is missing; name the system that will use it")
    if session.scalar(sa.select(ApiToken.id).where(ApiToken.name == name)) is not None:
        raise Conflict(f"there is a token named {name!r} already; revoke it or take another name")
    token = PREFIX + secrets.token_urlsafe(32)
    session.add(
        ApiToken(
            name=name,
            token_hash=hashed(token),
            scopes=read_scopes(scopes),
            created_at=wall_now,
            expires_at=wall_now + lasts if lasts is not None else None,
        )
    )
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


def scopes_of(session: orm.Session, token: str, *, wall_now: datetime) -> frozenset[str] | None:
    """What this token opens; None if it was never given out, was revoked, or has lapsed."""
    known = sa.select(ApiToken.scopes).where(
        ApiToken.token_hash == hashed(token),
        ApiToken.revoked_at.is_(None),
        sa.or_(ApiToken.expires_at.is_(None), ApiToken.expires_at > wall_now),
    )
    scopes = session.scalar(known)
    return frozenset(scopes) if scopes is not None else None
