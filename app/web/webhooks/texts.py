"""Text messages: incoming ones become part of a case, and what becomes of ours is noted."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from flask import Blueprint, Response

from app.models.outbox import OutboxItem
from app.models.ready import ask, table_of
from app.services.receive_text import Message, receive_text
from app.telephony.twilio.request import one
from app.telephony.twilio.response import EMPTY
from app.web.webhooks.gate import only_the_network, params, runtime, xml

_OUTBOX: Final = table_of(OutboxItem)
_BY_NETWORK_ID: Final = (
    sa.select(_OUTBOX.c.id, _OUTBOX.c.details)
    .where(_OUTBOX.c.network_id == sa.bindparam("network_id"))
    .with_for_update(key_share=True)
)
_NOTE: Final = sa.update(_OUTBOX).where(_OUTBOX.c.id == sa.bindparam("of_id"))

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


@bp.post("/status")
def status() -> Response:
    """What became of a text message of ours; each step is kept once."""
    rt, given = runtime(), params()
    told, code = one(given, "MessageStatus"), one(given, "ErrorCode")
    with rt.database.sessions.begin() as session:
        for item_id, details in ask(session, _BY_NETWORK_ID, network_id=one(given, "MessageSid")):
            if told not in details:
                noted = {**details, told: rt.clock.now().isoformat(), **({"error": code} if code else {})}
                ask(session, _NOTE, of_id=item_id, details=noted)
    return xml(EMPTY)
