"""Everything about a case, as it is known at this moment, read in a few statements for any number of cases."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from app.analytics.cancellations import CancellationRow, cancellations_of
from app.domain.complaint import ComplaintRecord
from app.domain.complaint_known import fold_known, known_about
from app.models.call import Call
from app.models.case import Case, CaseEvent
from app.models.journal import details_of
from app.models.promise import Promise
from app.models.records import open_record, phone_of
from app.models.staff import Staff
from app.models.transcripts import with_transcript
from app.models.turns import TurnStore
from app.models.vault import Vault


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a case's history."""

    at: datetime
    kind: str
    actor: str  # ivr, clock, customer, staff:<id>
    details: dict[str, Any]


@dataclass(frozen=True, slots=True)
class CaseFile:
    """One case with all that belongs to it."""

    case: Case
    record: ComplaintRecord  # also holds what a call that still lasts has told so far
    phone: str  # to call back, E.164; "" if none is known
    promise: Promise | None  # the open one, else the newest; None if nothing was ever promised
    spoken_text: str | None  # how it was promised; None until spoken
    history: tuple[Entry, ...]
    owner: Staff | None  # None until somebody took it
    is_on_the_line: bool  # whether the call it came in by still lasts
    cancellation: CancellationRow | None  # None for any other kind


def case_files(
    session: orm.Session, vault: Vault, turns: TurnStore, cases: Sequence[Case], *, now: datetime
) -> list[CaseFile]:
    """The files of these cases, in their order."""
    ids = [case.id for case in cases]
    promises = _promises(session, ids)
    history = _history(session, vault, ids)
    owners = _by_id(session, {case.owner_id for case in cases if case.owner_id is not None})
    lasting = _lasting(session, {case.call_key for case in cases if case.call_key})
    cancelling = [case.id for case in cases if case.kind == "cancellation"]
    cancelled = cancellations_of(session, vault, cancelling) if cancelling else {}
    files = []
    for case in cases:
        on_the_line = case.call_key in lasting
        record = open_record(vault, case)
        if on_the_line and case.call_key:
            record = _so_far(session, vault, turns, case, record, now)
        promise = promises.get(case.id)
        files.append(
            CaseFile(
                case=case,
                record=record,
                phone=record.complainant.phone or phone_of(vault, case),
                promise=promise,
                spoken_text=spoken_text(vault, promise),
                history=tuple(history[case.id]),
                owner=owners.get(case.owner_id or 0),
                is_on_the_line=on_the_line,
                cancellation=cancelled.get(case.id),
            )
        )
    return files


def spoken_text(vault: Vault, promise: Promise | None) -> str | None:
    """The words in which a promise was given; None until spoken."""
    if promise is None or promise.spoken_text is None:
        return None
    return str(vault.open(promise.spoken_text, f"promises:spoken:{promise.key}"))


def _so_far(
    session: orm.Session, vault: Vault, turns: TurnStore, case: Case, record: ComplaintRecord, now: datetime
) -> ComplaintRecord:
    call_key = case.call_key or ""
    place = turns.newest(call_key)
    if place is None:
        return record
    known = known_about(case.protocol, place.position.known)
    return fold_known(record, with_transcript(session, vault, call_key, known), at=now)


def _promises(session: orm.Session, case_ids: Sequence[int]) -> dict[int, Promise]:
    chosen: dict[int, Promise] = {}
    rows = sa.select(Promise).where(Promise.case_id.in_(case_ids)).order_by(Promise.id)
    for promise in session.scalars(rows):
        present = chosen.get(promise.case_id)
        if present is None or present.status != "open":
            chosen[promise.case_id] = promise
    return chosen


def _history(session: orm.Session, vault: Vault, case_ids: Sequence[int]) -> defaultdict[int, list[Entry]]:
    history: defaultdict[int, list[Entry]] = defaultdict(list)
    rows = sa.select(CaseEvent).where(CaseEvent.case_id.in_(case_ids)).order_by(CaseEvent.id)
    for event in session.scalars(rows):
        history[event.case_id].append(Entry(event.at, event.kind, event.actor, details_of(vault, event)))
    return history


def _by_id(session: orm.Session, ids: Iterable[int]) -> dict[int, Staff]:
    return {person.id: person for person in session.scalars(sa.select(Staff).where(Staff.id.in_(set(ids))))}


def _lasting(session: orm.Session, call_keys: Iterable[str]) -> set[str]:
    return set(session.scalars(sa.select(Call.key).where(Call.key.in_(set(call_keys)), Call.settled_at.is_(None))))
