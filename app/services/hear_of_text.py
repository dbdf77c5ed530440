"""The network tells what became of a text message of ours, perhaps before we have written down that it took it."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import sqlalchemy as sa

from app.models.case import Case
from app.models.found import get_by_id
from app.models.journal import note
from app.models.outbox import OutboxItem
from app.models.ready import ask, table_of
from app.services.take_turn import Switchboard

_ITEMS: Final = table_of(OutboxItem)
_OF_ID: Final = (
    sa.select(_ITEMS.c.kind, _ITEMS.c.status, _ITEMS.c.network_id, _ITEMS.c.case_id, _ITEMS.c.details)
    .where(_ITEMS.c.id == sa.bindparam("item_id"))
    .with_for_update(key_share=True)
)
_CHANGE: Final = sa.update(_ITEMS).where(_ITEMS.c.id == sa.bindparam("of_id"))


def hear_of_text(board: Switchboard, item_id: int, network_id: str, told: str, code: str, *, now: datetime) -> bool:
    """Keep one step of a message's way, once; False if it is none of ours.

    Whoever sent it may have died before the answer came, or not have written it down yet: being told of it at all is
    the proof that the network took it.

    Args:
        told: the network's word for the step.
        code: why it failed; "" if it did not.
    """
    with board.database.sessions.begin() as session:
        rows = ask(session, _OF_ID, item_id=item_id)
        kind, status, known_id, case_id, details = rows[0] if rows else (None,) * 5
        if kind != "text" or known_id not in (None, network_id):
            return False
        if told not in details:
            details = {**details, told: now.isoformat(), **({"error": code} if code else {})}
            ask(session, _CHANGE, of_id=item_id, details=details)
        if status in ("sending", "unsure"):
            ask(session, _CHANGE, of_id=item_id, status="sent", network_id=network_id, cause=None)
            if case_id is not None:
                case = get_by_id(session, Case, case_id)
                note(session, board.vault, case, "text_sent", "clock", now, outbox=item_id)
    return True
