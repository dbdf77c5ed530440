"""An attempt begins: it is written down before anybody dials.

One transaction claims the promise, takes the agent and writes the attempt; only after its commit is the network asked.
The database refuses a second attempt to the same customer or with the same agent.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy import orm

from app.compliance.attempt_caps import may_ring_again
from app.compliance.calling_hours import PROMISED_CALLBACK, SAFETY, may_call_at, next_lawful
from app.compliance.rule import verdict_values
from app.compliance.whereabouts import whereabouts
from app.domain.business_hours import is_open, next_opening
from app.domain.errors import LawUnknown
from app.domain.hotline import Hotline
from app.domain.phone_number import PhoneNumber
from app.domain.promise import AttemptResult, BreakCause
from app.domain.telephone import address_of
from app.models.call import Call, Wait, asked_not_to_be_called, is_on_the_line, offer, take_back
from app.models.case import kind_of_wait
from app.models.dial_pace import take_pace
from app.models.found import get_by_id
from app.models.journal import end_promise
from app.models.promise import Attempt, Promise, claim, is_in_flight, promise_with_case
from app.models.ready import ask_one, table_of
from app.models.staff import engage
from app.promising.next_attempt import after
from app.services.choose_agent import Person, choose_agent, look_around
from app.services.end_attempt import break_promise, tried
from app.services.take_turn import Switchboard
from app.services.tell_customer import tell_customer

AFTER_THE_CALL: Final = timedelta(seconds=20)  # office time: who has just hung up is not rung at once
_TROUBLE: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Intent:
    """An attempt that has been written down and must now be dialled."""

    attempt_key: str
    staff_id: int | None  # None: a campaign rings the customer first
    phone: str  # who is rung first: E.164, or of somebody of the office the address of their softphone
    hotline_number: str
    ring_seconds: int
    wall_at: datetime  # the machine's time of the commit; an old intent is dialled by nobody any more
    leg: str = "agent"  # who is rung first: agent; outreach, somebody whom a campaign concerns


class TooFast(Exception):
    """The account may not begin a call at this moment; nothing was written."""


def wait_intent(
    board: Switchboard,
    call_key: str,
    *,
    now: datetime,
    wall_now: datetime,
    per_second: float,
    by_own_people: bool = False,
) -> Intent | None:
    """Ring a free agent for a waiting caller, if there is one.

    Args:
        by_own_people: only somebody of the caller's own queue may be rung; it is not yet their turn with the others.

    Raises:
        TooFast: if it is not yet time for the next dial.
    """
    try:
        with board.database.sessions.begin() as session:
            wait = get_by_id(session, Wait, call_key)
            if wait.status != "waiting":
                return None
            floor, kind = look_around(session, now=now, wall_now=wall_now), kind_of_wait(session, wait)
            own = floor.own(wait.language, kind) if wait.own_queue else []
            agent = next(iter(own if own or by_own_people else floor.able(wait.language, kind)), None)
            if agent is None:
                return None
            if not offer(session, call_key):
                return None
            call = get_by_id(session, Call, call_key)
            # Who was rung by a campaign is still on its attempt's line, which keeps others from ringing them.
            index = call.caller_index if call.rung_by is None else None
            attempt = write_attempt(session, agent, now=now, wall_now=wall_now, wait_key=call_key, phone_index=index)
            if attempt is None:
                take_back(session, call_key)
                return None
            return intent_to_dial(session, attempt, agent, board.hotline_named(wait.hotline), per_second)
    except sa.exc.IntegrityError:
        return None  # another clock process was faster


def promise_intent(
    board: Switchboard,
    promise_id: int,
    worker: str,
    *,
    now: datetime,
    wall_now: datetime,
    lease: timedelta,
    per_second: float,
) -> Intent | None:
    """Start an attempt for a promise, if the law, the customer's line and an agent allow it at this moment.

    Raises:
        TooFast: if it is not yet time for the next dial.
    """
    try:
        with board.database.sessions.begin() as session:
            begun = _for_promise(board, session, promise_id, worker, now, wall_now, wall_now + lease)
            return None if begun is None else intent_to_dial(session, *begun, per_second)
    except sa.exc.IntegrityError:
        return None  # another clock process was faster


def push_ahead(board: Switchboard, promise_id: int, *, now: datetime) -> None:
    """Put off a promise whose row makes trouble, so that it does not stop the others."""
    with board.database.sessions.begin() as session:
        session.execute(
            sa.update(Promise)
            .where(Promise.id == promise_id, Promise.status == "open")
            .values(next_attempt_at=now + _TROUBLE)
        )


def _for_promise(
    board: Switchboard,
    session: orm.Session,
    promise_id: int,
    worker: str,
    now: datetime,
    wall_now: datetime,
    until: datetime,
) -> tuple[Attempt, Person, Hotline] | None:
    promise = promise_with_case(session, promise_id)
    hotline = board.hotline_named(promise.hotline)
    if promise.status != "open" or is_in_flight(session, promise.phone_index):
        return None
    if is_on_the_line(session, promise.phone_index, now=now, just_ended=AFTER_THE_CALL):
        return None
    verdict = may_dial(board, session, promise, hotline, now)
    if verdict is None:
        return None
    agent = choose_agent(session, promise, now=now, wall_now=wall_now)
    if agent is None:
        return None
    if not claim(session, promise.id, worker=worker, wall_now=wall_now, until=until):
        return None
    attempt = write_attempt(
        session,
        agent,
        now=now,
        wall_now=wall_now,
        promise=promise,
        phone_index=promise.phone_index,
        verdict=verdict,
    )
    return None if attempt is None else (attempt, agent, hotline)


def may_dial(
    board: Switchboard, session: orm.Session, promise: Promise, hotline: Hotline, now: datetime
) -> dict[str, object] | None:
    """The law's verdict if the customer may be rung now; otherwise the promise is put off to when they may, or ends."""
    number = PhoneNumber(str(board.vault.open(promise.phone, f"promises:phone:{promise.key}")))
    if asked_not_to_be_called(session, promise.phone_index):
        if end_promise(session, board.vault, promise, "withdrawn", "clock", now, cause="do not call"):
            tell_customer(session, board.vault, board.present.words, promise, hotline, "text.withdrawn", now)
        return None
    where = whereabouts(number, hotline)
    kind = SAFETY if promise.urgent else PROMISED_CALLBACK
    verdict = may_call_at(where, now, kind)
    if not verdict.allowed:
        try:
            lawful = next_lawful(where, now, kind)
        except LawUnknown:
            lawful = None
        if lawful is None:
            words, cause = board.present.words, BreakCause.NO_LAWFUL_TIME
            break_promise(session, board.vault, words, promise, hotline, cause, now)
        else:
            promise.next_attempt_at = lawful
        return None
    if not promise.urgent and not is_open(hotline, now):
        promise.next_attempt_at = next_opening(hotline, now) or now + timedelta(days=1)
        return None
    state = tried(session, board.vault, promise, hotline, AttemptResult.NO_ANSWER, now)
    if not may_ring_again(where, state.rings, now).allowed:
        promise.next_attempt_at = after(state, now) or now + timedelta(days=1)
        return None
    return verdict_values(verdict)  # type: ignore[return-value]


_WRITE: Final = sa.insert(table_of(Attempt)).returning(table_of(Attempt).c.id)


def write_attempt(
    session: orm.Session,
    agent: Person,
    *,
    now: datetime,
    wall_now: datetime,
    phone_index: str | None,
    promise: Promise | None = None,
    wait_key: str | None = None,
    verdict: dict[str, object] | None = None,
    by_hand: bool = False,
) -> Attempt | None:
    """Write an attempt down and take its agent; None if the agent is taken.

    Args:
        by_hand: the agent asked for it, and so is at the telephone also if marked as away.
    """
    key = secrets.token_urlsafe(16)
    if not engage(session, agent.id, key, wall_now=wall_now, even_if_away=by_hand):
        return None
    row_id = ask_one(
        session,
        _WRITE,
        key=key,
        promise_id=promise.id if promise else None,
        wait_key=wait_key,
        staff_id=agent.id,
        phone_index=phone_index,
        started_at=now,
        wall_at=wall_now,
        verdict=verdict or {},
    )
    return get_by_id(session, Attempt, row_id)


def intent_to_dial(
    session: orm.Session, attempt: Attempt, agent: Person, hotline: Hotline, per_second: float
) -> Intent:
    """The intent to commit, if it is time for it: others wait for the pace from here to the commit.

    Raises:
        TooFast: if it is not yet time for the next dial.
    """
    if not take_pace(session, wall_now=attempt.wall_at, per_second=per_second):
        raise TooFast
    number, seconds = hotline.numbers[0], hotline.callback.ring_seconds
    address = address_of(agent, attempt.wall_at)
    return Intent(attempt.key, agent.id, address, number, seconds, attempt.wall_at)
