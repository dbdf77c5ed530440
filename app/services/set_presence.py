"""Whether calls may be put through to somebody."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import orm

from app.domain.errors import Invalid
from app.models.staff import Staff


def set_presence(session: orm.Session, staff: Staff, *, available: bool, now: datetime) -> None:
    """Come to the telephone, or go away from it; a conversation that lasts is not touched.

    Raises:
        Invalid: if they have no telephone to be rung on.
    """
    if available and not staff.phone:
        raise Invalid("phone", "there is none on file to ring you on; ask a supervisor to add one")
    session.execute(
        sa.update(Staff)
        .where(Staff.id == staff.id, Staff.available.is_not(available))
        .values(available=available, free_since=now if available else None)
    )
