"""Whether calls may be put through to somebody: available, writing up the last conversation, or away."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy import orm

from app.domain.errors import Invalid
from app.domain.telephone import has_telephone
from app.models.staff import Staff

AWAY_REASONS: Final = ("break", "lunch", "training", "meeting", "other_work", "end_of_shift")
WRAP_UP: Final = timedelta(minutes=5)  # office time in which who writes something up is not rung; it can be ended
WHILE_TYPING: Final = timedelta(minutes=1)  # who types is not rung for so long after the last key


def set_presence(
    session: orm.Session, staff: Staff, *, available: bool, now: datetime, reason: str | None = None
) -> None:
    """Come to the telephone, or go away from it; a conversation that lasts is not touched.

    Args:
        reason: why they go away; None if they do not say.

    Raises:
        Invalid: if they have no telephone to be rung on, or the reason is none of ours.
    """
    if available and not has_telephone(staff):
        raise Invalid("phone", "there is none on file to ring you on; ask a supervisor to add one")
    if reason is not None and reason not in AWAY_REASONS:
        raise Invalid("reason", "is none that the office knows")
    why = None if available else reason
    session.execute(
        sa.update(Staff)
        .where(Staff.id == staff.id, Staff.available.is_not(available))
        .values(available=available, free_since=now if available else None, away_reason=why, presence_since=now)
    )
    if available:
        # Who was writing something up is ready before the time is over.
        session.execute(sa.update(Staff).where(Staff.id == staff.id, Staff.free_since > now).values(free_since=now))
    elif reason is not None:
        session.execute(sa.update(Staff).where(Staff.id == staff.id).values(away_reason=why))


def keep_for_wrap_up(session: orm.Session, staff: Staff, *, now: datetime, length: timedelta = WRAP_UP) -> None:
    """Ring somebody who is available for nothing until they have written up; time that is left already stays.

    The dispatcher rings nobody before `free_since`.
    """
    until = now + length
    session.execute(
        sa.update(Staff)
        .where(
            Staff.id == staff.id,
            Staff.available.is_(True),
            sa.or_(Staff.free_since.is_(None), Staff.free_since < until),
        )
        .values(free_since=until)
    )


def end_wrap_up(session: orm.Session, staff: Staff, *, now: datetime) -> None:
    """What was to be written up is written: somebody can be rung again."""
    session.execute(
        sa.update(Staff)
        .where(Staff.id == staff.id, Staff.available.is_(True), Staff.free_since > now)
        .values(free_since=now)
    )
