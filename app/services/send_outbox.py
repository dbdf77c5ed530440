"""What waits in the outbox goes out: after the commit that caused it, once.

A text message whose sending got no answer is looked at by hand ("unsure"), never sent again blindly.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
import structlog

from app.domain.clock import Clock
from app.domain.errors import NetworkRefused, NetworkUnknown
from app.models.call import wants_no_texts
from app.models.case import Case
from app.models.journal import note
from app.models.outbox import OutboxItem
from app.services.take_turn import Switchboard
from app.telephony.port import Phone

_AT_ONCE: Final = 50
_LEASE: Final = timedelta(seconds=30)
_MOST_TRIES: Final = 5
_PAUSES: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 20, 60))  # office time
_log = structlog.get_logger()


def send_outbox(
    board: Switchboard, phone: Phone, *, clock: Clock, wall: Clock, go_on: Callable[[], bool] = lambda: True
) -> int:
    """Send what is due; gives how many items went out.

    Args:
        go_on: asked before each item; False leaves the rest to the next time.
    """
    with board.database.reads() as session:
        due = session.scalars(
            sa.select(OutboxItem.id)
            .where(OutboxItem.status == "waiting", OutboxItem.next_at <= clock.now())
            .order_by(OutboxItem.next_at)
            .limit(_AT_ONCE)
        ).all()
    return sum(go_on() and _send(board, phone, item_id, clock, wall) for item_id in due)


def _send(board: Switchboard, phone: Phone, item_id: int, clock: Clock, wall: Clock) -> bool:
    with board.database.sessions.begin() as session:
        taken = session.scalar(
            sa.update(OutboxItem)
            .where(OutboxItem.id == item_id, OutboxItem.status == "waiting")
            .values(status="sending", claimed_until=wall.now() + _LEASE, tries=OutboxItem.tries + 1)
            .returning(OutboxItem.id)
        )
        if taken is None:
            return False
        item = session.get_one(OutboxItem, item_id)
        key, kind = item.key, item.kind
        payload = board.vault.open(item.payload, f"outbox:{key}")
        if kind == "text" and wants_no_texts(session, board.vault.index(payload["to"])):
            item.status, item.cause = "failed", "the number wants no texts"
            _note(board, session, item, "text_failed", clock.now())
            return False
    try:
        network_id = _deliver(board, phone, kind, key, payload)
    except NetworkRefused as refusal:
        _not_sent(board, item_id, refusal, clock.now())
        return False
    except NetworkUnknown:
        _finish(board, item_id, clock.now(), status="unsure", cause="no answer came")
        return False
    _finish(board, item_id, clock.now(), status="sent", network_id=network_id)
    return True


def _deliver(board: Switchboard, phone: Phone, kind: str, key: str, payload: dict[str, Any]) -> str:
    if kind == "hang_up":
        phone.hang_up(payload["network_id"])
        return str(payload["network_id"])
    return phone.send_text(
        payload["to"],
        from_number=payload["from"],
        body=payload["body"],
        status_url=f"{board.public_url}/messages/status",
    )


def _not_sent(board: Switchboard, item_id: int, refusal: NetworkRefused, now: datetime) -> None:
    with board.database.sessions.begin() as session:
        item = session.get_one(OutboxItem, item_id)
        if refusal.permanent or item.tries >= _MOST_TRIES:
            item.status, item.cause = "failed", f"refused with {refusal.code}"
            _note(board, session, item, "text_failed", now)
        else:
            item.status, item.next_at = "waiting", now + _PAUSES[min(item.tries, len(_PAUSES)) - 1]


def _finish(board: Switchboard, item_id: int, now: datetime, *, status: str, **values: str) -> None:
    with board.database.sessions.begin() as session:
        item = session.get_one(OutboxItem, item_id)
        item.status = status
        for name, value in values.items():
            setattr(item, name, value)
        _note(board, session, item, f"text_{status}", now)


def _note(board: Switchboard, session: sa.orm.Session, item: OutboxItem, kind: str, now: datetime) -> None:
    if item.case_id is not None and item.kind == "text":
        note(session, board.vault, session.get_one(Case, item.case_id), kind, "clock", now, outbox=item.id)


def recover_outbox(board: Switchboard, *, wall_now: datetime) -> int:
    """Items whose sender died: a text may have gone out, so it is marked unsure; ending a leg is simply done again."""
    with board.database.sessions.begin() as session:
        lost = session.scalars(
            sa.select(OutboxItem).where(OutboxItem.status == "sending", OutboxItem.claimed_until < wall_now)
        ).all()
        for item in lost:
            item.status = "waiting" if item.kind == "hang_up" else "unsure"
    return len(lost)
