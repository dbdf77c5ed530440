"""What is known of each promise and of each ring after a simulation, as plain values that processes can exchange."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Final, NamedTuple

import sqlalchemy as sa
from sqlalchemy import orm

from app.cli.virtual_office import VirtualOffice
from app.compliance.whereabouts import read_whereabouts
from app.domain.business_hours import opening_spans
from app.domain.errors import LawUnknown
from app.domain.hotline import Hotline
from app.models.outbox import OutboxItem
from app.models.promise import Attempt, Promise
from app.models.staff import Staff
from app.promising.workable import workable_spans

NOTICES: Final = ("text.foreseen", "text.foreseen_only", "text.late", "text.attempt_missed", "text.broken")
"""The text messages by which a customer learns that the call does not come in time, or has not come yet."""

RANG: Final = ("connected", "busy", "no_answer", "machine", "failed")
"""The results of attempts that rang at the customer's."""

BY_SOFTWARE: Final = ("network", "outage", "law_unknown", None)
"""Causes of a breach for which no staff can be blamed."""


class PromiseFact(NamedTuple):
    """One promise from its making to its end."""

    hotline: str
    made_at: datetime
    release: datetime  # not to be called before
    due_at: datetime
    ended_at: datetime | None  # None: it has no end
    status: str
    cause: str | None
    urgent: bool
    rings: int
    busy_seconds: float  # of agents, for all rings at the customer's
    told_at: datetime | None  # by the first notice; None: by none
    hours: tuple[tuple[datetime, datetime], ...] | None = None  # open and lawful by its deadline; None: not known


class AttemptFact(NamedTuple):
    """One attempt, for a promise or for a waiting caller."""

    hotline: str
    agent: str
    started_at: datetime
    ended_at: datetime
    is_live: bool  # for somebody who waited on the telephone
    result: str

    @property
    def rang(self) -> bool:
        """Whether a customer was rung."""
        return self.result in RANG


@dataclass(frozen=True, slots=True)
class Facts:
    """All of it, and when who was there."""

    promises: tuple[PromiseFact, ...]
    attempts: tuple[AttemptFact, ...]
    open_spans: dict[str, tuple[tuple[datetime, datetime], ...]]  # by hotline
    agents: dict[str, int]  # by hotline: how many were there

    @classmethod
    def together(cls, parts: list[Facts]) -> Facts:
        """The facts of several offices."""
        return cls(
            tuple(fact for part in parts for fact in part.promises),
            tuple(fact for part in parts for fact in part.attempts),
            {name: spans for part in parts for name, spans in part.open_spans.items()},
            {name: number for part in parts for name, number in part.agents.items()},
        )

    @property
    def silent(self) -> int:
        """How many customers learnt by silence: late or broken, and no word about it by then."""
        return sum(is_silent(fact) for fact in self.promises)


def is_late(fact: PromiseFact) -> bool:
    """Whether our word was not kept in time by our own fault."""
    return fact.status in ("broken", "kept_late")


def is_silent(fact: PromiseFact) -> bool:
    """Whether a customer was let down without a word before the end, or at it."""
    end = fact.ended_at or fact.due_at
    return is_late(fact) and (fact.told_at is None or fact.told_at > end)


def facts_of(office: VirtualOffice, hotline: Hotline, begins_at: datetime) -> Facts:
    """Read them from the office's database."""
    with office.runtime.database.reads() as session:
        promises = tuple(_promises(session, hotline))
        attempts = tuple(_attempts(session, hotline.name))
        there = int(
            session.scalar(
                sa.select(sa.func.count()).where(Staff.available, Staff.phone.is_not(None)).select_from(Staff)
            )
            or 0
        )
    days = (office.clock.now() - begins_at).days + 4
    spans = tuple((span.start, span.end) for span in opening_spans(hotline, begins_at - timedelta(days=1), days=days))
    return Facts(promises, attempts, {hotline.name: spans}, {hotline.name: there})


def _promises(session: orm.Session, hotline: Hotline) -> list[PromiseFact]:
    told: dict[str, datetime] = {}
    for key, at in session.execute(sa.select(OutboxItem.key, OutboxItem.created_at).where(OutboxItem.kind == "text")):
        promise_key, _, rest = key.partition(":")
        if rest.rpartition(":")[0] in NOTICES:
            told[promise_key] = min(at, told.get(promise_key, at))
    spent: dict[int, float] = {}
    rings: dict[int, int] = {}
    tries = sa.select(Attempt.promise_id, Attempt.started_at, Attempt.ended_at, Attempt.dialled_at)
    for promise_id, started_at, ended_at, dialled_at in session.execute(tries):
        if promise_id is None:
            continue
        rings[promise_id] = rings.get(promise_id, 0) + (dialled_at is not None)
        if ended_at is not None and dialled_at is not None:
            spent[promise_id] = spent.get(promise_id, 0.0) + (ended_at - started_at).total_seconds()
    columns = (
        Promise.id, Promise.key, Promise.hotline, Promise.made_at, Promise.not_before_at, Promise.due_at,
        Promise.ended_at, Promise.status, Promise.cause, Promise.urgent, Promise.whereabouts,
    )  # fmt: skip
    return [
        PromiseFact(
            row.hotline, row.made_at, row.not_before_at, row.due_at, row.ended_at, row.status, row.cause, row.urgent,
            rings.get(row.id, 0), spent.get(row.id, 0.0), told.get(row.key),
            _hours(hotline, row.whereabouts, max(row.made_at, row.not_before_at), row.due_at),
        )
        for row in session.execute(sa.select(*columns).order_by(Promise.id))
    ]  # fmt: skip


def _hours(
    hotline: Hotline, where: str | None, since: datetime, until: datetime
) -> tuple[tuple[datetime, datetime], ...] | None:
    """When the customer could be called for a promise."""
    if not where:
        return None
    try:
        spans = workable_spans(hotline, read_whereabouts(where), since, (until - since).days + 2)
        return tuple((span.start, min(span.end, until)) for span in takewhile(lambda span: span.start < until, spans))
    except LawUnknown:
        return ()


def _attempts(session: orm.Session, hotline: str) -> list[AttemptFact]:
    query = (
        sa.select(Staff.name, Attempt.started_at, Attempt.ended_at, Attempt.promise_id, Attempt.result)
        .join(Staff, Staff.id == Attempt.staff_id)
        .where(Attempt.ended_at.is_not(None))
        .order_by(Attempt.id)
    )
    return [
        AttemptFact(hotline, name, started_at, ended_at, promise_id is None, result or "")
        for name, started_at, ended_at, promise_id, result in session.execute(query)
        if ended_at is not None
    ]
