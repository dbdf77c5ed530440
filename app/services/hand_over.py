"""A case goes from one person to another, with a reason (T11)."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import orm

from app.domain.errors import Conflict, Invalid
from app.models.case import Case
from app.models.journal import note
from app.models.promise import Promise
from app.models.records import lock_case, record_to_change, seal_record
from app.models.staff import Staff
from app.models.vault import Vault

_LONGEST_REASON = 500


def hand_over(
    session: orm.Session, vault: Vault, case: Case, to: Staff | None, reason: str, by: Staff, *, now: datetime
) -> None:
    """Make somebody else the owner of a case and of its open promises.

    Raises:
        Invalid: if nobody is named, or no reason is given.
        Conflict: if they own it already.
    """
    why = reason.strip()
    if to is None or to.disabled_at is not None:
        raise Invalid("to", "names nobody who works here")
    if not why or len(why) > _LONGEST_REASON:
        raise Invalid("reason", "is missing, or longer than 500 signs; one sentence is enough")
    if case.owner_id == to.id:
        raise Conflict(f"{to.name} owns this case already")
    lock_case(session, case)
    before = session.get(Staff, case.owner_id) if case.owner_id else None
    case.owner_id = to.id
    session.execute(
        sa.update(Promise).where(Promise.case_id == case.id, Promise.status == "open").values(owner_id=to.id)
    )
    seal_record(vault, case, record_to_change(session, vault, case).with_facts({"assessment.owner": to.name}))
    note(
        session, vault, case, "handed_over", f"staff:{by.id}", now,
        **{"from": before.name if before else None, "to": to.name, "reason": why},
    )  # fmt: skip
