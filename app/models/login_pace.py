"""Slows down whoever guesses: failures are counted under a keyed index, and each one makes the next wait longer."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy import orm

from app.models.engines import Database
from app.models.staff import LoginFailure

_WINDOW: Final = timedelta(minutes=15)
FAILURES_KEPT: Final = timedelta(days=1)  # the machine's time; they count for a quarter of an hour only
_FREE_TRIES: Final = 5
_PAUSE: Final = timedelta(seconds=5)  # doubled by every further failure
_LONGEST_PAUSE: Final = timedelta(minutes=5)


def pause(session: orm.Session, index: str, wall_now: datetime) -> timedelta | None:
    """How long who tries this must wait; the fifth failure within a quarter of an hour begins it."""
    failures = session.scalars(
        sa.select(LoginFailure.at)
        .where(LoginFailure.email_index == index, LoginFailure.at > wall_now - _WINDOW)
        .order_by(LoginFailure.at)
    ).all()
    if len(failures) < _FREE_TRIES:
        return None
    length = min(_PAUSE * 2 ** min(len(failures) - _FREE_TRIES, 10), _LONGEST_PAUSE)
    left = failures[-1] + length - wall_now
    return left if left > timedelta(0) else None


def count_failure(session: orm.Session, index: str, wall_now: datetime) -> timedelta | None:
    """Count one failure; gives how long the next try must wait."""
    session.add(LoginFailure(email_index=index, at=wall_now))
    session.flush()
    return pause(session, index, wall_now)


def forget_failures(session: orm.Session, index: str) -> None:
    """Forget them: whoever it was has shown what was asked for."""
    session.execute(sa.delete(LoginFailure).where(LoginFailure.email_index == index))


def forget_old_failures(database: Database, *, wall_now: datetime) -> int:
    """Remove failures that have long ceased to count, of addresses at which nobody ever got in; gives how many."""
    old = LoginFailure.at < wall_now - FAILURES_KEPT
    with database.reads() as session:
        if session.scalar(sa.select(LoginFailure.id).where(old).limit(1)) is None:
            return 0
    with database.sessions.begin() as session:
        return len(session.execute(sa.delete(LoginFailure).where(old).returning(LoginFailure.id)).all())
