"""Other systems are let in, by a token that is shown once."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import orm

from app.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from app.domain.scope import READS, may_write, read_scopes, within
from app.models.staff import ApiToken, Staff
from app.services.logins import hashed

PREFIX = "rr_"  # so that scanners for leaked secrets can know them


def add_token(
    session: orm.Session,
    name: str,
    *,
    scopes: Iterable[str] = READS,
    lasts: timedelta | None = None,
    acts_for: Staff | None = None,
    wall_now: datetime,
) -> str:
    """A new token; only its digest is kept.

    Args:
        scopes: what it opens.
        lasts: until it lapses; None: it is good until it is revoked.
        acts_for: in whose name it writes, and whose permissions bound it for as long as it is good; None: the operator
            of the machine makes one that reads.

    Raises:
        Conflict: if the name is taken.
        Invalid: if the name is blank, a scope is unknown, or one that writes acts for nobody.
        NotAllowed: if it would open what they may not do themselves.
    """
    if not name.strip():
        raise Invalid("name", "is missing; name the system that will use it")
    if session.scalar(sa.select(ApiToken.id).where(ApiToken.name == name)) is not None:
        raise Conflict(f"there is a token named {name!r} already; revoke it or take another name")
    opens = read_scopes(scopes)
    if acts_for is None and may_write(opens):
        raise Invalid("scopes", "write, so the token must act for somebody of the office")
    if acts_for is not None and within(opens, acts_for.role) != set(opens):
        raise NotAllowed("make a token that may do more than its maker")
    token = PREFIX + secrets.token_urlsafe(32)
    session.add(
        ApiToken(
            name=name,
            token_hash=hashed(token),
            scopes=opens,
            acts_for=acts_for.id if acts_for is not None else None,
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


@dataclass(frozen=True, slots=True)
class ShownToken:
    """A good token that another system showed."""

    id: int
    name: str
    opens: frozenset[str]
    acts_for: int | None  # of the staff


def token_shown(session: orm.Session, token: str, *, wall_now: datetime) -> ShownToken | None:
    """What this token is; None if it was never given out, was revoked, or has lapsed.

    It opens nothing that the person it acts for may not do any more, because they left or have another role now.
    """
    known = (
        sa.select(ApiToken, Staff.role, Staff.disabled_at)
        .outerjoin(Staff, Staff.id == ApiToken.acts_for)
        .where(
            ApiToken.token_hash == hashed(token),
            ApiToken.revoked_at.is_(None),
            sa.or_(ApiToken.expires_at.is_(None), ApiToken.expires_at > wall_now),
        )
    )
    row = session.execute(known).one_or_none()
    if row is None:
        return None
    found, role, disabled_at = row
    opens = frozenset(found.scopes)
    if found.acts_for is not None:
        opens = frozenset() if disabled_at is not None else within(found.scopes, role)
    return ShownToken(found.id, found.name, opens, found.acts_for)
