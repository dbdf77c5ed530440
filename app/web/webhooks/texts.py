"""Text messages: incoming ones become part of a case, and what becomes of ours is noted."""

from __future__ import annotations

from flask import Blueprint, Response

from app.services.hear_of_text import hear_of_text
from app.services.receive_text import Message, receive_text
from app.telephony.twilio.request import one
from app.telephony.twilio.response import EMPTY
from app.web.webhooks.gate import only_the_network, params, runtime, xml

bp = Blueprint("texts", __name__, url_prefix="/messages")
bp.before_request(only_the_network)


@bp.post("/incoming")
def incoming() -> Response:
    """A customer writes."""
    rt, given = runtime(), params()
    message = Message(
        network_id=one(given, "MessageSid"),
        from_number=one(given, "From"),
        to_number=one(given, "To"),
        body=one(given, "Body"),
        opted=one(given, "OptOutType").lower(),
    )
    hotline = rt.hotlines.of(message.to_number)
    return xml(receive_text(rt.board, hotline, message, now=rt.clock.now(), wall_now=rt.wall.now()))


@bp.post("/status/<int:item_id>")
def status(item_id: int) -> Response:
    """What became of a text message of ours; each step is kept once."""
    rt, given = runtime(), params()
    network_id, told, code = (one(given, name) for name in ("MessageSid", "MessageStatus", "ErrorCode"))
    hear_of_text(rt.board, item_id, network_id, told, code, now=rt.clock.now())
    return xml(EMPTY)
