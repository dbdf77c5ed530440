"""Whether an eager tick would find anything at this moment, asked before it is run.

Ticks that find nothing cost most of what a simulated month would take. What is asked here are the first questions of
the ticks themselves; when in doubt the tick is run.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from app.cli.raw_question import RawQuestion, as_instant
from app.cli.written_tables import WrittenTables
from app.models.call import Call, Wait
from app.models.campaign import Campaign
from app.models.engines import Database
from app.models.outbox import OutboxItem
from app.models.promise import Attempt, Promise, is_at_a_stage_under_way
from app.models.staff import Staff, can_be_rung
from app.services.start_attempts import AFTER_THE_CALL

_LONGEST_CALL: Final = timedelta(hours=6)
_NOW: Final[sa.BindParameter[Any]] = sa.bindparam("now")


class _Question:
    """Whether there is something of a kind at a moment; asked again only if it was written to, or time has passed.

    What is there does not go away by itself.
    """

    def __init__(
        self,
        database: Database,
        written: WrittenTables,
        tables: tuple[str, ...],
        there: sa.ColumnElement[bool],
        coming: sa.ColumnElement[Any],
    ) -> None:
        """Ask whether something is `there`, and else from which moment on there will be, as far as is known."""
        self._question = RawQuestion(database, sa.select(there, coming))
        self._written, self._tables = written, tables
        self._known: tuple[int, datetime, datetime | None] | None = None  # after so many writes, when, until when
        self._answer = False

    def forget(self) -> None:
        """Ask again, whatever is known to have been written."""
        self._known = None

    def at(self, now: datetime) -> bool:
        """The answer at `now`."""
        count = self._written.count(self._tables)
        if self._known is not None and self._written.is_told:
            before, since, until = self._known
            if before == count and since <= now and (until is None or now < until):
                return self._answer
        there, coming = self._question.ask({"now": now})
        self._answer = bool(there)
        self._known = count, now, None if there or coming is None else as_instant(coming)
        return self._answer


class DueWork:
    """Asks the database: short statements, and one more for those who want to know exactly."""

    def __init__(self, database: Database, written: WrittenTables) -> None:
        """Put the statements together; `written` tells of writes to the tables that they ask."""
        waiting = Wait.status == "waiting"
        # Claimed ones are counted too: whether one is claimed stands far back in a long row.
        is_open = Promise.status == "open"
        due = sa.and_(is_open, Promise.next_attempt_at <= _NOW)
        employed = sa.and_(Staff.available, Staff.engaged_with.is_(None), can_be_rung())
        ready = sa.and_(employed, sa.or_(Staff.free_since.is_(None), Staff.free_since <= _NOW))
        under_way = is_at_a_stage_under_way()
        live = Call.settled_at.is_(None)
        just_ended = sa.and_(Call.started_at > sa.bindparam("calls_since"), Call.ended_at > sa.bindparam("just"))
        waits = sa.and_(OutboxItem.status == "waiting", OutboxItem.next_at <= _NOW)
        sending = OutboxItem.status == "sending"
        lost = sa.and_(sending, OutboxItem.claimed_until < _NOW)
        soonest = sa.func.min
        self._wanted = _Question(
            database,
            written,
            ("waits", "promises"),
            sa.or_(sa.exists().where(waiting), sa.exists().where(due)),
            _one(soonest(Promise.next_attempt_at), Promise, sa.and_(is_open, Promise.next_attempt_at > _NOW)),
        )
        self._ready = _Question(
            database,
            written,
            ("staff",),
            sa.exists().where(ready),
            _one(soonest(Staff.free_since), Staff, sa.and_(employed, Staff.free_since > _NOW)),
        )
        self._waiting_to_go = _Question(
            database,
            written,
            ("outbox",),
            sa.exists().where(waits),
            _one(
                soonest(OutboxItem.next_at),
                OutboxItem,
                sa.and_(OutboxItem.status == "waiting", OutboxItem.next_at > _NOW),
            ),
        )
        self._lost = _Question(
            database,
            written,
            ("outbox",),
            sa.exists().where(lost),
            _one(soonest(OutboxItem.claimed_until), OutboxItem, sa.and_(sending, OutboxItem.claimed_until >= _NOW)),
        )
        self._campaigns = _Question(
            database, written, ("campaigns",), sa.exists().where(Campaign.status == "running"), sa.null()
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

    def forget(self) -> None:
        """Ask for everything again: somebody may have written to the database whom nobody watches."""
        for question in (self._wanted, self._ready, self._waiting_to_go, self._lost, self._campaigns):
            question.forget()

    def can_ring(self, now: datetime) -> bool:
        """Whether somebody waits or a promise is due, and an agent can be rung."""
        return self._wanted.at(now) and self._ready.at(now)

    def sends(self, now: datetime) -> bool:
        """Whether anything is to be sent, or whoever sent it is gone.

        For an office whose machine's clock is the office's clock.
        """
        return self._waiting_to_go.at(now) or self._lost.at(now)

    def has_campaigns(self, now: datetime) -> bool:
        """Whether a campaign runs."""
        return self._campaigns.at(now)

    def exactly(self, now: datetime) -> tuple[Any, ...]:
        """What decides who can be rung: the same again means that it would be tried in vain again."""
        return self._exact.ask({"now": now, "just": now - AFTER_THE_CALL, "calls_since": now - _LONGEST_CALL})


def _one(what: Any, table: Any, which: sa.ColumnElement[bool]) -> sa.ScalarSelect[Any]:
    return sa.select(what).select_from(table).where(which).scalar_subquery()
