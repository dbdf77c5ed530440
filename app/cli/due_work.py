"""Whether an eager tick would find anything at this moment, asked before it is run.

Ticks that find nothing cost most of what a simulated month would take. What is asked here are the first questions of
the ticks themselves; when in doubt the tick is run.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

import sqlalchemy as sa

from app.cli.raw_question import RawQuestion
from app.models.call import Call, Wait
from app.models.engines import Database
from app.models.outbox import OutboxItem
from app.models.promise import Attempt, Promise, is_under_way
from app.models.staff import Staff
from app.services.choose_agent import WAIT_FOR_OWNER
from app.services.start_attempts import AFTER_THE_CALL


class Situation(NamedTuple):
    """What decides whether anybody can be rung, and whether anything can be sent."""

    rings: tuple[
        Any, ...
    ]  # waiting callers, due promises, ready agents, busy lines: how many, which, whose owner is awaited
    sends: int

    @property
    def may_ring(self) -> bool:
        """Whether somebody is to be rung and somebody is there to ring."""
        waiting, due, ready = self.rings[0], self.rings[2], self.rings[4]
        return bool((waiting or due) and ready)


_LONGEST_CALL: Final = timedelta(hours=6)
_NOW: Final[sa.BindParameter[Any]] = sa.bindparam("now")


class DueWork:
    """Asks the database; one statement."""

    def __init__(self, database: Database) -> None:
        """Put the statement together."""
        waiting = Wait.status == "waiting"
        due = sa.and_(
            Promise.status == "open",
            Promise.next_attempt_at <= _NOW,
            sa.or_(Promise.claimed_until.is_(None), Promise.claimed_until < _NOW),
        )
        ready = sa.and_(
            Staff.available,
            Staff.engaged_with.is_(None),
            Staff.disabled_at.is_(None),
            Staff.phone.is_not(None),
            sa.or_(Staff.free_since.is_(None), Staff.free_since <= _NOW),
        )
        under_way = is_under_way()
        live = Call.settled_at.is_(None)
        just_ended = sa.and_(Call.started_at > sa.bindparam("calls_since"), Call.ended_at > sa.bindparam("just"))
        sends = sa.or_(
            sa.and_(OutboxItem.status == "waiting", OutboxItem.next_at <= _NOW),
            sa.and_(OutboxItem.status == "sending", OutboxItem.claimed_until < _NOW),
        )
        count = sa.func.count()
        self._question = RawQuestion(
            database,
            sa.select(
                _one(count, Wait, waiting),
                _one(sa.func.min(Wait.joined_at), Wait, waiting),
                _one(count, Promise, due),
                _one(sa.func.sum(Promise.id), Promise, due),
                _one(count, Staff, ready),
                _one(sa.func.sum(Staff.id * Staff.id), Staff, ready),
                _one(count, Attempt, under_way),
                _one(sa.func.sum(Attempt.id), Attempt, under_way),
                _one(count, Call, live),
                _one(sa.func.max(Call.key), Call, live),
                _one(count, Call, just_ended),
                _one(count, Promise, sa.and_(due, Promise.latest_start_at <= sa.bindparam("owners_until"))),
                _one(count, OutboxItem, sends),
            ),
        )

    def at(self, now: datetime) -> Situation:
        """The situation at `now`, for an office whose machine's clock is the office's clock."""
        bounds = {"now": now, "just": now - AFTER_THE_CALL, "calls_since": now - _LONGEST_CALL}
        row = self._question.ask({**bounds, "owners_until": now + WAIT_FOR_OWNER})
        return Situation(row[:-1], row[-1])


def _one(what: Any, table: Any, which: sa.ColumnElement[bool]) -> sa.ScalarSelect[Any]:
    return sa.select(what).select_from(table).where(which).scalar_subquery()
