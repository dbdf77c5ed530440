"""The queue of promises as the desk shows it: least slack first, with what is left of each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

import sqlalchemy as sa
from sqlalchemy import orm

from app.compliance.whereabouts import whereabouts
from app.domain.complaint import ComplaintRecord
from app.domain.hotline import Hotline
from app.domain.phone_number import PhoneNumber
from app.models.case import Case, case_of_call_waiting
from app.models.promise import Attempt, Promise
from app.models.records import open_record
from app.models.staff import Staff
from app.models.vault import Vault

MOST: Final = 200


class Standing(StrEnum):
    """How an open promise stands against the time."""

    LATE = "late"  # the deadline has passed
    DUE = "due"  # not all tries fit any more: call now
    AT_RISK = "at_risk"  # no deadline was found that can surely be kept
    ON_TIME = "on_time"


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One open promise."""

    promise: Promise
    case: Case
    record: ComplaintRecord
    hotline: Hotline
    phone: str  # E.164
    zones: tuple[str, ...]  # of the customer; several where the number does not tell
    owner: Staff | None  # None until somebody claimed it
    agent: Staff | None  # who is being rung or talks about it now; None if nobody
    stage: str | None  # of the attempt that is under way; None if there is none
    standing: Standing
    slack_left: float  # share from 0 to 1 of the room there was when it was promised
    is_related: bool = False  # to the row above it, which is to the same telephone number


def promise_queue(
    session: orm.Session,
    vault: Vault,
    hotline_named: Callable[[str], Hotline],
    *,
    now: datetime,
    owner_id: int | None = None,
    case_id: int | None = None,
) -> list[QueueRow]:
    """Open promises, safety first, then by least slack; late ones are always among them.

    Args:
        owner_id: only those claimed by this person, or of cases they own; None for all.
        case_id: only those of this case; None for all.
    """
    query = (
        sa.select(Promise)
        .join(Case, Case.id == Promise.case_id)
        .where(Promise.status == "open")
        .options(orm.contains_eager(Promise.case))
        .order_by(Promise.urgent.desc(), Promise.latest_start_at, Promise.due_at)
        .limit(MOST)
    )
    if owner_id is not None:
        query = query.where(sa.or_(Promise.owner_id == owner_id, Case.owner_id == owner_id))
    if case_id is not None:
        query = query.where(Promise.case_id == case_id)
    promises = session.scalars(query).all()
    staff = {person.id: person for person in session.scalars(sa.select(Staff))}
    under_way = {
        attempt.promise_id: attempt
        for attempt in session.scalars(
            sa.select(Attempt).where(
                Attempt.stage != "ended", Attempt.promise_id.in_([promise.id for promise in promises])
            )
        )
    }
    return [_row(vault, hotline_named, staff, under_way.get(promise.id), promise, now) for promise in promises]


def beside_their_like(rows: list[QueueRow]) -> list[QueueRow]:
    """Rows of one telephone number one after the other, at the place of the first of them."""
    places: dict[str, int] = {}
    for place, row in enumerate(rows):
        places.setdefault(row.promise.phone_index, place)
    seen: set[str] = set()
    ordered = []
    for row in sorted(rows, key=lambda each: places[each.promise.phone_index]):  # keeps the order within a number
        ordered.append(replace(row, is_related=row.promise.phone_index in seen))
        seen.add(row.promise.phone_index)
    return ordered


def standing_of(promise: Promise, now: datetime) -> Standing:
    """How an open promise stands against the time."""
    if promise.due_at < now:
        return Standing.LATE
    if promise.latest_start_at <= now:
        return Standing.DUE
    return Standing.AT_RISK if promise.at_risk else Standing.ON_TIME


def _row(
    vault: Vault,
    hotline_named: Callable[[str], Hotline],
    staff: dict[int, Staff],
    attempt: Attempt | None,
    promise: Promise,
    now: datetime,
) -> QueueRow:
    phone = str(vault.open(promise.phone, f"promises:phone:{promise.key}"))
    hotline = hotline_named(promise.hotline)
    room = (promise.latest_start_at - promise.made_at).total_seconds()
    left = (promise.latest_start_at - now).total_seconds()
    return QueueRow(
        promise=promise,
        case=promise.case,
        record=open_record(vault, promise.case),
        hotline=hotline,
        phone=phone,
        zones=whereabouts(PhoneNumber(phone), hotline).zones,
        owner=staff.get(promise.owner_id or promise.case.owner_id or 0),
        agent=staff.get(attempt.staff_id) if attempt and attempt.staff_id is not None else None,
        stage=attempt.stage if attempt else None,
        standing=standing_of(promise, now),
        slack_left=min(1.0, max(0.0, left / room)) if room > 0 else 0.0,
    )


@dataclass(frozen=True, slots=True)
class Conversation:
    """An attempt of one agent that lasts, or that waits to be documented."""

    attempt: Attempt
    case: Case | None  # None if the caller was put through before a case was opened


def conversations(session: orm.Session, staff_id: int) -> list[Conversation]:
    """What an agent is busy with now, and the conversations they still have to document, oldest first."""
    rows = session.scalars(
        sa.select(Attempt)
        .where(
            Attempt.staff_id == staff_id,
            sa.or_(
                Attempt.stage.in_(("accepted", "dialled", "bridged")),
                sa.and_(Attempt.stage == "ended", Attempt.bridged_at.is_not(None), Attempt.wrapped_up_at.is_(None)),
            ),
        )
        .order_by(Attempt.id)
        .limit(50)
    ).all()
    return [Conversation(attempt, case_of_attempt(session, attempt)) for attempt in rows]


def case_of_attempt(session: orm.Session, attempt: Attempt) -> Case | None:
    """The case an attempt is about: that of its promise, else what the waiting caller asked about."""
    if attempt.promise_id is not None:
        return session.scalar(
            sa.select(Case).join(Promise, Promise.case_id == Case.id).where(Promise.id == attempt.promise_id)
        )
    return case_of_call_waiting(session, attempt.wait_key) if attempt.wait_key else None
