"""A promise is held while its customer waits in the queue for a human: nobody else rings them meanwhile.

The hold is the promise's claim, taken over from whoever is about to dial: one conditional UPDATE, renewed with every
round of waiting, so that it lapses by itself if nothing is heard of the call any more.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy import orm

from app.models.promise import Promise

LEASE: Final = timedelta(minutes=3)  # wall time; a round of waiting takes less than one
_HELD: Final = "call:"


def hold(
    session: orm.Session, call_key: str, *, case_id: int | None, phone_index: str | None, wall_now: datetime
) -> None:
    """Take the open promises about a case and to a number off the dial list for this call.

    Args:
        case_id: None if the call is about no case yet.
        phone_index: None for a withheld caller.
    """
    theirs = sa.or_(
        Promise.case_id == case_id if case_id is not None else sa.false(),
        Promise.phone_index == phone_index if phone_index is not None else sa.false(),
    )
    _keep(session, call_key, theirs, wall_now)


def renew(session: orm.Session, call_key: str, *, wall_now: datetime) -> None:
    """The call still waits: so does what is held for it."""
    _keep(session, call_key, Promise.claimed_by == _HELD + call_key, wall_now)


def let_go(session: orm.Session, call_key: str) -> None:
    """The call has left the queue; what it held and was not served is due as before."""
    session.execute(
        sa.update(Promise)
        .where(Promise.claimed_by == _HELD + call_key)
        .values(claimed_by=None, claimed_until=None)
        .execution_options(synchronize_session="fetch")
    )


def release_dial(session: orm.Session, promise_id: int) -> None:
    """Give back the claim of whoever dialled; a hold that came in between stays."""
    session.execute(
        sa.update(Promise)
        .where(Promise.id == promise_id, sa.or_(Promise.claimed_by.is_(None), Promise.claimed_by.not_like(f"{_HELD}%")))
        .values(claimed_by=None, claimed_until=None)
        .execution_options(synchronize_session="fetch")
    )


def take_for_ringing(session: orm.Session, promise_id: int, *, wall_now: datetime) -> bool:
    """Whether the customer may be rung at this moment: the promise is open and held for no call.

    The row stays locked until the transaction ends, so no hold can come in between.
    """
    free = sa.or_(
        Promise.claimed_by.is_(None),
        Promise.claimed_by.not_like(f"{_HELD}%"),
        Promise.claimed_until < wall_now,
    )
    taken = session.scalar(
        sa.update(Promise)
        .where(Promise.id == promise_id, Promise.status == "open", free)
        .values(claimed_until=Promise.claimed_until)
        .returning(Promise.id)
    )
    return taken is not None


def _keep(session: orm.Session, call_key: str, which: sa.ColumnElement[bool], wall_now: datetime) -> None:
    session.execute(
        sa.update(Promise)
        .where(Promise.status == "open", which)
        .values(claimed_by=_HELD + call_key, claimed_until=wall_now + LEASE)
        .execution_options(synchronize_session="fetch")
    )
