"""The legs of campaigns: whom we ring because of a recall; their further turns are those of any call."""

from __future__ import annotations

from flask import Blueprint, Response

from app.domain.call import LegStatus, is_over
from app.models.journal import order_hang_up
from app.runtime import Runtime
from app.services.answer_outreach import answer_outreach, rehearse_outreach
from app.services.bridge_call import advance, find_attempt
from app.services.end_contact import note_rung
from app.services.end_leg import leg_over
from app.services.settle_call import note_leg_status
from app.telephony.twilio.request import number, one
from app.telephony.twilio.response import EMPTY
from app.web.webhooks.gate import only_the_network, params, runtime, xml

bp = Blueprint("outreach", __name__, url_prefix="/voice")
bp.before_request(only_the_network)


@bp.post("/outreach/<key>")
def answered(key: str) -> Response:
    """Somebody, or a machine, has picked up."""
    rt, given = runtime(), params()
    document = answer_outreach(
        rt.board,
        rt.board.present,
        key,
        network_id=one(given, "CallSid"),
        answered_by=one(given, "AnsweredBy"),
        now=rt.clock.now(),
        wall_now=rt.wall.now(),
    )
    return xml(document)


@bp.post("/outreach/<key>/status")
def status(key: str) -> Response:
    """The network tells where the leg stands."""
    rt, given = runtime(), params()
    network_id, told = one(given, "CallSid"), one(given, "CallStatus")
    seconds = number(given, "CallDuration")
    known = LegStatus(told) if told in set(LegStatus) else LegStatus.INITIATED
    now, wall_now = rt.clock.now(), rt.wall.now()
    note_leg_status(
        rt.board,
        network_id,
        told,
        sequence=one(given, "SequenceNumber"),
        seconds=seconds,
        now=now,
        wall_now=wall_now,
    )
    _move_attempt(rt, key, network_id, known, seconds)
    return xml(EMPTY)


def _move_attempt(rt: Runtime, key: str, network_id: str, known: LegStatus, seconds: int) -> None:
    now, wall_now = rt.clock.now(), rt.wall.now()
    with rt.database.sessions.begin() as session:
        attempt = find_attempt(session, key)
        if attempt is None:
            return
        if attempt.stage == "ended" or attempt.network_id not in (None, network_id):
            if not is_over(known) and attempt.network_id != network_id:
                order_hang_up(session, rt.vault, network_id, now)  # it belongs to nothing any more
            return
        advance(session, key, "placed", network_id=network_id, wall_at=wall_now)
        note_rung(session, attempt, known, now=now)
        if is_over(known):
            leg_over(rt.board, session, attempt, known, seconds=seconds or None, now=now, wall_now=wall_now)


@bp.post("/outreach-test/<int:campaign_id>")
def test_call(campaign_id: int) -> Response:
    """A supervisor hears what the people will hear."""
    rt = runtime()
    return xml(rehearse_outreach(rt.board, rt.board.present, campaign_id, now=rt.clock.now()))
