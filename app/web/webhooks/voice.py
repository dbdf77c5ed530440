"""The caller's leg: its first turn and every further one."""

from __future__ import annotations

from flask import Blueprint, Response

from app.services.answer_call import answer_call
from app.services.settle_call import note_leg_status
from app.services.take_turn import take_turn
from app.telephony.twilio.request import one, read_heard, read_leg
from app.telephony.twilio.response import EMPTY
from app.web.webhooks.gate import only_the_network, params, runtime, xml

bp = Blueprint("voice", __name__, url_prefix="/voice")
bp.before_request(only_the_network)


@bp.post("/incoming")
def incoming() -> Response:
    """A call comes in."""
    rt, leg = runtime(), read_leg(params())
    document = answer_call(
        rt.board,
        rt.board.present,
        rt.hotlines.of(leg.to_number),
        network_id=leg.network_id,
        from_number=leg.from_number,
        to_number=leg.to_number,
        now=rt.clock.now(),
        wall_now=rt.wall.now(),
    )
    return xml(document)


@bp.post("/turn/<key>/<int:number>")
def turn(key: str, number: int) -> Response:
    """The caller pressed, spoke, or stayed silent."""
    rt, given = runtime(), params()
    heard = read_heard(given)
    document = take_turn(
        rt.board, key, number, one(given, "CallSid"), heard, now=rt.clock.now(), wall_now=rt.wall.now()
    )
    return xml(document)


@bp.post("/status")
def status() -> Response:
    """The network tells where the caller's leg stands."""
    rt, given = runtime(), params()
    leg = read_leg(given)
    note_leg_status(
        rt.board,
        leg.network_id,
        leg.status,
        sequence=one(given, "SequenceNumber"),
        seconds=int(one(given, "CallDuration") or 0),
        now=rt.clock.now(),
        wall_now=rt.wall.now(),
    )
    return xml(EMPTY)
