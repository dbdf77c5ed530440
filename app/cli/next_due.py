"""When the clock process has to look again although nothing has happened meanwhile: the next row that falls due."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from app.cli.raw_question import RawQuestion, as_instant
from app.cli.written_tables import WrittenTables
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

WATCHED: Final = {
    "promises": ("status", "next_attempt_at", "claimed_until", "latest_start_at", "due_at"),
    "reminders": ("due_at", "said_at"),
    "campaigns": ("status", "next_dial_at"),
    "campaign_waves": ("status", "begins_at"),
    "campaign_contacts": ("status", "next_at", "wave_id"),
    "outbox": ("status", "next_at", "claimed_until"),
    "billing_orders": ("status", "next_at", "claimed_until"),
    "staff": ("available", "engaged_with", "disabled_at", "phone", "rings_softphone", "free_since"),
    "waits": ("status",),
    "calls": ("seen_at", "settled_at", "channel", "ended_at", "started_at"),
    "attempts": ("wall_at", "stage", "network_id"),
}
"""By table the columns that moments, and whether there is work at all, hang on."""

_LONGEST_CALL: Final = timedelta(hours=6)
_AFTER_THE_CALL: Final = timedelta(seconds=20)  # who has just hung up is not rung sooner


def _bound(span: timedelta) -> str:
    """The name of the parameter for what lies this span before a moment looked for."""
    return f"after_{span.total_seconds():.0f}".replace("-", "minus_")


class _Group:
    """Kinds of moments of one table, asked together, and only if it was written to or time has passed them."""

    def __init__(
        self, database: Database, moments: list[tuple[Any, timedelta, sa.ColumnElement[bool]]], tables: tuple[str, ...]
    ) -> None:
        self.tables = tables
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
        self._known: list[tuple[datetime, str]] = []
        self._known_of: tuple[int, datetime] | None = None  # after so many writes, from this moment on

    def forget(self) -> None:
        """Ask again, whatever is known to have been written."""
        self._known_of = None

    def after(self, since: datetime, written: int | None) -> list[tuple[datetime, str]]:
        """The first moments after `since`; `written` counts writes to the tables, None if nobody counts them."""
        if self._known_of is not None and written is not None:
            before, asked_since = self._known_of
            # What was the first moment then still is, if it is to come.
            if before == written and asked_since <= since and all(at > since for at, _ in self._known):
                return self._known
        bounds = {name: since - span for name, span in self._bounds.items()}
        bounds |= {"since": since, "calls_since": since - _LONGEST_CALL}
        found = zip(self._question.ask(bounds), self._spans, self._subjects, strict=True)
        self._known = [(as_instant(at) + span, subject) for at, span, subject in found if at is not None]
        self._known_of = None if written is None else (written, since)
        return self._known


class NextDue:
    """Asks the database; the statements are put together once and sent in the driver's own words."""

    def __init__(self, database: Database, graces: Graces, written: WrittenTables) -> None:
        """Know after which spans the ticks of this office look again; `written` tells of writes, see `WATCHED`."""
        is_open = Promise.status == "open"
        unknown = sa.and_(Attempt.stage == "intended", Attempt.network_id.is_(None))
        silent = sa.and_(is_at_a_stage_under_way(), Attempt.network_id.is_not(None))
        of_open_promise = sa.exists().where(Promise.id == Reminder.promise_id, is_open)
        # No call lasts longer; the index of the starts finds those that may have ended just now.
        lately = Call.started_at > sa.bindparam("calls_since")
        at_once = timedelta(0)
        # By the wave, so that the index of its contacts finds the next one past thousands that are due.
        of_running = CampaignContact.wave_id.in_(sa.select(CampaignWave.id).where(CampaignWave.status == "running"))
        groups: list[tuple[tuple[str, ...], list[tuple[Any, timedelta, sa.ColumnElement[bool]]]]] = [
            (
                ("promises",),
                [
                    (Promise.next_attempt_at, at_once, is_open),
                    (Promise.latest_start_at, -WAIT_FOR_OWNER, is_open),
                    (Promise.due_at, HOPE, is_open),
                    (Promise.due_at, at_once, is_open),
                    (Promise.due_at, -EARLIEST, is_open),
                    (Promise.due_at, -WITH_NOBODY, is_open),
                ],
            ),
            (("reminders", "promises"), [(Reminder.due_at, at_once, sa.and_(is_unsaid(), of_open_promise))]),
            (
                ("campaigns", "campaign_waves", "campaign_contacts"),
                [
                    (Campaign.next_dial_at, at_once, Campaign.status == "running"),
                    (CampaignWave.begins_at, at_once, CampaignWave.status == "waiting"),
                    (CampaignContact.next_at, at_once, sa.and_(CampaignContact.status == "queued", of_running)),
                ],
            ),
            (
                ("outbox",),
                [
                    (OutboxItem.next_at, at_once, OutboxItem.status == "waiting"),
                    (OutboxItem.claimed_until, at_once, OutboxItem.status == "sending"),
                ],
            ),
            (
                ("billing_orders",),
                [
                    (BillingOrder.next_at, at_once, BillingOrder.status == "waiting"),
                    (BillingOrder.claimed_until, at_once, BillingOrder.status == "sending"),
                ],
            ),
            (("staff",), [(Staff.free_since, at_once, sa.true())]),
            (
                ("calls",),
                [
                    (Call.seen_at, ASK_ABOUT_CALLS, sa.and_(Call.settled_at.is_(None), Call.channel == "phone")),
                    (Call.seen_at, IDLE, sa.and_(Call.settled_at.is_(None), Call.channel == "text")),
                    (Call.ended_at, _AFTER_THE_CALL, lately),
                ],
            ),
            (
                ("attempts",),
                [
                    (Attempt.wall_at, graces.ask, unknown),
                    (Attempt.wall_at, graces.give_up, unknown),
                    (Attempt.wall_at, graces.silent, silent),
                ],
            ),
        ]
        self._written = written
        self._groups = [_Group(database, moments, tables) for tables, moments in groups]
        # What is claimed was due; so the index of what is due finds it, past the long rows of all the others.
        due = sa.and_(is_open, Promise.next_attempt_at <= sa.bindparam("since"))
        self._claims = _Group(database, [(Promise.claimed_until, at_once, due)], ("promises",))
        self._claims_since: datetime | None = None

    def forget(self) -> None:
        """Ask for everything again: somebody may have written to the database whom nobody watches."""
        for group in (*self._groups, self._claims):
            group.forget()

    def after(self, since: datetime) -> list[tuple[datetime, str]]:
        """For each kind of moment the first one after `since` by the mere passing of time, and what it is about.

        That is the table it stands in, or `OVERDUE`.

        For an office whose machine's clock is the office's clock.
        """
        if since != self._claims_since:
            self._claims_since = since
            self._claims.forget()
        found: list[tuple[datetime, str]] = []
        for group in (*self._groups, self._claims):
            found += group.after(since, self._written.count(group.tables) if self._written.is_told else None)
        return found
