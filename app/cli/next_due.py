"""When the clock process has to look again although nothing has happened meanwhile: the next row that falls due."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import orm

from app.jobs.ticks import ASK_ABOUT_CALLS
from app.models.call import Call
from app.models.outbox import OutboxItem
from app.models.promise import Attempt, Promise
from app.models.reminder import Reminder
from app.models.staff import Staff
from app.promising.foresight import EARLIEST, WITH_NOBODY
from app.services.break_promises import HOPE
from app.services.dial_attempt import Graces

_AFTER_THE_CALL: Final = timedelta(seconds=20)  # who has just hung up is not rung sooner


class NextDue:
    """Asks the database; the statement is put together once."""

    def __init__(self, graces: Graces) -> None:
        """Know after which spans the ticks of this office look again."""
        is_open = Promise.status == "open"
        unknown = sa.and_(Attempt.stage == "intended", Attempt.network_id.is_(None))
        silent = sa.and_(Attempt.stage != "ended", Attempt.network_id.is_not(None))
        of_open_promise = sa.exists().where(Promise.id == Reminder.promise_id, is_open)
        at_once = timedelta(0)
        moments: list[tuple[Any, timedelta, sa.ColumnElement[bool]]] = [
            (Promise.next_attempt_at, at_once, is_open),
            (Promise.claimed_until, at_once, is_open),
            (Promise.due_at, HOPE, is_open),
            (Reminder.due_at, at_once, sa.and_(Reminder.said_at.is_(None), of_open_promise)),
            (Promise.due_at, -EARLIEST, is_open),
            (Promise.due_at, -WITH_NOBODY, is_open),
            (OutboxItem.next_at, at_once, OutboxItem.status == "waiting"),
            (OutboxItem.claimed_until, at_once, OutboxItem.status == "sending"),
            (Staff.free_since, at_once, sa.true()),
            (Call.seen_at, ASK_ABOUT_CALLS, Call.settled_at.is_(None)),
            (Call.ended_at, _AFTER_THE_CALL, sa.true()),
            (Attempt.wall_at, graces.ask, unknown),
            (Attempt.wall_at, graces.give_up, unknown),
            (Attempt.wall_at, graces.silent, silent),
        ]
        self._spans = [span for _, span, _ in moments]
        self._question = sa.select(
            *(
                sa.select(sa.func.min(column)).where(column > sa.bindparam(f"after_{place}"), which).scalar_subquery()
                for place, (column, _, which) in enumerate(moments)
            )
        )

    def after(self, session: orm.Session, since: datetime) -> datetime | None:
        """The first instant after `since` at which a row falls due by the mere passing of time; None if none does.

        For an office whose machine's clock is the office's clock.
        """
        bounds = {f"after_{place}": since - span for place, span in enumerate(self._spans)}
        found = zip(session.execute(self._question, bounds).one(), self._spans, strict=True)
        return min((at + span for at, span in found if at is not None), default=None)
