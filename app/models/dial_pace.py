"""How fast we may dial: the network's limit counts per account, so all clock processes share one row."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base
from app.models.engines import Database
from app.models.ready import ask_one, look, table_of
from app.models.upsert import insert_absent

_ABSURD: Final = timedelta(seconds=30)
"""A next dial further ahead was written by a machine whose clock is wrong; nobody waits for that."""


class DialPace(Base):
    """The one row from which every dial takes its turn."""

    __tablename__ = "dial_pace"

    id: Mapped[int] = mapped_column(primary_key=True)  # always 1
    next_at: Mapped[datetime]  # wall time before which nobody dials again


_PACE: Final = table_of(DialPace)
_IS_TIME: Final = sa.or_(_PACE.c.next_at <= sa.bindparam("now"), _PACE.c.next_at > sa.bindparam("absurd"))
_TAKE: Final = sa.update(_PACE).where(_PACE.c.id == 1, _IS_TIME).returning(_PACE.c.id)


def take_pace(session: orm.Session, *, wall_now: datetime, per_second: float, spare: timedelta = timedelta(0)) -> bool:
    """Take the turn to dial once, if it is time; one conditional UPDATE, for any number of processes.

    Must be the last statement of its transaction, since others wait for this row until it ends.

    Args:
        wall_now: the machine's time.
        per_second: how many dials a second the account may begin.
        spare: how long it must have been time already; who asks so leaves the first turn to others.
    """
    next_at = wall_now + timedelta(seconds=1 / per_second)
    if ask_one(session, _TAKE, now=wall_now - spare, absurd=wall_now + _ABSURD, next_at=next_at) is not None:
        return True
    return insert_absent(session, DialPace, {"id": 1, "next_at": next_at}, ("id",))


_NEXT: Final = sa.select(_PACE.c.next_at)


def pause_of(database: Database, *, wall_now: datetime) -> timedelta:
    """How long to wait until it may be time for the next dial; nothing if it is now. Who asks takes no turn by it."""
    waits = [at - wall_now for (at,) in look(database, _NEXT)]
    return next((wait for wait in waits if timedelta(0) < wait < _ABSURD), timedelta(0))
