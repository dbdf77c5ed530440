"""A call has ended: its record is completed, and nobody who complained is left without a word.

Nothing here is needed for the complaint to exist: that happened when the key was pressed. The network's final status
webhook brings a call here, or the clock when none comes.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy import orm

from app.domain.call import LegStatus, is_over, next_status
from app.domain.complaint_known import fold_known, known_about
from app.domain.phone_number import PhoneNumber, may_be_promised_a_call
from app.models.call import Call, LegEvent, Wait, asked_not_to_be_called
from app.models.case import Case
from app.models.found import find_all, get_by_id
from app.models.holds import let_go
from app.models.journal import note
from app.models.one_at_a_time import one_at_a_time
from app.models.promise import Promise
from app.models.ready import ask, ask_one, note_written, table_of
from app.models.recordings import note_recording
from app.models.records import keep_record, lock_cases, record_to_change
from app.models.transcripts import with_transcript
from app.models.turns import Place
from app.models.upsert import insert_absent
from app.services.consent_moments import with_consent_moments
from app.services.office import CallAtHand
from app.services.promise_by_text import promise_by_text
from app.services.remember_owned import remember_owned
from app.services.settle_cancellation import settle_cancellation
from app.services.take_turn import Switchboard

_STATUSES: Final = frozenset(LegStatus)
_KEY_OF: Final = sa.select(Call.key).where(Call.network_id == sa.bindparam("network_id"))
_CASES: Final = sa.select(Case).where(Case.call_key == sa.bindparam("call_key")).order_by(Case.id)
_PROMISED: Final = sa.select(Promise.id).where(Promise.case_id == sa.bindparam("case_id")).limit(1)
_ANSWERED: Final = sa.select(Wait.answered_at).where(Wait.call_key == sa.bindparam("call_key"))
_WAITS: Final = table_of(Wait)
_STILL_THERE: Final = sa.or_(_WAITS.c.status == "waiting", _WAITS.c.status == "offered")
_LEAVE: Final = (
    sa.update(_WAITS)
    .where(_WAITS.c.call_key == sa.bindparam("of_call"), _WAITS.c.ended_at.is_(None))
    .values(ended_at=sa.bindparam("now"), status=sa.case((_STILL_THERE, "left"), else_=_WAITS.c.status))
    .returning(_WAITS.c.call_key, _WAITS.c.status)
)


def note_leg_event(
    session: orm.Session, network_id: str, kind: str, status: str, *, sequence: str, seconds: int, now: datetime
) -> bool:
    """Keep a status webhook in the timeline; False if the same one has come before."""
    values = {
        "network_id": network_id,
        "kind": kind,
        "status": status,
        "sequence": sequence,
        "received_at": now,
        "seconds": seconds or None,
    }
    return insert_absent(session, LegEvent, values, ("network_id", "kind", "status", "sequence"))


def note_leg_status(
    board: Switchboard,
    network_id: str,
    status: str,
    *,
    sequence: str,
    seconds: int,
    now: datetime,
    wall_now: datetime,
) -> None:
    """The network tells where a caller's leg stands; it only ever moves forward, and its end settles the call."""
    new = LegStatus(status) if status in _STATUSES else LegStatus.INITIATED
    with board.database.sessions.begin() as session:
        note_leg_event(session, network_id, "call", status, sequence=sequence, seconds=seconds, now=now)
        key = ask_one(session, _KEY_OF, network_id=network_id)
        if key is None:
            return
        one_at_a_time(session, f"call:{key}")  # a turn under way comes first, and then what it did is settled, too
        call = get_by_id(session, Call, key)
        moved = next_status(LegStatus(call.status), new)
        is_to_settle = is_over(moved) and call.settled_at is None
        if moved is LegStatus(call.status) and not is_to_settle:
            return
        call.status = moved
        if is_to_settle:
            call.seconds = seconds or call.seconds
            settle_call(board, session, call, now=now, wall_now=wall_now)


def settle_call(board: Switchboard, session: orm.Session, call: Call, *, now: datetime, wall_now: datetime) -> None:
    """Complete what this call left behind; a second time changes nothing."""
    if call.settled_at is not None:
        return
    settled_before, call.ended_at = call.ended_at, call.ended_at or now
    call.ended_wall_at, call.settled_at = call.ended_wall_at or wall_now, now
    cases = find_all(session, _CASES, call_key=call.key)
    lock_cases(session, [case.id for case in cases])
    for call_key, status in ask(session, _LEAVE, of_call=call.key, now=now):
        note_written(session, Wait, call_key, ended_at=now, status=status)
    place = board.turns.newest(call.key)
    if place is not None:
        _complete(board, session, call, cases, place, settled_before, now, wall_now)
    let_go(session, call.key)


def _complete(
    board: Switchboard,
    session: orm.Session,
    call: Call,
    cases: Sequence[Case],
    place: Place,
    settled_before: datetime | None,
    now: datetime,
    wall_now: datetime,
) -> None:
    _note_story(session, call, place)
    for case in cases:
        complete_record(board, session, case, place, now)
        remember_owned(session, board.vault, case, now=now)
        if settled_before is None or case.received_at >= settled_before:
            note(
                session, board.vault, case, "call_ended", "customer", now,
                seconds=call.seconds, at_node=place.position.node,
            )  # fmt: skip
        if case.kind == "cancellation":
            settle_cancellation(board, session, call, case, place, now=now)
        _leave_nobody_waiting(board, session, call, case, place, now, wall_now)


def _note_story(session: orm.Session, call: Call, place: Place) -> None:
    """Write down the recording that the caller made, should the network's word about it have been lost."""
    known = place.position.known
    if known.get("story"):
        seconds, consent = int(known.get("story_seconds") or 0) or None, str(known.get("consent", ""))
        note_recording(
            session, str(known["story"]), call.key, "story", seconds=seconds, consent=consent, at=call.started_at
        )


def complete_record(board: Switchboard, session: orm.Session, case: Case, place: Place, now: datetime) -> None:
    """Put all that the call's flow knows by now into the record."""
    known = known_about(case.protocol, place.position.known)
    call_key = case.call_key or ""
    known = with_transcript(session, board.vault, call_key, known)
    before = record_to_change(session, board.vault, case)
    record = with_consent_moments(session, board.vault, call_key, fold_known(before, known, at=now))
    keep_record(board.vault, case, before, record)


def _leave_nobody_waiting(
    board: Switchboard, session: orm.Session, call: Call, case: Case, place: Place, now: datetime, wall_now: datetime
) -> None:
    """Who complained and hung up before a deadline was spoken gets one all the same, by text message (T4, T9)."""
    has_promise = ask_one(session, _PROMISED, case_id=case.id) is not None
    talked = ask_one(session, _ANSWERED, call_key=call.key) is not None
    if case.kind != "complaint" or has_promise or talked:
        return
    edition = board.edition(place.position.version)
    hotline = board.hotline_named(call.hotline)
    at_hand = CallAtHand(
        session,
        board.vault,
        edition.words,
        hotline,
        call.key,
        call.network_id,
        place.number,
        place.position,
        now,
        wall_now,
    )
    phone = at_hand.phone
    if not phone or not may_be_promised_a_call(PhoneNumber(phone)):
        return
    if asked_not_to_be_called(session, board.vault.index(phone)):
        return
    promise_by_text(
        session,
        board.vault,
        edition.words,
        case,
        hotline,
        PhoneNumber(phone),
        cause=call.key,
        language=place.position.language,
        now=now,
        call_key=call.key,
        flow_version=place.position.version,
    )
