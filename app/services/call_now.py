"""An agent rings the customer of a promise by one click: the office rings the agent first, then the customer.

The same attempt as the clock's, begun by hand: written and committed before anybody dials, so that a second click, a
colleague's click or a death in between rings nobody twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import orm

from app.domain.errors import Conflict, Invalid, NotFound
from app.domain.telephone import address_of, has_telephone
from app.models.call import is_on_the_line
from app.models.journal import note
from app.models.promise import Attempt, Promise, claim, is_under_way, promise_with_case
from app.models.staff import Staff
from app.services.choose_agent import Person
from app.services.start_attempts import AFTER_THE_CALL, Intent, TooFast, intent_to_dial, may_dial, write_attempt
from app.services.take_turn import Switchboard


@dataclass(frozen=True, slots=True)
class Begun:
    """What a click began, or found begun."""

    attempt_key: str | None  # None: it waits for the pace of dialling, and the clock rings in a moment
    intent: Intent | None  # to be dialled by who clicked; None if that is done already, or the clock does it


def call_now(
    board: Switchboard,
    promise_id: int,
    staff_id: int,
    *,
    now: datetime,
    wall_now: datetime,
    lease: timedelta,
    per_second: float,
) -> Begun:
    """Write down the attempt of an agent to keep a promise now; a second click finds the first one's.

    Args:
        now: office time.
        wall_now: the machine's time, on which the lease counts.

    Raises:
        NotFound: if there is no such promise.
        Invalid: if the agent has no telephone.
        Conflict: if somebody else holds or tries it, it has ended, the agent is on a call, or the customer must not be
            rung at this moment; the message says which.
    """
    try:
        with board.database.sessions.begin() as session:
            return _begin(board, session, promise_id, staff_id, now, wall_now, wall_now + lease, per_second)
    except sa.exc.IntegrityError:
        with board.database.reads() as session:
            return _begun_already(session, session.get_one(Promise, promise_id), staff_id)
    except TooFast:
        with board.database.sessions.begin() as session:
            _leave_to_the_clock(board, session, promise_id, session.get_one(Staff, staff_id), now, wall_now)
        return Begun(None, None)


def _begin(
    board: Switchboard,
    session: orm.Session,
    promise_id: int,
    staff_id: int,
    now: datetime,
    wall_now: datetime,
    until: datetime,
    per_second: float,
) -> Begun:
    if session.get(Promise, promise_id) is None:
        raise NotFound("promise")
    promise = promise_with_case(session, promise_id)
    staff = session.get_one(Staff, staff_id)
    _refuse_what_cannot_be(session, promise, staff, wall_now)
    if _under_way(session, promise) is not None:
        return _begun_already(session, promise, staff_id)
    if staff.engaged_with is not None:
        raise Conflict("you are on another call at this moment; end it first")
    if is_on_the_line(session, promise.phone_index, now=now, just_ended=AFTER_THE_CALL):
        raise Conflict("the customer is on the line with us at this moment; nobody was rung")
    hotline = board.hotline_named(promise.hotline)
    verdict = may_dial(board, session, promise, hotline, now)
    if verdict is None:
        raise Conflict("the customer must not be rung at this moment, by law or by our hours; nobody was rung")
    _take(board, session, promise, staff, now)
    agent = Person.of(staff)
    if not claim(session, promise.id, worker=f"desk:{staff.id}", wall_now=wall_now, until=until):
        raise Conflict("this promise is being tried at this moment; nobody was rung twice")
    attempt = write_attempt(
        session, agent, now=now, wall_now=wall_now, promise=promise, phone_index=promise.phone_index, verdict=verdict,
        by_hand=True,
    )  # fmt: skip
    if attempt is None:
        raise Conflict("you are on another call at this moment; end it first")
    return Begun(attempt.key, intent_to_dial(session, attempt, agent, hotline, per_second))


def _refuse_what_cannot_be(session: orm.Session, promise: Promise, staff: Staff, wall_now: datetime) -> None:
    if not has_telephone(staff):
        raise Invalid("phone", "there is none on file to ring you on; ask a supervisor to add one")
    if not address_of(staff, wall_now):
        raise Conflict("the telephone in your browser is closed; open it, then call")
    if promise.status != "open":
        raise Conflict("this promise has ended meanwhile; nobody was rung")
    if promise.owner_id not in (None, staff.id):
        holder = session.get_one(Staff, promise.owner_id)
        raise Conflict(f"{holder.name} was faster and holds this promise; nobody was rung")


def _under_way(session: orm.Session, promise: Promise) -> Attempt | None:
    return session.scalar(sa.select(Attempt).where(Attempt.phone_index == promise.phone_index, is_under_way()).limit(1))


def _begun_already(session: orm.Session, promise: Promise, staff_id: int) -> Begun:
    """What a second click finds."""
    attempt = _under_way(session, promise)
    if attempt is not None and attempt.staff_id == staff_id and attempt.promise_id == promise.id:
        return Begun(attempt.key, None)
    busy = session.get(Staff, attempt.staff_id) if attempt is not None and attempt.staff_id is not None else None
    raise Conflict(f"{busy.name if busy else 'somebody'} was faster and rings this customer; nobody was rung twice")


def _take(board: Switchboard, session: orm.Session, promise: Promise, staff: Staff, now: datetime) -> None:
    if promise.owner_id is None:
        promise.owner_id = staff.id
        note(session, board.vault, promise.case, "claimed", f"staff:{staff.id}", now, promise=promise.id)


def _leave_to_the_clock(
    board: Switchboard, session: orm.Session, promise_id: int, staff: Staff, now: datetime, wall_now: datetime
) -> None:
    promise = promise_with_case(session, promise_id)
    _refuse_what_cannot_be(session, promise, staff, wall_now)
    if not staff.available:
        raise Conflict("the phone network takes no more calls at this moment; try again in a few seconds")
    _take(board, session, promise, staff, now)
    promise.next_attempt_at = now
