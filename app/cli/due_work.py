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
from app.models.campaign import Campaign
from app.models.engines import Database
from app.models.outbox import OutboxItem
from app.models.promise import Attempt, Promise, is_at_a_stage_under_way
from app.models.staff import Staff, can_be_rung
from app.services.start_attempts import AFTER_THE_CALL


class Situation(NamedTuple):
    """Whether anybody is to be rung and anybody is there to ring, and whether anything is to be sent."""

    is_wanted: bool  # somebody waits, or a promise is due
    is_ready: bool  # an agent can be rung
    sends: bool
    has_campaigns: bool  # one runs


_LONGEST_CALL: Final = timedelta(hours=6)
_NOW: Final[sa.BindParameter[Any]] = sa.bindparam("now")


class DueWork:
    """Asks the database: one short statement, and one more for those who want to know exactly."""

    def __init__(self, database: Database) -> None:
        """Put the statements together."""
        waiting = Wait.status == "waiting"
        # Claimed ones are counted too: whether one is claimed stands far back in a long row.
        due = sa.and_(Promise.status == "open", Promise.next_attempt_at <= _NOW)
        ready = sa.and_(
            Staff.available,
            Staff.engaged_with.is_(None),
            can_be_rung(),
            sa.or_(Staff.free_since.is_(None), Staff.free_since <= _NOW),
        )
        under_way = is_at_a_stage_under_way()
        live = Call.settled_at.is_(None)
        just_ended = sa.and_(Call.started_at > sa.bindparam("calls_since"), Call.ended_at > sa.bindparam("just"))
        waits = sa.and_(OutboxItem.status == "waiting", OutboxItem.next_at <= _NOW)
        lost = sa.and_(OutboxItem.status == "sending", OutboxItem.claimed_until < _NOW)
        self._short = RawQuestion(
            database,
            sa.select(
                sa.or_(sa.exists().where(waiting), sa.exists().where(due)),
                sa.exists().where(ready),
                sa.or_(sa.exists().where(waits), sa.exists().where(lost)),
                sa.exists().where(Campaign.status == "running"),
            ),
        )
        count = sa.func.count()
        self._exact = RawQuestion(
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
            ),
        )

    def at(self, now: datetime) -> Situation:
        """The situation at `now`, for an office whose machine's clock is the office's clock."""
        wanted, ready, sends, has_campaigns = self._short.ask({"now": now})
        return Situation(bool(wanted), bool(ready), bool(sends), bool(has_campaigns))

    def exactly(self, now: datetime) -> tuple[Any, ...]:
        """What decides who can be rung: the same again means that it would be tried in vain again."""
        return self._exact.ask({"now": now, "just": now - AFTER_THE_CALL, "calls_since": now - _LONGEST_CALL})


def _one(what: Any, table: Any, which: sa.ColumnElement[bool]) -> sa.ScalarSelect[Any]:
    return sa.select(what).select_from(table).where(which).scalar_subquery()
