"""A promise that is long overdue and has nobody to keep it ends as broken, with its cause, and never in silence."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa

from app.domain.promise import BreakCause
from app.models.promise import Attempt, Promise, is_under_way
from app.models.ready import look_all
from app.models.staff import people
from app.services.end_attempt import break_promise
from app.services.one_by_one import one_by_one
from app.services.take_turn import Switchboard

HOPE: Final = timedelta(days=2)
"""Office time after the deadline during which it is still tried: kept late is better for the customer than broken."""


_OVERDUE: Final = (
    sa.select(Promise.id)
    .outerjoin(Attempt, sa.and_(Attempt.promise_id == Promise.id, is_under_way()))
    .where(Promise.status == "open", Promise.due_at < sa.bindparam("hopeless"), Attempt.id.is_(None))
    .limit(100)
)


def break_promises(board: Switchboard, *, now: datetime) -> int:
    """End what is overdue by more than `HOPE` and not under way; gives how many."""
    overdue = look_all(board.database, _OVERDUE, hopeless=now - HOPE)

    def end(promise_id: int) -> bool:
        with board.database.sessions.begin() as session:
            promise = session.get_one(Promise, promise_id)
            hotline = board.hotline_named(promise.hotline)
            on_duty = people(session, promise.language, promise.case.kind, on_duty=True)
            cause = BreakCause.OVERLOAD if on_duty else BreakCause.NO_AGENT
            return break_promise(session, board.vault, board.present.words, promise, hotline, cause, now)

    return one_by_one(overdue, end)
