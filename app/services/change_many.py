"""Many cases are changed at once, each in a unit of work of its own: told beforehand, counted, undone for ten seconds.

Who dies in the middle leaves a deed that tells exactly which cases were changed.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import orm

from app.domain.complaint import fact_of
from app.domain.errors import Conflict, Invalid, NotFound, RueckrufError
from app.models.case import Case, CaseEvent, case_with_protocol
from app.models.deed import Deed
from app.models.engines import Database
from app.models.journal import details_of, note
from app.models.promise import Promise
from app.models.records import lock_case, open_record, record_to_change, seal_record
from app.models.staff import Staff
from app.models.upsert import insert_absent
from app.models.vault import Vault
from app.services.correct_record import FIELDS, as_text, correct_record
from app.services.hand_over import hand_over

MOST: Final = 500
"""Cases in one deed."""

HAND_OVER: Final = "hand_over"
RECODED: Final = ("matter.product", "matter.model", "matter.issue")
"""Facts that can be written into many records at once."""

UNDO_WITHIN: Final = timedelta(seconds=10)
_ON_ITS_WAY: Final = timedelta(seconds=5)  # between the click and our clock


@dataclass(frozen=True, slots=True)
class Change:
    """What shall be done to every case."""

    kind: str  # HAND_OVER, or one of RECODED
    text: str  # the reason, or what the record shall say; "" takes the fact away
    to: Staff | None = None  # whose it shall be


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What would become of one case."""

    case: Case
    before: str  # the owner's name, or what the record says; "" for nothing
    problem: str | None  # why nothing would be changed; None if it would


def foresee(session: orm.Session, vault: Vault, cases: Sequence[Case], change: Change) -> list[Foreseen]:
    """What the change would do to each case; nothing is written."""
    _check(change)
    owners = {person.id: person.name for person in session.scalars(sa.select(Staff))}
    found = []
    for case in cases:
        if change.kind == HAND_OVER:
            is_theirs = change.to is not None and case.owner_id == change.to.id
            problem = f"{change.to.name} owns this case already" if is_theirs and change.to else None
            found.append(Foreseen(case, owners.get(case.owner_id or 0, ""), problem))
        else:
            before = as_text(fact_of(open_record(vault, case), change.kind))
            found.append(Foreseen(case, before, "it says so already" if before == change.text.strip() else None))
    return found


def change_many(
    database: Database,
    vault: Vault,
    protocols: Sequence[str],
    change: Change,
    staff: Staff,
    *,
    key: str,
    now: datetime,
    wall_now: datetime,
) -> None:
    """Change the cases with these numbers; the same key a second time changes nothing more.

    Raises:
        Invalid: if the change cannot be made to any case, or there are too many.
    """
    _check(change)
    if not 0 < len(protocols) <= MOST or not key:
        raise Invalid("cases", f"are none, or more than {MOST}; choose fewer")
    values = {"key": key, "staff_id": staff.id, "kind": change.kind, "begun_at": wall_now, "done": [], "failed": []}
    with database.sessions.begin() as session:
        if not insert_absent(session, Deed, values, ("key",)):
            return
    for protocol in dict.fromkeys(protocols):
        _change_one(database, vault, protocol, change, staff, key, now)
    with database.sessions.begin() as session:
        session.get_one(Deed, key).ended_at = wall_now


def _check(change: Change) -> None:
    if change.kind == HAND_OVER:
        if change.to is None or change.to.disabled_at is not None:
            raise Invalid("to", "names nobody who works here")
        if not change.text.strip():
            raise Invalid("reason", "is missing, or longer than 500 signs; one sentence is enough")
    elif change.kind not in RECODED or change.kind not in FIELDS:
        raise Invalid("kind", "is nothing that can be changed in many cases")


def _change_one(
    database: Database, vault: Vault, protocol: str, change: Change, staff: Staff, key: str, now: datetime
) -> None:
    try:
        with database.sessions.begin() as session:
            case = case_with_protocol(session, protocol)
            if case is None:
                raise NotFound("case")
            entry = _apply(session, vault, case, change, staff, now)
            deed = session.get_one(Deed, key)
            deed.done = [*deed.done, {"case": case.id, **entry}]
    except RueckrufError as error:
        with database.sessions.begin() as session:
            deed = session.get_one(Deed, key)
            deed.failed = [*deed.failed, {"protocol": protocol, "why": str(error)}]


def _apply(
    session: orm.Session, vault: Vault, case: Case, change: Change, staff: Staff, now: datetime
) -> dict[str, Any]:
    """Change one case; gives what is needed to take it back."""
    lock_case(session, case)
    if change.kind == HAND_OVER:
        held = sa.select(Promise.id, Promise.owner_id).where(Promise.case_id == case.id, Promise.status == "open")
        before: dict[str, Any] = {"owner": case.owner_id, "promises": [list(each) for each in session.execute(held)]}
        hand_over(session, vault, case, change.to, change.text, staff, now=now)
        return {**before, "to": case.owner_id}
    seen = as_text(fact_of(record_to_change(session, vault, case), change.kind))
    if not correct_record(session, vault, case, staff, change.kind, change.text, seen=seen, now=now):
        raise Conflict("it says so already")
    session.flush()
    return {"event": session.scalar(sa.select(sa.func.max(CaseEvent.id)).where(CaseEvent.case_id == case.id))}


def hand_over_one(
    session: orm.Session, vault: Vault, case: Case, change: Change, staff: Staff, *, now: datetime, wall_now: datetime
) -> str:
    """Hand one case over in the unit of work at hand; gives the key by which it is taken back.

    Raises:
        Invalid: if nobody is named, or no reason is given.
        Conflict: if they own it already.
    """
    entry = {"case": case.id, **_apply(session, vault, case, change, staff, now)}
    key = secrets.token_urlsafe(12)
    values = {"staff_id": staff.id, "kind": HAND_OVER, "begun_at": wall_now, "ended_at": wall_now}
    session.add(Deed(key=key, **values, done=[entry], failed=[]))
    return key


def can_undo(deed: Deed, staff_id: int, wall_now: datetime) -> bool:
    """Whether this person can still take it back."""
    is_fresh = deed.ended_at is not None and wall_now <= deed.ended_at + UNDO_WITHIN + _ON_ITS_WAY
    return is_fresh and deed.undone_at is None and deed.staff_id == staff_id and bool(deed.done)


def undo(database: Database, vault: Vault, key: str, staff: Staff, *, now: datetime, wall_now: datetime) -> None:
    """Take a deed back, case by case; a case that somebody changed since stays as it is, and is told among the failed.

    Raises:
        NotFound: if there is no such deed.
        Conflict: if it is somebody else's, was taken back before, or the time is over.
    """
    with database.sessions.begin() as session:
        deed = session.get(Deed, key)
        if deed is None:
            raise NotFound("deed")
        if not can_undo(deed, staff.id, wall_now):
            raise Conflict("this can no longer be taken back; what stood there before is in the history of each case")
        taken = sa.update(Deed).where(Deed.key == key, Deed.undone_at.is_(None)).values(undone_at=wall_now)
        if session.scalar(taken.returning(Deed.key)) is None:
            raise Conflict("this was taken back already")
        kind, entries = deed.kind, list(deed.done)
    for entry in entries:
        with database.sessions.begin() as session:
            case = session.get(Case, entry["case"])
            if case is not None and not _take_back(session, vault, case, kind, entry, staff, now):
                deed = session.get_one(Deed, key)
                why = "somebody has changed it since; it stays as it is"
                deed.failed = [*deed.failed, {"protocol": case.protocol, "why": why}]


def _take_back(
    session: orm.Session, vault: Vault, case: Case, kind: str, entry: dict[str, Any], staff: Staff, now: datetime
) -> bool:
    lock_case(session, case)
    if kind != HAND_OVER:
        event = session.get(CaseEvent, entry["event"])
        told = details_of(vault, event) if event is not None else {}
        says = as_text(fact_of(record_to_change(session, vault, case), kind))
        if not told or says != told["after"]:
            return False
        correct_record(session, vault, case, staff, kind, told["before"], seen=says, now=now)
        return True
    if case.owner_id != entry["to"]:
        return False
    before = session.get(Staff, entry["owner"]) if entry["owner"] else None
    after = session.get_one(Staff, entry["to"])
    case.owner_id = entry["owner"]
    for promise_id, owner_id in entry["promises"]:
        theirs = sa.update(Promise).where(Promise.id == promise_id, Promise.owner_id == entry["to"])
        session.execute(theirs.where(Promise.status == "open").values(owner_id=owner_id))
    owner = before.name if before else None
    seal_record(vault, case, record_to_change(session, vault, case).with_facts({"assessment.owner": owner}))
    note(session, vault, case, "taken_back", f"staff:{staff.id}", now, **{"from": after.name, "to": owner})
    return True
