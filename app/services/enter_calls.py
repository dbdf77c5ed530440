"""Calls that changed get their row of the call log reckoned anew, and cases that changed the words they are found by.

Which ones changed, the database itself has written down in the transaction that changed them; nothing is lost by a
death at any line, since that note goes in the transaction that writes the row.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
import structlog
from sqlalchemy import orm

from app.models.call import Call, Recording, TurnRow, Wait
from app.models.call_log import CallOutcome, LogChange, LoggedCall, MatterWord, Rings, searched_words
from app.models.case import Case
from app.models.engines import Database
from app.models.erased import is_erased
from app.models.one_at_a_time import one_at_a_time
from app.models.promise import Attempt, Promise
from app.models.records import open_record
from app.models.satisfaction import Satisfaction
from app.models.vault import SealBroken, Vault

_AT_ONCE: Final = 100  # changes in one transaction; what writes meanwhile waits some hundredths of a second
_REPEAT_WITHIN: Final = timedelta(days=7)
_log = structlog.get_logger()


def enter_calls(database: Database, vault: Vault, go_on: Callable[[], bool] = lambda: True) -> int:
    """Bring the call log up to date; gives how many notes of changes were worked off.

    Args:
        go_on: asked before each transaction after the first.
    """
    worked_off = 0
    waiting = sa.select(LogChange.id).limit(1)
    while True:
        with database.reads() as session:
            if session.scalar(waiting) is None:
                return worked_off
        with database.sessions.begin() as session:
            worked_off += _enter_some(session, vault)
        if not go_on():
            return worked_off


def _enter_some(session: orm.Session, vault: Vault) -> int:
    one_at_a_time(session, "call log")
    changes = session.execute(
        sa.select(LogChange.id, LogChange.call_key, LogChange.case_id).order_by(LogChange.id).limit(_AT_ONCE)
    ).all()
    keys = {key for _, key, _ in changes if key is not None}
    enter(session, vault, sorted(keys))
    _note_words(session, vault, {case_id for _, _, case_id in changes if case_id is not None})
    session.execute(sa.delete(LogChange).where(LogChange.id.in_([change_id for change_id, _, _ in changes])))
    return len(changes)


def enter(session: orm.Session, vault: Vault, call_keys: Sequence[str]) -> None:
    """Reckon the rows of these calls; calls that are gone are left out."""
    calls = session.scalars(sa.select(Call).where(Call.key.in_(call_keys))).all()
    keys = [call.key for call in calls]
    present = {row.call_key: row for row in session.scalars(_of(LoggedCall, keys))}
    turns = _newest_turns(session, vault, keys)
    waits = {wait.call_key: wait for wait in session.scalars(_of(Wait, keys))}
    cases = _by_call(session.scalars(_of(Case, keys).order_by(Case.id)))
    promises = _promises(session, keys, cases)
    rings = _rings(session, promises)
    spoke = _who_spoke(session, keys, promises)
    recorded = set(session.scalars(sa.select(Recording.call_key).where(Recording.call_key.in_(keys), _CAN_BE_HEARD)))
    scores = _scores(session, cases)
    earlier = _earlier_calls(session, calls)
    for call in calls:
        row = present.get(call.key) or LoggedCall(call_key=call.key, hung_up=False, language=call.language)
        node, place = turns.get(call.key, ("", None))
        wait, promise = waits.get(call.key), _telling(promises[call.key])
        row.network_id, row.started_at, row.channel, row.hotline = (
            call.network_id, call.started_at, call.channel, call.hotline
        )  # fmt: skip
        row.caller_index, row.seconds, row.node = call.caller_index, call.seconds, node
        if place is not None:
            row.language = place["p"]["l"]
            row.hung_up = call.settled_at is not None and place["w"] != "Hangup"
        agent_id, in_call = spoke.get(call.key, (None, False))
        row.outcome = _outcome(call, row.hung_up, wait, in_call, promises[call.key], cases[call.key])
        row.hung_up = row.hung_up and row.outcome != CallOutcome.TALKED
        row.kind = cases[call.key][-1].kind if cases[call.key] else None
        row.promise, row.promise_due_at, row.promise_cause = (
            (promise.status, promise.due_at, promise.cause) if promise else (None, None, None)
        )
        row.promise_minutes = _minutes_late(promise) if promise else None
        row.promise_rings = rings.get(promise.id) if promise else None
        row.staff_id, row.is_recorded = agent_id, call.key in recorded
        row.waited_seconds = _waited(wait)
        row.satisfaction = scores.get(call.key)
        row.is_repeat = any(
            call.started_at - _REPEAT_WITHIN <= at < call.started_at for at in earlier[call.caller_index or ""]
        )
        session.add(row)
    session.flush()


_CAN_BE_HEARD: Final = Recording.status == "completed"


def _of(model: type[Any], keys: Sequence[str]) -> sa.Select[Any]:
    return sa.select(model).where(model.call_key.in_(keys))


def _by_call(cases: Any) -> defaultdict[str, list[Case]]:
    found: defaultdict[str, list[Case]] = defaultdict(list)
    for case in cases:
        found[case.call_key].append(case)
    return found


def _newest_turns(session: orm.Session, vault: Vault, keys: Sequence[str]) -> dict[str, tuple[str, Any]]:
    """By call the node where it was last, and the sealed part of that turn; None if that was erased."""
    last = (
        sa.select(TurnRow.call_key, sa.func.max(TurnRow.number).label("number"))
        .where(TurnRow.call_key.in_(keys))
        .group_by(TurnRow.call_key)
        .subquery()
    )
    rows = session.scalars(
        sa.select(TurnRow).join(last, sa.and_(last.c.call_key == TurnRow.call_key, last.c.number == TurnRow.number))
    )
    return {
        row.call_key: (
            row.node,
            _opened(vault, row),
        )
        for row in rows
    }


def _opened(vault: Vault, row: TurnRow) -> Any:
    if is_erased(row.sealed):
        return None
    try:
        return vault.open(row.sealed, f"turns:{row.call_key}:{row.number}")
    except SealBroken:  # the journal raises the alarm; the log goes on without it
        _log.warning("a turn cannot be read for the call log", call=row.call_key)
        return None


def _promises(
    session: orm.Session, keys: Sequence[str], cases: defaultdict[str, list[Case]]
) -> defaultdict[str, list[Promise]]:
    """By call the promises that were made in it, and those of the cases that were opened in it."""
    case_calls = {case.id: key for key, opened in cases.items() for case in opened}
    wanted = sa.or_(Promise.call_key.in_(keys), Promise.case_id.in_(list(case_calls)))
    found: defaultdict[str, list[Promise]] = defaultdict(list)
    asked = set(keys)
    for promise in session.scalars(sa.select(Promise).where(wanted).order_by(Promise.id)):
        for key in {promise.call_key, case_calls.get(promise.case_id)} & asked:
            found[str(key)].append(promise)
    return found


def _telling(promises: Sequence[Promise]) -> Promise | None:
    """The open promise, else the newest one."""
    still_open = [each for each in promises if each.status == "open"]
    return still_open[-1] if still_open else promises[-1] if promises else None


_KEPT: Final = frozenset({"kept", "kept_late"})


def _minutes_late(promise: Promise) -> int | None:
    """Whole minutes from the deadline to the end, away from zero: a second late is a minute late; None: no such end."""
    if promise.ended_at is None or promise.status not in _KEPT | {"broken"}:
        return None
    seconds = (promise.ended_at - promise.due_at).total_seconds()
    return math.ceil(seconds / 60) if seconds > 0 else math.floor(seconds / 60)


def _rings(session: orm.Session, promises: Mapping[str, Sequence[Promise]]) -> dict[int, Rings]:
    """By promise how many rings it took until somebody answered, of those that were kept or ended without an answer."""
    status = {
        each.id: each.status
        for made in promises.values()
        for each in made
        if each.status in _KEPT | {"unreachable", "broken"}
    }
    rung: defaultdict[int, list[bool]] = defaultdict(list)
    rows = session.execute(
        sa.select(Attempt.promise_id, Attempt.bridged_at)
        .where(Attempt.promise_id.in_(list(status)), Attempt.dialled_at.is_not(None))
        .order_by(Attempt.dialled_at, Attempt.id)
    )
    for promise_id, bridged_at in rows:
        rung[promise_id or 0].append(bridged_at is not None)
    found: dict[int, Rings] = {}
    for promise_id, answered in rung.items():
        if any(answered):
            found[promise_id] = _COUNTED.get(answered.index(True) + 1, Rings.MORE)
        elif status[promise_id] not in _KEPT:
            found[promise_id] = Rings.NEVER
    return found


_COUNTED: Final = {1: Rings.ONE, 2: Rings.TWO, 3: Rings.THREE}


def _who_spoke(
    session: orm.Session, keys: Sequence[str], promises: defaultdict[str, list[Promise]]
) -> dict[str, tuple[int, bool]]:
    """By call who spoke with the caller last, in it or about its promise; and whether anybody did in the call."""
    calls_of: defaultdict[int, set[str]] = defaultdict(set)
    for key, made in promises.items():
        for promise in made:
            calls_of[promise.id].add(key)
    about = sa.or_(Attempt.wait_key.in_(keys), Attempt.promise_id.in_(list(calls_of)))
    rows = session.execute(
        sa.select(Attempt.wait_key, Attempt.promise_id, Attempt.staff_id)
        .where(about, Attempt.bridged_at.is_not(None), Attempt.staff_id.is_not(None))
        .order_by(Attempt.bridged_at, Attempt.id)
    )
    spoke: dict[str, tuple[int, bool]] = {}
    for wait_key, promise_id, staff_id in rows:
        for key in ({wait_key} if wait_key else set()) | calls_of.get(promise_id or 0, set()):
            before = spoke.get(key)
            spoke[key] = (int(staff_id or 0), key == wait_key or bool(before and before[1]))
    return spoke


def _scores(session: orm.Session, cases: Mapping[str, Sequence[Case]]) -> dict[str, int]:
    """By call the newest answer how satisfied its customer is with what became of a case opened in it."""
    calls_of = {case.id: key for key, opened in cases.items() for case in opened}
    rows = session.execute(
        sa.select(Satisfaction.case_id, Satisfaction.score)
        .where(Satisfaction.case_id.in_(list(calls_of)), Satisfaction.score.is_not(None))
        .order_by(Satisfaction.answered_at, Satisfaction.id)
    )
    return {calls_of[case_id]: score for case_id, score in rows if case_id is not None and score is not None}


def _earlier_calls(session: orm.Session, calls: Sequence[Call]) -> defaultdict[str, list[datetime]]:
    """When the callers of these calls rang us in the seven days before the first of them, and since."""
    indexes = {call.caller_index for call in calls if call.caller_index}
    found: defaultdict[str, list[datetime]] = defaultdict(list)
    if not indexes:
        return found
    since = min(call.started_at for call in calls) - _REPEAT_WITHIN
    rows = sa.select(Call.caller_index, Call.started_at).where(Call.caller_index.in_(indexes), Call.started_at >= since)
    for index, at in session.execute(rows):
        found[str(index)].append(at)
    return found


def _outcome(
    call: Call,
    hung_up: bool,
    wait: Wait | None,
    spoke_in_call: bool,
    promises: Sequence[Promise],
    cases: Sequence[Case],
) -> CallOutcome:
    if call.settled_at is None:
        return CallOutcome.IN_PROGRESS
    if spoke_in_call or (wait is not None and wait.answered_at is not None):
        return CallOutcome.TALKED
    if any(promise.call_key == call.key for promise in promises):
        return CallOutcome.PROMISED
    if wait is not None and wait.status == "left":
        return CallOutcome.GAVE_UP
    if cases:
        return CallOutcome.OPENED
    return CallOutcome.HUNG_UP if hung_up else CallOutcome.TOLD


def _waited(wait: Wait | None) -> int | None:
    until = (wait.answered_at or wait.ended_at) if wait is not None else None
    return int((until - wait.joined_at).total_seconds()) if wait is not None and until is not None else None


def _note_words(session: orm.Session, vault: Vault, case_ids: set[int]) -> None:
    cases = session.scalars(sa.select(Case).where(Case.id.in_(case_ids))).all()
    present: defaultdict[int, set[str]] = defaultdict(set)
    rows = sa.select(MatterWord.case_id, MatterWord.word_index).where(MatterWord.case_id.in_(case_ids))
    for case_id, index in session.execute(rows):
        present[case_id].add(index)
    new: list[dict[str, Any]] = []
    for case in cases:
        try:
            wanted = set(searched_words(vault, open_record(vault, case)))
        except SealBroken:
            _log.warning("a record cannot be read for the call log", case=case.id)
            continue
        gone = present[case.id] - wanted
        if gone:
            session.execute(sa.delete(MatterWord).where(MatterWord.case_id == case.id, MatterWord.word_index.in_(gone)))
        new += [
            {"word_index": index, "case_id": case.id, "call_key": case.call_key, "received_at": case.received_at}
            for index in sorted(wanted - present[case.id])
        ]
    if new:
        session.execute(sa.insert(MatterWord), new)
