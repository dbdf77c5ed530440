"""A call that cancelled has ended: billing is told, the receipt goes out if it did not yet, and effort is measured."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import orm

from app.ivr.turn import How
from app.models.call import Call
from app.models.cancellation import Cancellation, cancellation_of
from app.models.case import Case
from app.models.turns import Place, heard_of
from app.models.vault import Vault
from app.services.confirm_cancellation import send_receipt
from app.services.order_cancellation import order_cancellation
from app.services.take_turn import Switchboard


def settle_cancellation(
    board: Switchboard, session: orm.Session, call: Call, case: Case, place: Place, *, now: datetime
) -> None:
    """Tell the billing system, send the receipt to who hung up before it, and measure; again: changes nothing."""
    cancellation = cancellation_of(session, case.id)
    if cancellation is None:
        return
    known = place.position.known
    hotline = board.hotline_named(call.hotline)
    phone = str(known.get("phone") or known.get("caller") or "")
    order_cancellation(session, board.vault, case, cancellation, hotline, now=now)
    send_receipt(session, board.vault, board.edition(place.position.version).words, case, hotline, phone, now=now)
    if cancellation.keys is None:
        _measure(session, board.vault, call, case, cancellation)


def _measure(session: orm.Session, vault: Vault, call: Call, case: Case, cancellation: Cancellation) -> None:
    """Count the keys and the seconds from the ring until the cancellation was on record and its number told."""
    keys = 0
    for row, body in heard_of(session, vault, call.key):
        heard = body["h"]
        if heard["how"] == How.KEYS:
            keys += len(heard.get("keys", ""))
        if body["p"]["k"].get("protocol") == case.protocol:
            cancellation.keys = keys
            cancellation.seconds = round((row.at - call.started_at).total_seconds())
            return
