"""Who is rung next: waiting callers first, then promises by least slack; each attempt is written down before it dials.

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
from app.compliance.calling_hours import SAFETY, may_call_at, next_lawful
from app.compliance.rule import verdict_values
from app.compliance.whereabouts import whereabouts
from app.domain.business_hours import is_open, next_opening
from app.domain.errors import LawUnknown
from app.domain.hotline import Hotline
from app.domain.phone_number import PhoneNumber
from app.domain.promise import AttemptResult, BreakCause
from app.models.call import Call, Caller, Wait, is_on_the_line
from app.models.case import kind_of_call
from app.models.journal import end_promise
from app.models.promise import Attempt, Promise, claim, is_in_flight
from app.models.staff import Staff, engage, free_agents
from app.promising.next_attempt import after
from app.services.end_attempt import break_promise, tried
from app.services.take_turn import Switchboard

_AT_ONCE: Final = 50  # rows looked at in one tick; the next tick is a second away
AFTER_THE_CALL: Final = timedelta(seconds=20)  # office time: who has just hung up is not rung at once
_TROUBLE: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Intent:
    """An attempt that has been written down and must now be dialled."""

    attempt_key: str
    agent_phone: str
    hotline_number: str
    ring_seconds: int


def waiting_intents(board: Switchboard, *, now: datetime, wall_now: datetime) -> list[Intent]:
    """Ring a free agent for each waiting caller, in their order."""
    with board.database.reads() as session:
        keys = session.scalars(
            sa.select(Wait.call_key)
            .where(Wait.status == "waiting")
            .order_by(Wait.urgent.desc(), Wait.joined_at)
            .limit(_AT_ONCE)
        ).all()
    return [intent for key in keys if (intent := _for_wait(board, key, now=now, wall_now=wall_now))]


def _for_wait(board: Switchboard, call_key: str, *, now: datetime, wall_now: datetime) -> Intent | None:
    try:
        with board.database.sessions.begin() as session:
            wait = session.get_one(Wait, call_key)
            if wait.status != "waiting":
                return None
            agent = next(iter(_ready(session, wait.language, kind_of_call(session, call_key), now)), None)
            if agent is None:
                return None
            call = session.get_one(Call, call_key)
            attempt = _write(
                session, agent, now=now, wall_now=wall_now, wait_key=call_key, phone_index=call.caller_index
            )
            if attempt is None:
                return None
            wait.status = "offered"
            return _intent(attempt, agent, board.hotline_named(wait.hotline))
    except sa.exc.IntegrityError:
        return None  # another clock process was faster


def due_promises(board: Switchboard, *, now: datetime, wall_now: datetime) -> list[int]:
    """The promises that may be tried now, least slack first, urgent ones before all others.

    Live callers who wait have taken their agents before this is asked, so callbacks never overtake them.
    """
    with board.database.reads() as session:
        return list(
            session.scalars(
                sa.select(Promise.id)
                .where(
                    Promise.status == "open",
                    Promise.next_attempt_at <= now,
                    sa.or_(Promise.claimed_until.is_(None), Promise.claimed_until < wall_now),
                )
                .order_by(Promise.urgent.desc(), Promise.latest_start_at, Promise.due_at)
                .limit(_AT_ONCE)
            ).all()
        )


def promise_intent(
    board: Switchboard, promise_id: int, worker: str, *, now: datetime, wall_now: datetime, lease: timedelta
) -> Intent | None:
    """Start an attempt for a promise, if the law, the customer's line and an agent allow it at this moment."""
    try:
        return _for_promise(board, promise_id, worker, now=now, wall_now=wall_now, until=wall_now + lease)
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
    board: Switchboard, promise_id: int, worker: str, *, now: datetime, wall_now: datetime, until: datetime
) -> Intent | None:
    with board.database.sessions.begin() as session:
        promise = session.get_one(Promise, promise_id)
        hotline = board.hotline_named(promise.hotline)
        if promise.status != "open" or is_in_flight(session, promise.phone_index):
            return None
        if is_on_the_line(session, promise.phone_index, now=now, just_ended=AFTER_THE_CALL):
            return None
        verdict = _may_dial(board, session, promise, hotline, now)
        if verdict is None:
            return None
        agent = _agent_for(session, promise, now)
        if agent is None:
            return None
        if not claim(session, promise.id, worker=worker, wall_now=wall_now, until=until):
            return None
        attempt = _write(
            session,
            agent,
            now=now,
            wall_now=wall_now,
            promise=promise,
            phone_index=promise.phone_index,
            verdict=verdict,
        )
        return _intent(attempt, agent, hotline) if attempt is not None else None


def _may_dial(
    board: Switchboard, session: orm.Session, promise: Promise, hotline: Hotline, now: datetime
) -> dict[str, object] | None:
    """The law's verdict if the customer may be rung now; otherwise the promise is put off to when they may, or ends."""
    number = PhoneNumber(str(board.vault.open(promise.phone, f"promises:phone:{promise.key}")))
    if session.scalar(sa.select(Caller.do_not_call).where(Caller.number_index == promise.phone_index)):
        end_promise(session, board.vault, promise, "withdrawn", "clock", now, cause="do not call")
        return None
    where = whereabouts(number, hotline)
    verdict = may_call_at(where, now, SAFETY if promise.urgent else "promised_callback")
    if not verdict.allowed:
        try:
            lawful = next_lawful(where, now)
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
    state = tried(session, board.vault, promise, hotline, AttemptResult.NO_ANSWER)
    if state.rung_at and not may_ring_again(where, state.rung_at, now).allowed:
        promise.next_attempt_at = after(state, now) or now + timedelta(days=1)
        return None
    return verdict_values(verdict)  # type: ignore[return-value]


def _agent_for(session: orm.Session, promise: Promise, now: datetime) -> Staff | None:
    """The owner of the case first (T11), else who can serve it and has been free longest (T12)."""
    ready = _ready(session, promise.language, promise.case.kind, now)
    owner = [agent for agent in ready if agent.id == promise.owner_id or agent.id == promise.case.owner_id]
    return next(iter(owner or ready), None)


def _ready(session: orm.Session, language: str, kind: str, now: datetime) -> list[Staff]:
    """Free agents; one who has just not answered rests a little, unless nobody else is there."""
    free = free_agents(session, language, kind)
    return [agent for agent in free if agent.free_since is None or agent.free_since <= now]


def _write(
    session: orm.Session,
    agent: Staff,
    *,
    now: datetime,
    wall_now: datetime,
    phone_index: str | None,
    promise: Promise | None = None,
    wait_key: str | None = None,
    verdict: dict[str, object] | None = None,
) -> Attempt | None:
    key = secrets.token_urlsafe(16)
    if not engage(session, agent.id, key, wall_now=wall_now):
        return None
    attempt = Attempt(
        key=key,
        promise_id=promise.id if promise else None,
        wait_key=wait_key,
        staff_id=agent.id,
        phone_index=phone_index,
        started_at=now,
        wall_at=wall_now,
        verdict=verdict or {},
    )
    session.add(attempt)
    session.flush()
    return attempt


def _intent(attempt: Attempt, agent: Staff, hotline: Hotline) -> Intent:
    return Intent(attempt.key, agent.phone or "", hotline.numbers[0], hotline.callback.ring_seconds)
