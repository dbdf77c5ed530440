"""The whole life of one promise: words, plan, law, attempts, reminders, texts, moves and its end."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import orm

from app.analytics.case_file import Entry, spoken_text
from app.compliance.whereabouts import whereabouts
from app.domain.errors import NotFound
from app.domain.hotline import Hotline
from app.domain.phone_number import PhoneNumber
from app.models.case import CaseEvent
from app.models.erased import is_erased
from app.models.journal import details_of
from app.models.outbox import OutboxItem
from app.models.promise import Attempt, Promise
from app.models.reminder import Forewarning, Reminder
from app.models.staff import Staff
from app.models.vault import Vault
from app.promising.proof import THIS, Planning, schedule_of

_OF_THE_CASE: Final = frozenset({"handed_over", "severity"})
"""Entries that name no promise and still belong to the life of an open one."""

_OF_PROMISES: Final = frozenset(
    {
        "promised", "claimed", "released", "reminded", "escalated", "foreseen", "late", "rescued", "attempt",
        "attempt_ended", "kept", "kept_late", "moved", "discharged", "unreachable", "withdrawn", "broken",
    }
)  # fmt: skip
"""Entries that name their promise, as long as they say anything: of what was erased only kind and time are left."""

_MOST_PROMISES: Final = 2**31


@dataclass(frozen=True, slots=True)
class LawRow:
    """One verdict of the law, as it was kept."""

    attempt: int | None  # the try that it allowed, from 1 on; None: it was asked when the promise was made
    allowed: bool
    reason: str
    source: str | None  # None: no rule was in force
    url: str
    read_on: date | None
    is_house_rule: bool


@dataclass(frozen=True, slots=True)
class Text:
    """A text message to the customer about the promise."""

    at: datetime
    body: str  # "" once it was erased
    status: str  # waiting, sending, sent, failed, unsure
    cause: str | None  # why it failed


@dataclass(frozen=True, slots=True)
class Ledger:
    """One promise with all that belongs to it; lists are in order of time."""

    promise: Promise
    hotline: Hotline
    phone: str  # E.164; "" once it was erased
    zones: tuple[str, ...]  # of the customer; several where the number does not tell
    spoken_text: str | None  # None until spoken
    owner: Staff | None
    plan: Mapping[str, Any] | None  # None: no plan could keep it, it was born at risk
    schedule: tuple[Planning, ...]  # every slot that was taken then
    law: tuple[LawRow, ...]
    attempts: tuple[tuple[Attempt, Staff], ...]
    reminders: tuple[tuple[Reminder, tuple[str, ...]], ...]  # said ones, with the names of whom they were said to
    forewarning: Forewarning | None  # None: no breach was foreseen
    texts: tuple[Text, ...]
    history: tuple[Entry, ...]
    predecessor: Promise | None  # the one that was moved to this one
    successor: Promise | None  # the one that this one was moved to

    @property
    def own_slot(self) -> Planning | None:
        """The slot that the plan gave to this promise."""
        return next((each for each in self.schedule if each.promise_id == THIS), None)


def ledger(session: orm.Session, vault: Vault, hotline_named: Callable[[str], Hotline], promise_id: int) -> Ledger:
    """The ledger's page of one promise.

    Raises:
        NotFound: if there is no such promise.
    """
    promise = session.get(Promise, promise_id) if 0 < promise_id < _MOST_PROMISES else None
    if promise is None:
        raise NotFound("promise")
    staff = {person.id: person for person in session.scalars(sa.select(Staff))}
    attempts = tuple((each, staff[each.staff_id]) for each in promise.attempts if each.staff_id is not None)
    phone = str(vault.open(promise.phone, f"promises:phone:{promise.key}"))
    hotline = hotline_named(promise.hotline)
    reminders = session.scalars(
        sa.select(Reminder)
        .where(Reminder.promise_id == promise.id, Reminder.said_at.is_not(None))
        .order_by(Reminder.said_at, Reminder.id)
    )
    return Ledger(
        promise=promise,
        hotline=hotline,
        phone=phone,
        zones=whereabouts(PhoneNumber(phone), hotline).zones if phone else (),
        spoken_text=spoken_text(vault, promise),
        owner=staff.get(promise.owner_id or promise.case.owner_id or 0),
        plan=promise.plan,
        schedule=tuple(schedule_of(promise.plan["schedule"])) if promise.plan else (),
        law=tuple(_law(promise)),
        attempts=attempts,
        reminders=tuple((each, tuple(staff[id_].name for id_ in each.told if id_ in staff)) for each in reminders),
        forewarning=session.scalar(sa.select(Forewarning).where(Forewarning.promise_id == promise.id)),
        texts=_texts(session, vault, promise),
        history=tuple(_history(session, vault, promise)),
        predecessor=session.scalar(sa.select(Promise).where(Promise.successor_id == promise.id)),
        successor=session.get(Promise, promise.successor_id) if promise.successor_id else None,
    )


def _law(promise: Promise) -> Iterator[LawRow]:
    for values in promise.verdicts.get("when_made", ()):
        yield _law_row(None, values)
    for number, attempt in enumerate(promise.attempts, 1):
        if attempt.verdict:
            yield _law_row(number, attempt.verdict)


def _law_row(attempt: int | None, values: Mapping[str, Any]) -> LawRow:
    source, read_on = values.get("source"), values.get("read_on")
    return LawRow(
        attempt=attempt,
        allowed=bool(values.get("allowed")),
        reason=str(values.get("reason", "")),
        source=source,
        url=str(values.get("url") or ""),
        read_on=date.fromisoformat(read_on) if read_on else None,
        is_house_rule=bool(source) and str(source).startswith("house rule"),
    )


def _texts(session: orm.Session, vault: Vault, promise: Promise) -> tuple[Text, ...]:
    """What was sent about it: named by its key, or sent about its case while it was given."""
    receipt = sa.and_(OutboxItem.created_at >= promise.made_at, OutboxItem.created_at <= _until(promise))
    rows = session.scalars(
        sa.select(OutboxItem)
        .where(
            OutboxItem.kind == "text",
            OutboxItem.case_id == promise.case_id,
            sa.or_(OutboxItem.key.startswith(promise.key, autoescape=True), receipt),
        )
        .order_by(OutboxItem.id)
    )
    return tuple(
        Text(row.created_at, str(vault.open(row.payload, f"outbox:{row.key}").get("body", "")), row.status, row.cause)
        for row in rows
        if ":text.staff." not in row.key
    )


def _until(promise: Promise) -> datetime:
    return promise.ended_at or datetime.max.replace(tzinfo=promise.made_at.tzinfo)


def _history(session: orm.Session, vault: Vault, promise: Promise) -> Iterator[Entry]:
    attempts = {attempt.key for attempt in promise.attempts}
    rows = sa.select(CaseEvent).where(CaseEvent.case_id == promise.case_id).order_by(CaseEvent.id)
    for event in session.scalars(rows):
        details = details_of(vault, event)
        is_its_own = details.get("promise") == promise.id or details.get("attempt") in attempts
        may_be_its_own = event.kind in _OF_THE_CASE or (event.kind in _OF_PROMISES and is_erased(event.text))
        if is_its_own or (may_be_its_own and promise.made_at <= event.at <= _until(promise)):
            yield Entry(event.at, event.kind, event.actor, details)
