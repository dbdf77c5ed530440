"""The legs of an attempt: the agent's, the customer's, and the meeting with a queued caller."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from flask import Blueprint, Response
from sqlalchemy import orm

from app.domain.call import TERMINAL, LegStatus, is_over
from app.domain.promise import AttemptResult
from app.ivr.manner import USUAL, Manner
from app.ivr.turn import Gather, Say
from app.models.call import LegEvent
from app.models.journal import order_hang_up
from app.models.promise import Attempt, promise_of
from app.models.ready import ask, ask_one
from app.runtime import Runtime
from app.services.bridge_call import (
    Stage,
    accept,
    advance,
    confirm,
    find_attempt,
    greet_agent,
    greet_customer,
    join_waiting,
)
from app.services.end_attempt import end_attempt
from app.services.end_leg import CUSTOMER_LEG, hotline_of, leg_over
from app.services.remember_manner import remembered
from app.services.settle_call import note_leg_event
from app.telephony.twilio.request import is_of_softphone, number, one, read_heard
from app.telephony.twilio.response import EMPTY, HANG_UP, dial_customer, dial_queue, gather, looped
from app.telephony.twilio.voices import VOICES
from app.web.webhooks.gate import only_the_network, params, runtime, xml
from app.web.webhooks.holding import listen

bp = Blueprint("legs", __name__, url_prefix="/voice")
bp.before_request(only_the_network)

_STATUSES: Final = frozenset(LegStatus)
_STANDING: Final = (
    sa.select(Attempt.stage, Attempt.network_id)
    .where(Attempt.key == sa.bindparam("key"))
    .with_for_update(key_share=True)
)
_END_TOLD: Final = (
    sa.select(LegEvent.id)
    .where(LegEvent.network_id == sa.bindparam("network_id"), sa.or_(*(LegEvent.status == each for each in TERMINAL)))
    .limit(1)
)

_KEY = Gather(digits=1, speech=False, timeout_seconds=8)
_KEY_OR_WORD = Gather(digits=1, speech=True, timeout_seconds=6)


def _spoken(
    rt: Runtime,
    session: orm.Session,
    stage: Stage,
    says: tuple[Say, ...] | None = None,
    manner: Manner = USUAL,
) -> str:
    hotline = hotline_of(rt.board, session, stage.attempt)
    now = rt.clock.now()
    return rt.board.present.speaker.speak(
        stage.says if says is None else says, stage.language, now=now, zone=hotline.zone, manner=manner
    )


def _manner_of_customer(rt: Runtime, session: orm.Session, attempt: Attempt) -> Manner:
    return remembered(session, rt.vault, attempt.promise.phone_index if attempt.promise is not None else None).manner


@bp.post("/agent/<key>")
def agent_answers(key: str) -> Response:
    """An agent has picked up."""
    rt = runtime()
    with rt.database.sessions.begin() as session:
        attempt = find_attempt(session, key)
        if attempt is None:
            return xml(HANG_UP)
        stage = greet_agent(session, rt.vault, attempt, one(params(), "CallSid"), wall_now=rt.wall.now())
        spoken = _spoken(rt, session, stage)
        if not stage.go_on:
            return xml(looped(spoken, "<Hangup/>"))
        listening = VOICES[stage.language].listening
        return xml(looped(gather(spoken, _KEY, listening, f"/voice/agent/{key}/accept")))


@bp.post("/agent/<key>/accept")
def agent_presses(key: str) -> Response:
    """The agent pressed a key, or none."""
    rt, given = runtime(), params()
    with rt.database.sessions.begin() as session:
        attempt = find_attempt(session, key)
        if attempt is None:
            return xml(HANG_UP)
        stage = accept(session, rt.vault, attempt, one(given, "Digits"), now=rt.clock.now(), wall_now=rt.wall.now())
        spoken = _spoken(rt, session, stage)
        hotline = hotline_of(rt.board, session, attempt)
        if not stage.go_on:
            return xml(looped(spoken, "<Hangup/>"))
        if stage.queue:
            return xml(
                dial_queue(spoken, stage.queue, announce=f"/voice/meet/{key}", action=f"/voice/agent/{key}/done")
            )
        return xml(
            dial_customer(
                spoken,
                stage.number,
                caller_id=hotline.numbers[0],
                whisper=f"/voice/customer/{key}",
                status=f"/voice/customer/{key}/status",
                action=f"/voice/agent/{key}/done",
                ring_seconds=hotline.callback.ring_seconds,
            )
        )


@bp.post("/agent/<key>/done")
def dial_done(key: str) -> Response:
    """The customer's leg has ended, or never came to be; the agent is still there."""
    rt, given = runtime(), params()
    with rt.database.sessions.begin() as session:
        attempt = find_attempt(session, key)
        if attempt is None:
            return xml(HANG_UP)
        if attempt.on_hold_at is not None and attempt.stage == "bridged":
            return listen(rt, session, attempt, is_first=True)
        talked = attempt.bridged_at is not None
        result = CUSTOMER_LEG.get(one(given, "DialCallStatus"), AttemptResult.FAILED)
        if attempt.wait_key is not None and not talked:
            result = AttemptResult.CANCELED  # nobody was in the queue any more
        _end(rt, session, attempt, result, seconds=number(given, "DialCallDuration") or None)
        stage = greet_agent(session, rt.vault, attempt, one(given, "CallSid"), wall_now=rt.wall.now())
        says = (Say("goodbye"),) if talked else (Say("agent.no_answer" if attempt.promise_id else "agent.gone"),)
        return xml(looped(_spoken(rt, session, stage, says), "<Hangup/>"))


def _end(rt: Runtime, session: orm.Session, attempt: Attempt, result: AttemptResult, *, seconds: int | None) -> None:
    end_attempt(
        session,
        rt.vault,
        rt.board.present.words,
        attempt,
        hotline_of(rt.board, session, attempt),
        result,
        now=rt.clock.now(),
        wall_now=rt.wall.now(),
        seconds=seconds,
    )


@bp.post("/leg/<key>")
def agent_leg_status(key: str) -> Response:
    """The network tells where the agent's leg stands."""
    rt, given = runtime(), params()
    now, wall_now = rt.clock.now(), rt.wall.now()
    network_id, status = one(given, "CallSid"), one(given, "CallStatus")
    seconds = number(given, "CallDuration")
    with rt.database.sessions.begin() as session:
        standing = ask(session, _STANDING, key=key)
        if not standing:
            return xml(EMPTY)
        ((stage, known_id),) = standing
        note_leg_event(
            session, network_id, "agent-leg", status, sequence=one(given, "SequenceNumber"), seconds=seconds, now=now
        )
        known = LegStatus(status) if status in _STATUSES else LegStatus.INITIATED
        if _is_superseded(stage, known_id, network_id):
            if not is_over(known) and not _has_ended(session, network_id):
                order_hang_up(session, rt.vault, network_id, now)
            return xml(EMPTY)
        advance(session, key, "placed", network_id=network_id, wall_at=wall_now)
        attempt = find_attempt(session, key) if is_over(known) else None
        if attempt is not None:
            leg_over(
                rt.board, session, attempt, known,
                seconds=seconds or None, now=now, wall_now=wall_now, is_of_softphone=is_of_softphone(given),
            )  # fmt: skip
    return xml(EMPTY)


def _is_superseded(stage: str, known_id: str | None, network_id: str) -> bool:
    """Whether this leg belongs to nothing any more: its attempt was given up, or has another leg."""
    return stage == "ended" or known_id not in (None, network_id)


def _has_ended(session: orm.Session, network_id: str) -> bool:
    """Whether the network has told the end of this leg already, so that what comes now is late."""
    return ask_one(session, _END_TOLD, network_id=network_id) is not None


@bp.post("/customer/<key>")
def customer_answers(key: str) -> Response:
    """The customer, or a machine, has picked up."""
    rt = runtime()
    with rt.database.sessions.begin() as session:
        attempt = find_attempt(session, key)
        if attempt is None or attempt.promise_id is None:
            return xml(HANG_UP)
        stage = greet_customer(session, attempt, hotline_of(rt.board, session, attempt), one(params(), "CallSid"))
        manner = _manner_of_customer(rt, session, attempt)
        spoken = _spoken(rt, session, stage, manner=manner)
        if not stage.go_on:
            return xml(looped(spoken, "<Hangup/>"))
        listening = VOICES[stage.language].listening
        wait = manner.patient(_KEY_OR_WORD)
        return xml(looped(gather(spoken, wait, listening, f"/voice/customer/{key}/confirm")))


@bp.post("/customer/<key>/confirm")
def customer_presses(key: str) -> Response:
    """The customer pressed a key or spoke; a machine does neither."""
    rt = runtime()
    heard = read_heard(params())
    with rt.database.sessions.begin() as session:
        attempt = find_attempt(session, key)
        if attempt is None or attempt.promise_id is None:
            return xml(HANG_UP)
        says_yes = rt.board.present.words.choice(promise_of(session, attempt).language, heard.speech) == "yes"
        stage = confirm(
            session,
            rt.vault,
            attempt,
            hotline_of(rt.board, session, attempt),
            is_yes=heard.keys == "1" or says_yes,
            now=rt.clock.now(),
            wall_now=rt.wall.now(),
        )
        spoken = _spoken(rt, session, stage, manner=_manner_of_customer(rt, session, attempt))
        return xml(looped(spoken) if stage.go_on else looped(spoken, "<Hangup/>"))


@bp.post("/customer/<key>/status")
def customer_leg_status(key: str) -> Response:
    """The network tells where the customer's leg stands."""
    rt, given = runtime(), params()
    with rt.database.sessions.begin() as session:
        note_leg_event(
            session,
            key,
            "customer-leg",
            one(given, "CallStatus"),
            sequence=one(given, "SequenceNumber"),
            seconds=number(given, "CallDuration"),
            now=rt.clock.now(),
        )
    return xml(EMPTY)


@bp.post("/meet/<key>")
def meet(key: str) -> Response:
    """Heard by the queued caller at the moment an agent takes the call."""
    rt, given = runtime(), params()
    with rt.database.sessions.begin() as session:
        attempt = find_attempt(session, key)
        if attempt is None:
            return xml(EMPTY)
        language = join_waiting(
            session,
            rt.vault,
            rt.board.present.words,
            attempt,
            hotline_of(rt.board, session, attempt),
            one(given, "CallSid"),
            now=rt.clock.now(),
            wall_now=rt.wall.now(),
        )
        if language is None:
            return xml(EMPTY)
        stage = Stage(attempt, language, (Say("customer.connecting"),), go_on=True)
        return xml(looped(_spoken(rt, session, stage)))
