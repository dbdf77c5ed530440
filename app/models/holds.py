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
from app.models.ready import Row, ask, ask_one, note_written, table_of

LEASE: Final = timedelta(minutes=3)  # wall time; a round of waiting takes less than one
_HELD: Final = "call:"
_FREE: Final[dict[str, None]] = {"claimed_by": None, "claimed_until": None}
_PROMISES: Final = table_of(Promise)
_OF_ID: Final = _PROMISES.c.id == sa.bindparam("of_id")
_HELD_BY_NOBODY: Final = sa.or_(_PROMISES.c.claimed_by.is_(None), _PROMISES.c.claimed_by.not_like(f"{_HELD}%"))
_LET_GO: Final = (
    sa.update(_PROMISES)
    # Open promises alone are held, and an index finds them past all that have ended.
    .where(_PROMISES.c.status == "open", _PROMISES.c.claimed_by == sa.bindparam("holder"))
    .returning(_PROMISES.c.id)
)
# A comparison with nothing is never true, so what is not known holds no promise.
_HOLD: Final = (
    sa.update(_PROMISES)
    .where(
        _PROMISES.c.status == "open",
        sa.or_(
            _PROMISES.c.case_id == sa.bindparam("case_of_call", type_=sa.Integer()),
            _PROMISES.c.phone_index == sa.bindparam("of_number", type_=sa.Text()),
        ),
    )
    .returning(_PROMISES.c.id)
)
_RENEW: Final = (
    sa.update(_PROMISES)
    .where(_PROMISES.c.status == "open", _PROMISES.c.claimed_by == sa.bindparam("holder"))
    .returning(_PROMISES.c.id)
)
_RELEASE: Final = sa.update(_PROMISES).where(_OF_ID, _HELD_BY_NOBODY).returning(_PROMISES.c.id)
_LOCK_FREE: Final = (
    sa.update(_PROMISES)
    .where(
        _OF_ID,
        _PROMISES.c.status == "open",
        sa.or_(_HELD_BY_NOBODY, _PROMISES.c.claimed_until < sa.bindparam("now")),
    )
    .values(claimed_until=_PROMISES.c.claimed_until)
    .returning(_PROMISES.c.id)
)


def hold(
    session: orm.Session, call_key: str, *, case_id: int | None, phone_index: str | None, wall_now: datetime
) -> None:
    """Take the open promises about a case and to a number off the dial list for this call.

    Args:
        case_id: None if the call is about no case yet.
        phone_index: None for a withheld caller.
    """
    _keep(session, _HOLD, call_key, wall_now, case_of_call=case_id, of_number=phone_index)


def renew(session: orm.Session, call_key: str, *, wall_now: datetime) -> None:
    """The call still waits: so does what is held for it."""
    _keep(session, _RENEW, call_key, wall_now, holder=_HELD + call_key)


def let_go(session: orm.Session, call_key: str) -> None:
    """The call has left the queue; what it held and was not served is due as before."""
    _give_back(session, ask(session, _LET_GO, holder=_HELD + call_key, **_FREE))


def release_dial(session: orm.Session, promise_id: int) -> None:
    """Give back the claim of whoever dialled; a hold that came in between stays."""
    _give_back(session, ask(session, _RELEASE, of_id=promise_id, **_FREE))


def take_for_ringing(session: orm.Session, promise_id: int, *, wall_now: datetime) -> bool:
    """Whether the customer may be rung at this moment: the promise is open and held for no call.

    The row stays locked until the transaction ends, so no hold can come in between.
    """
    return ask_one(session, _LOCK_FREE, of_id=promise_id, now=wall_now) is not None


def _give_back(session: orm.Session, rows: list[Row]) -> None:
    for (promise_id,) in rows:
        note_written(session, Promise, promise_id, **_FREE)


def _keep(session: orm.Session, which: sa.Executable, call_key: str, wall_now: datetime, **values: object) -> None:
    held = {"claimed_by": _HELD + call_key, "claimed_until": wall_now + LEASE}
    for (promise_id,) in ask(session, which, **values, **held):
        note_written(session, Promise, promise_id, **held)
