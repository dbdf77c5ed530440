"""A call word for word: what the network sent, where that led, and the document that we answered with."""

from __future__ import annotations

import json

import sqlalchemy as sa
from flask import Blueprint, render_template

from app.domain.errors import NotFound
from app.domain.role import Permission
from app.models.call import Call, LegEvent
from app.models.turns import heard_of
from app.web.access import needs
from app.web.webhooks.gate import runtime


def add_views(bp: Blueprint) -> None:
    """Add the page."""
    bp.add_url_rule("/calls/<network_id>/raw", view_func=raw)


@needs(Permission.RAW)
def raw(network_id: str) -> str:
    rt = runtime()
    with rt.database.reads() as session:
        call = session.scalar(sa.select(Call).where(Call.network_id == network_id.replace("\x00", "")))
        if call is None:
            raise NotFound("call")
        turns = [
            (row.number, row.at, row.node, _told(body["h"]), _told(body["p"]), body["d"])
            for row, body in heard_of(session, rt.vault, call.key)
        ]
        legs = session.scalars(sa.select(LegEvent).where(LegEvent.network_id == call.network_id).order_by(LegEvent.id))
        events = [
            _told({"kind": leg.kind, "status": leg.status, "sequence": leg.sequence, "at": leg.received_at.isoformat()})
            for leg in legs
        ]
    return render_template(
        "floor/raw.html", call=call, turns=turns, events=events, zone=rt.board.hotline_named(call.hotline).zone
    )


def _told(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1, default=str)
