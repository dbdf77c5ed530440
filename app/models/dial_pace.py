"""How fast we may dial: the network's limit counts per account, so all clock processes share one row."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base
from app.models.upsert import insert_absent

_ABSURD: Final = timedelta(seconds=30)
"""A next dial further ahead was written by a machine whose clock is wrong; nobody waits for that."""


class DialPace(Base):
    """The one row from which every dial takes its turn."""

    __tablename__ = "dial_pace"

    id: Mapped[int] = mapped_column(primary_key=True)  # always 1
    next_at: Mapped[datetime]  # wall time before which nobody dials again


def take_pace(session: orm.Session, *, wall_now: datetime, per_second: float) -> bool:
    """Take the turn to dial once, if it is time; one conditional UPDATE, for any number of processes.

    Must be the last statement of its transaction, since others wait for this row until it ends.

    Args:
        wall_now: the machine's time.
        per_second: how many dials a second the account may begin.
    """
    next_at = wall_now + timedelta(seconds=1 / per_second)
    is_time = sa.or_(DialPace.next_at <= wall_now, DialPace.next_at > wall_now + _ABSURD)
    taken = session.scalar(
        sa.update(DialPace).where(DialPace.id == 1, is_time).values(next_at=next_at).returning(DialPace.id)
    )
    if taken is not None:
        return True
    return insert_absent(session, DialPace, {"id": 1, "next_at": next_at}, ("id",))
