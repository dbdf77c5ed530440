"""A customer on hold, the agent meanwhile, and the colleague who is asked to take over."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response
from sqlalchemy import orm

from app.analytics.promise_queue import case_of_attempt
from app.domain.call import LegStatus, is_over
from app.domain.promise import AttemptResult
from app.ivr.turn import Gather, Say
from app.models.call import Wait
from app.models.journal import order_hang_up
from app.models.promise import Attempt
from app.models.records import open_record
from app.models.staff import Staff
from app.runtime import Runtime
from app.services.bridge_call import find_attempt
from app.services.end_attempt import end_attempt
from app.services.end_leg import hotline_of, leg_over
from app.services.hold_call import ask_no_more, came_to_hold, queue_of, take_over
from app.services.softphone import close_softphone
from app.telephony.twilio.request import is_of_softphone, one
from app.telephony.twilio.response import EMPTY, HANG_UP, dial_queue, enqueue, gather, looped
from app.telephony.twilio.voices import VOICES
from app.web.webhooks.gate import only_the_network, params, runtime, xml

bp = Blueprint("holding", __name__, url_prefix="/voice/hold")
bp.before_request(only_the_network)

_KEY: Final = Gather(digits=1, speech=False, timeout_seconds=8)
_STATUSES: Final = frozenset(LegStatus)


def listen(rt: Runtime, session: orm.Session, attempt: Attempt, *, is_first: bool) -> Response:
    """What the agent hears while the customer is on hold."""
    spoken = (
        _speak(rt, session, attempt, _language(session, attempt.staff_id), Say("agent.on_hold")) if is_first else ""
    )
    return xml(looped(spoken, '<Pause length="10"/>', f"<Redirect>/voice/hold/{attempt.key}/agent</Redirect>"))


@bp.post("/<key>")
def arrive(key: str) -> Response:
    """The customer's leg has been sent here: it waits."""
    rt = runtime()
    with rt.database.sessions.begin() as session:
        attempt = find_attempt(session, key)
        if attempt is None or attempt.on_hold_at is None or attempt.stage == "ended":
            return xml(HANG_UP)
        came_to_hold(session, attempt, now=rt.clock.now())
    return xml(enqueue(queue_of(key), wait=f"/voice/hold/{key}/music", action=f"/voice/hold/{key}/left"))


@bp.post("/<key>/music")
def music(key: str) -> Response:
    """Heard by the customer on hold, again and again; when the agent is gone, they are told so."""
    rt = runtime()
    with rt.database.reads() as session:
        attempt = find_attempt(session, key)
        if attempt is None:
            return xml(HANG_UP)
        language = _customer_language(session, attempt)
        if attempt.stage != "ended":
            return xml(looped(_speak(rt, session, attempt, language, Say("customer.on_hold")), '<Pause length="10"/>'))
        case = case_of_attempt(session, attempt)
        lost = (Say("customer.lost", {"protocol": case.protocol}),) if case is not None else ()
        number = Say("customer.voicemail_number", {"phone": hotline_of(rt.board, session, attempt).numbers[0]})
        return xml(looped(_speak(rt, session, attempt, language, *lost, number), "<Hangup/>"))


@bp.post("/<key>/left")
def left(key: str) -> Response:
    """The customer is on hold no more: taken back, or gone."""
    rt = runtime()
    now = rt.clock.now()
    with rt.database.sessions.begin() as session:
        attempt = find_attempt(session, key)
        if attempt is None:
            return xml(HANG_UP)
        if one(params(), "QueueResult") == "hangup" and attempt.stage != "ended":
            if attempt.network_id is not None:
                order_hang_up(session, rt.vault, attempt.network_id, now)
            end_attempt(
                session,
                rt.vault,
                rt.board.present.words,
                attempt,
                hotline_of(rt.board, session, attempt),
                AttemptResult.CONNECTED,
                now=now,
                wall_now=rt.wall.now(),
            )
    return xml(HANG_UP)


@bp.post("/<key>/agent")
def agent(key: str) -> Response:
    """The agent listens on, or meets the customer again."""
    rt = runtime()
    with rt.database.reads() as session:
        attempt = find_attempt(session, key)
        if attempt is None or attempt.stage == "ended":
            return xml(HANG_UP)
        if attempt.on_hold_at is not None:
            return listen(rt, session, attempt, is_first=False)
    return _meet(key, "")


@bp.post("/<key>/colleague")
def colleague(key: str) -> Response:
    """Who is asked to take over has picked up: what it is about, and a key."""
    rt = runtime()
    with rt.database.reads() as session:
        attempt = find_attempt(session, key)
        if attempt is None:
            return xml(HANG_UP)
        language = _language(session, attempt.transfer_to)
        if attempt.transfer_to is None or attempt.held_at is None:
            return xml(looped(_speak(rt, session, attempt, language, Say("agent.gone")), "<Hangup/>"))
        case = case_of_attempt(session, attempt)
        slots = {}
        if case is not None:
            product = open_record(rt.vault, case).matter.product or ""
            slots = {"kind": f"kind.{case.kind}", "product": product, "protocol": case.protocol}
        spoken = _speak(rt, session, attempt, language, Say("agent.take_over", slots), Say("agent.accept"))
        return xml(looped(gather(spoken, _KEY, VOICES[language].listening, f"/voice/hold/{key}/colleague/accept")))


@bp.post("/<key>/colleague/accept")
def colleague_presses(key: str) -> Response:
    """1 takes the call over; anything else leaves it where it is."""
    rt, given = runtime(), params()
    with rt.database.sessions.begin() as session:
        attempt = find_attempt(session, key)
        if attempt is None:
            return xml(HANG_UP)
        language = _language(session, attempt.transfer_to)
        case = case_of_attempt(session, attempt)
        if one(given, "Digits") == "1" and take_over(
            session, rt.vault, attempt, case, one(given, "CallSid"), now=rt.clock.now(), wall_now=rt.wall.now()
        ):
            return _meet(key, _speak(rt, session, attempt, language, Say("agent.connecting")))
        if attempt.transfer_to is not None:
            ask_no_more(session, attempt, attempt.transfer_to)
        return xml(looped(_speak(rt, session, attempt, language, Say("agent.gone")), "<Hangup/>"))


@bp.post("/<key>/colleague/<int:staff_id>/status")
def colleague_leg(key: str, staff_id: int) -> Response:
    """Where the leg of who is asked stands; once it is theirs, its end is the end of the call."""
    rt, given = runtime(), params()
    status = one(given, "CallStatus")
    known = LegStatus(status) if status in _STATUSES else LegStatus.INITIATED
    if is_over(known):
        with rt.database.sessions.begin() as session:
            attempt = find_attempt(session, key)
            if attempt is not None and attempt.network_id == one(given, "CallSid") and attempt.stage != "ended":
                leg_over(rt.board, session, attempt, known, seconds=None, now=rt.clock.now(), wall_now=rt.wall.now())
            elif attempt is not None:
                ask_no_more(session, attempt, staff_id)
                if is_of_softphone(given) and known in (LegStatus.FAILED, LegStatus.NO_ANSWER):
                    close_softphone(session, staff_id)  # who is asked again is asked at their number
    return xml(EMPTY)


def _meet(key: str, spoken: str) -> Response:
    return xml(
        dial_queue(spoken, queue_of(key), announce=f"/voice/hold/{key}/again", action=f"/voice/agent/{key}/done")
    )


@bp.post("/<key>/again")
def again(key: str) -> Response:
    """Heard by the customer at the moment they are taken back: nothing."""
    return xml(EMPTY)


def _speak(rt: Runtime, session: orm.Session, attempt: Attempt, language: str, *says: Say) -> str:
    zone = hotline_of(rt.board, session, attempt).zone
    return rt.board.present.speaker.speak(says, language, now=rt.clock.now(), zone=zone)


def _language(session: orm.Session, staff_id: int | None) -> str:
    person = session.get(Staff, staff_id) if staff_id is not None else None
    return person.languages[0] if person is not None and person.languages else "en"


def _customer_language(session: orm.Session, attempt: Attempt) -> str:
    if attempt.promise is not None:
        return attempt.promise.language
    wait = session.get(Wait, attempt.wait_key) if attempt.wait_key else None
    return wait.language if wait is not None else "en"
