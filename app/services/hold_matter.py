"""A legal hold: as long as it stands, nothing of the case is removed, neither by its term nor on request."""

from __future__ import annotations

import secrets
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import orm

from app.domain.errors import Conflict, Invalid
from app.models.case import Case
from app.models.journal import note
from app.models.keeping import Hold
from app.models.one_at_a_time import one_at_a_time
from app.models.vault import Vault


def hold_matter(session: orm.Session, vault: Vault, case: Case, reason: str, actor: str, *, now: datetime) -> Hold:
    """Place a hold on a case.

    Args:
        actor: staff:<id>, or operator.

    Raises:
        Invalid: if no reason is given.
        Conflict: if one stands already.
    """
    if not reason.strip():
        raise Invalid("reason", "is missing; write why nothing may be removed")
    one_at_a_time(session, f"hold:{case.id}")
    if standing_hold(session, case) is not None:
        raise Conflict("a hold stands on this case already")
    key = secrets.token_urlsafe(12)
    hold = Hold(
        key=key,
        case_id=case.id,
        reason=vault.seal(reason.strip(), f"holds:{key}"),
        placed_at=now,
        placed_by=actor,
    )
    session.add(hold)
    note(session, vault, case, "hold", actor, now, reason=reason.strip())
    return hold


def lift_hold(session: orm.Session, vault: Vault, case: Case, actor: str, *, now: datetime) -> None:
    """Lift the hold of a case; what is due by then is removed at the next round.

    Raises:
        Conflict: if none stands.
    """
    hold = standing_hold(session, case)
    if hold is None:
        raise Conflict("no hold stands on this case")
    hold.lifted_at, hold.lifted_by = now, actor
    note(session, vault, case, "hold_lifted", actor, now)


def standing_hold(session: orm.Session, case: Case) -> Hold | None:
    """The hold on a case; None if none stands."""
    return session.scalar(sa.select(Hold).where(Hold.case_id == case.id, Hold.lifted_at.is_(None)))
