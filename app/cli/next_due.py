"""When the clock process has to look again although nothing has happened meanwhile: the next row that falls due."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from app.cli.raw_question import RawQuestion, as_instant
from app.jobs.ticks import ASK_ABOUT_CALLS
from app.models.billing_order import BillingOrder
from app.models.call import Call
from app.models.campaign import Campaign, CampaignContact, CampaignWave
from app.models.engines import Database
from app.models.outbox import OutboxItem
from app.models.promise import Attempt, Promise, is_at_a_stage_under_way
from app.models.reminder import Reminder, is_unsaid
from app.models.staff import Staff
from app.promising.foresight import EARLIEST, WITH_NOBODY
from app.services.break_promises import HOPE
from app.services.choose_agent import WAIT_FOR_OWNER
from app.services.converse import IDLE
from app.services.dial_attempt import Graces

OVERDUE: Final = "overdue"
"""A promise is to be given up: of all that is due about promises the one thing that no dialling brings nearer."""

_LONGEST_CALL: Final = timedelta(hours=6)
_AFTER_THE_CALL: Final = timedelta(seconds=20)  # who has just hung up is not rung sooner


def _bound(span: timedelta) -> str:
    """The name of the parameter for what lies this span before a moment looked for."""
    return f"after_{span.total_seconds():.0f}".replace("-", "minus_")


class NextDue:
    """Asks the database; the statement is put together once and sent in the driver's own words."""

    def __init__(self, database: Database, graces: Graces) -> None:
        """Know after which spans the ticks of this office look again."""
        is_open = Promise.status == "open"
        unknown = sa.and_(Attempt.stage == "intended", Attempt.network_id.is_(None))
        silent = sa.and_(is_at_a_stage_under_way(), Attempt.network_id.is_not(None))
        of_open_promise = sa.exists().where(Promise.id == Reminder.promise_id, is_open)
        # No call lasts longer; the index of the starts finds those that may have ended just now.
        lately = Call.started_at > sa.bindparam("calls_since")
        at_once = timedelta(0)
        dials = sa.and_(Campaign.status == "running", CampaignWave.status == "running")
        of_running = sa.exists().where(
            dials, CampaignWave.campaign_id == Campaign.id, CampaignWave.id == CampaignContact.wave_id
        )
        moments: list[tuple[Any, timedelta, sa.ColumnElement[bool]]] = [
            (Promise.next_attempt_at, at_once, is_open),
            # What is claimed was due; so the index of what is due finds it, past the long rows of all the others.
            (Promise.claimed_until, at_once, sa.and_(is_open, Promise.next_attempt_at <= sa.bindparam("since"))),
            (Promise.latest_start_at, -WAIT_FOR_OWNER, is_open),
            (Promise.due_at, HOPE, is_open),
            (Reminder.due_at, at_once, sa.and_(is_unsaid(), of_open_promise)),
            (Promise.due_at, at_once, is_open),
            (Promise.due_at, -EARLIEST, is_open),
            (Promise.due_at, -WITH_NOBODY, is_open),
            (Campaign.next_dial_at, at_once, Campaign.status == "running"),
            (CampaignWave.begins_at, at_once, CampaignWave.status == "waiting"),
            (CampaignContact.next_at, at_once, sa.and_(CampaignContact.status == "queued", of_running)),
            (OutboxItem.next_at, at_once, OutboxItem.status == "waiting"),
            (OutboxItem.claimed_until, at_once, OutboxItem.status == "sending"),
            (BillingOrder.next_at, at_once, BillingOrder.status == "waiting"),
            (BillingOrder.claimed_until, at_once, BillingOrder.status == "sending"),
            (Staff.free_since, at_once, sa.true()),
            (Call.seen_at, ASK_ABOUT_CALLS, sa.and_(Call.settled_at.is_(None), Call.channel == "phone")),
            (Call.seen_at, IDLE, sa.and_(Call.settled_at.is_(None), Call.channel == "text")),
            (Call.ended_at, _AFTER_THE_CALL, lately),
            (Attempt.wall_at, graces.ask, unknown),
            (Attempt.wall_at, graces.give_up, unknown),
            (Attempt.wall_at, graces.silent, silent),
        ]
        self._subjects = [OVERDUE if span is HOPE else str(column.table.name) for column, span, _ in moments]
        self._spans = [span for _, span, _ in moments]
        self._bounds = {_bound(span): span for span in self._spans}
        self._question = RawQuestion(
            database,
            sa.select(
                *(
                    sa.select(sa.func.min(column)).where(column > sa.bindparam(_bound(span)), which).scalar_subquery()
                    for column, span, which in moments
                )
            ),
        )

    def after(self, since: datetime) -> list[tuple[datetime, str]]:
        """For each kind of moment the first one after `since` by the mere passing of time, and what it is about.

        That is the table it stands in, or `OVERDUE`.

        For an office whose machine's clock is the office's clock.
        """
        bounds = {name: since - span for name, span in self._bounds.items()}
        bounds |= {"since": since, "calls_since": since - _LONGEST_CALL}
        found = zip(self._question.ask(bounds), self._spans, self._subjects, strict=True)
        return [(as_instant(at) + span, subject) for at, span, subject in found if at is not None]
