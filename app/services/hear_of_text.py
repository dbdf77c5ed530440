"""The network tells what became of a text message of ours, perhaps before we have written down that it took it."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import sqlalchemy as sa

from app.models.case import Case
from app.models.journal import note
from app.models.outbox import OutboxItem
from app.services.take_turn import Switchboard

_OF_ID: Final = sa.select(OutboxItem).where(OutboxItem.id == sa.bindparam("item_id")).with_for_update(key_share=True)


def hear_of_text(board: Switchboard, item_id: int, network_id: str, told: str, code: str, *, now: datetime) -> bool:
    """Keep one step of a message's way, once; False if it is none of ours.

    Whoever sent it may have died before the answer came, or not have written it down yet: being told of it at all is
    the proof that the network took it.

    Args:
        told: the network's word for the step.
        code: why it failed; "" if it did not.
    """
    with board.database.sessions.begin() as session:
        item = session.scalar(_OF_ID, {"item_id": item_id})
        if item is None or item.kind != "text" or item.network_id not in (None, network_id):
            return False
        if told not in item.details:
            item.details = {**item.details, told: now.isoformat(), **({"error": code} if code else {})}
        if item.status in ("sending", "unsure"):
            item.status, item.network_id, item.cause = "sent", network_id, None
            if item.case_id is not None:
                case = session.get_one(Case, item.case_id)
                note(session, board.vault, case, "text_sent", "clock", now, outbox=item.id)
    return True
