"""An attempt has ended: the agent is free again, and the promise is tried again, or ends."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy import orm

from app.compliance.whereabouts import whereabouts
from app.domain.errors import LawUnknown
from app.domain.hotline import Hotline
from app.domain.phone_number import PhoneNumber
from app.domain.promise import AttemptResult, BreakCause, counts_as_attempt
from app.ivr.words import Words
from app.models.call import Wait, take_back
from app.models.holds import release_dial
from app.models.journal import end_promise, note
from app.models.promise import Attempt, Promise, promise_of, rung_lately
from app.models.ready import ask, ask_all, note_written, table_of, write
from app.models.records import lock_cases
from app.models.staff import disengage
from app.models.vault import Vault
from app.promising.next_attempt import Tried, after
from app.promising.slack import latest_start_at
from app.promising.spacing import BREATH, time_needed
from app.promising.workable import workable_spans
from app.services.bridge_call import advance
from app.services.tell_customer import tell_customer

_PAUSE_FOR_AGENT: Final = timedelta(minutes=2)  # office time until an agent who did not answer is rung again
_RANG: Final = ("connected", "busy", "no_answer", "machine", "failed")  # at the customer's
_REST: Final = {
    AttemptResult.AGENT_SILENT: _PAUSE_FOR_AGENT,
    AttemptResult.AGENT_DECLINED: _PAUSE_FOR_AGENT,
    AttemptResult.AGENT_UNREACHABLE: timedelta(0),  # nothing rang; their number can ring at once
}


def end_attempt(
    session: orm.Session,
    vault: Vault,
    words: Words,
    attempt: Attempt,
    hotline: Hotline,
    result: AttemptResult,
    *,
    now: datetime,
    wall_now: datetime,
    seconds: int | None = None,
) -> bool:
    """End an attempt with its result, once; gives False if it had ended before.

    A customer whose line was dialled in vain is tried again by cause, inside lawful hours; a spent promise ends as
    unreachable, with the attempts as its proof. What the agent or the network did costs the customer nothing.
    """
    was_bridged = attempt.bridged_at is not None
    if was_bridged:
        result = AttemptResult.CONNECTED
    elif not attempt.dialled_at and counts_as_attempt(result):
        result = AttemptResult.NETWORK_REFUSED  # the customer's line never rang
    if not advance(session, attempt.key, "ended", ended_at=now, wall_at=wall_now, result=result.value, seconds=seconds):
        return False
    promise = promise_of(session, attempt) if attempt.promise_id is not None else None
    if promise is not None:
        lock_cases(session, [promise.case_id])
    _give_back_the_caller(session, attempt)
    if promise is not None:
        details = {"attempt": attempt.key, "result": result.value, "seconds": seconds}
        note(session, vault, promise.case, "attempt_ended", f"staff:{attempt.staff_id}", now, **details)
        if promise.status == "open" and not was_bridged:
            if attempt.dialled_at and not counts_as_attempt(result):
                promise.attempts_made = max(0, promise.attempts_made - 1)
            release_dial(session, promise.id)
            _try_again_or_end(session, vault, words, promise, hotline, result, now)
    disengage(session, attempt.key, free_since=now + _REST.get(result, BREATH))
    return True


_WAITS: Final = table_of(Wait)
_SERVED: Final = (
    sa.update(_WAITS)
    .where(_WAITS.c.call_key == sa.bindparam("of_key"), _WAITS.c.status == "bridged", _WAITS.c.ended_at.is_(None))
    .returning(_WAITS.c.call_key)
)


def _give_back_the_caller(session: orm.Session, attempt: Attempt) -> None:
    """A caller who was offered to this agent waits on in the old place; one who talked has been served."""
    if attempt.wait_key is None or take_back(session, attempt.wait_key):
        return
    for (call_key,) in ask(session, _SERVED, of_key=attempt.wait_key, ended_at=attempt.ended_at):
        note_written(session, Wait, call_key, ended_at=attempt.ended_at)


_RUNG_FOR: Final = (
    sa.select(Attempt.dialled_at)
    .where(
        Attempt.promise_id == sa.bindparam("promise_id"),
        Attempt.dialled_at.is_not(None),
        sa.or_(Attempt.result.is_(None), *(Attempt.result == each for each in _RANG)),
    )
    .order_by(Attempt.dialled_at)
)


def rung_at(session: orm.Session, promise: Promise) -> tuple[datetime, ...]:
    """When this customer's line was dialled for this promise, oldest first."""
    return tuple(ask_all(session, _RUNG_FOR, promise_id=promise.id))


def tried(
    session: orm.Session, vault: Vault, promise: Promise, hotline: Hotline, result: AttemptResult, now: datetime
) -> Tried:
    """The promise after an attempt, as the rules want to see it."""
    number = PhoneNumber(str(vault.open(promise.phone, f"promises:phone:{promise.key}")))
    return Tried(
        result,
        rung_at(session, promise),
        promise.due_at,
        hotline,
        whereabouts(number, hotline),
        rung_lately(session, promise.phone_index, now=now),
        promise.urgent,
    )


def _try_again_or_end(
    session: orm.Session,
    vault: Vault,
    words: Words,
    promise: Promise,
    hotline: Hotline,
    result: AttemptResult,
    now: datetime,
) -> None:
    state = tried(session, vault, promise, hotline, result, now)
    try:
        again = after(state, now)
    except LawUnknown:
        break_promise(session, vault, words, promise, hotline, BreakCause.LAW_UNKNOWN, now)
        return
    if again is not None:
        write(promise, next_attempt_at=again, latest_start_at=_latest_start(state, promise.attempts_made, now))
        if counts_as_attempt(result):
            tell_customer(session, vault, words, promise, hotline, "text.attempt_missed", now, next=again.isoformat())
        return
    if state.attempts_left > 0:
        break_promise(session, vault, words, promise, hotline, BreakCause.NO_LAWFUL_TIME, now)
    elif end_promise(session, vault, promise, "unreachable", "clock", now, cause=result.value):
        tell_customer(session, vault, words, promise, hotline, "text.unreachable", now)


def _latest_start(state: Tried, attempts_made: int, now: datetime) -> datetime:
    """When the next attempt must start so that all that are left fit; fewer are left now, so there is more slack."""
    days = max((state.due_at - now).days, 0) + 2
    needed = time_needed(state.hotline.callback, attempts_made)
    spans = workable_spans(state.hotline, state.where, now, days, urgent=state.urgent)
    return latest_start_at(state.due_at, needed, list(spans))


def break_promise(
    session: orm.Session,
    vault: Vault,
    words: Words,
    promise: Promise,
    hotline: Hotline,
    cause: BreakCause,
    now: datetime,
) -> bool:
    """End a promise that we did not keep, with its cause, and say so to the customer; False if it had ended before."""
    if not end_promise(session, vault, promise, "broken", "clock", now, cause=cause.value):
        return False
    tell_customer(session, vault, words, promise, hotline, "text.broken", now, due=promise.due_at.isoformat())
    return True
