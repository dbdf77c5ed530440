"""What waits in the outbox goes out: after the commit that caused it, once.

A text message whose sending got no answer is looked at by hand ("unsure"), never sent again blindly.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
import structlog
from sqlalchemy import orm

from app.domain.clock import Clock
from app.domain.errors import NetworkRefused, NetworkUnknown
from app.models.call import wants_no_texts
from app.models.case import Case
from app.models.found import get_by_id
from app.models.journal import note
from app.models.outbox import LETTER, OutboxItem
from app.models.ready import ask, ask_one, look, look_all, table_of
from app.models.vault import SealBroken
from app.services.take_turn import Switchboard
from app.telephony.port import Phone

_AT_ONCE: Final = 50
_LEASE: Final = timedelta(seconds=30)
_MOST_TRIES: Final = 5
_PAUSES: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 20, 60))  # office time
_log = structlog.get_logger()


_OUTBOX: Final = table_of(OutboxItem)
_DUE: Final = (
    sa.select(_OUTBOX.c.id)
    .where(_OUTBOX.c.status == "waiting", _OUTBOX.c.kind != LETTER, _OUTBOX.c.next_at <= sa.bindparam("now"))
    .order_by(_OUTBOX.c.next_at)
    .limit(_AT_ONCE)
)
_TAKE: Final = (
    sa.update(_OUTBOX)
    .where(_OUTBOX.c.id == sa.bindparam("of_id"), _OUTBOX.c.status == "waiting")
    .values(status="sending", claimed_until=sa.bindparam("until"), tries=_OUTBOX.c.tries + 1)
    .returning(_OUTBOX.c.id)
)
_FINISH: Final = (
    sa.update(_OUTBOX)
    .where(_OUTBOX.c.id == sa.bindparam("of_id"), sa.or_(_OUTBOX.c.status == "sending", _OUTBOX.c.status == "unsure"))
    .returning(_OUTBOX.c.case_id, _OUTBOX.c.kind)
)
"""Of what the network has told us meanwhile that it took it, nothing is to be written down any more."""

_ANY_LOST: Final = (
    sa.select(_OUTBOX.c.id)
    .where(_OUTBOX.c.status == "sending", _OUTBOX.c.kind != LETTER, _OUTBOX.c.claimed_until < sa.bindparam("now"))
    .limit(1)
)


def send_outbox(
    board: Switchboard, phone: Phone, *, clock: Clock, wall: Clock, go_on: Callable[[], bool] = lambda: True
) -> int:
    """Send what is due; gives how many items went out.

    Args:
        go_on: asked before each item; False leaves the rest to the next time.
    """
    due = look_all(board.database, _DUE, now=clock.now())
    return sum(go_on() and _send(board, phone, item_id, clock, wall) for item_id in due)


def _send(board: Switchboard, phone: Phone, item_id: int, clock: Clock, wall: Clock) -> bool:
    with board.database.sessions.begin() as session:
        if ask_one(session, _TAKE, of_id=item_id, until=wall.now() + _LEASE) is None:
            return False
        item = get_by_id(session, OutboxItem, item_id)
        kind = item.kind
        payload, cause = _opened(board, session, item)
        if cause:
            item.status, item.cause = "failed", cause
            _note(board, session, item, "text_failed", clock.now())
            return False
    try:
        network_id = _deliver(board, phone, kind, item_id, payload)
    except NetworkRefused as refusal:
        _not_sent(board, item_id, f"refused with {refusal.code}", clock.now(), for_good=refusal.permanent)
        return False
    except NetworkUnknown:
        if kind == "hang_up":
            _not_sent(board, item_id, "no answer came", clock.now(), for_good=False)
        else:
            _finish(board, item_id, clock.now(), status="unsure", cause="no answer came")
        return False
    _finish(board, item_id, clock.now(), status="sent", network_id=network_id)
    return True


def _opened(board: Switchboard, session: orm.Session, item: OutboxItem) -> tuple[dict[str, Any], str]:
    """What an item says, and why it must not go out; "" if it may."""
    try:
        payload: dict[str, Any] = board.vault.open(item.payload, f"outbox:{item.key}")
    except SealBroken:  # it would stand in the way of all the others for ever
        return {}, "its content cannot be opened"
    if item.kind == "text" and wants_no_texts(session, board.vault.index(payload["to"])):
        return payload, "the number wants no texts"
    return payload, ""


def _deliver(board: Switchboard, phone: Phone, kind: str, item_id: int, payload: dict[str, Any]) -> str:
    if kind == "hang_up":
        phone.hang_up(payload["network_id"])
        return str(payload["network_id"])
    if kind == "ring":
        return phone.dial(
            payload["to"],
            from_number=payload["from"],
            answer_url=payload["answer_url"],
            status_url=f"{board.public_url}/voice/status",
            ring_seconds=payload["ring_seconds"],
        )
    return phone.send_text(
        payload["to"],
        from_number=payload["from"],
        body=payload["body"],
        status_url=f"{board.public_url}/messages/status/{item_id}",
    )


def _not_sent(board: Switchboard, item_id: int, cause: str, now: datetime, *, for_good: bool) -> None:
    """It surely did not go out, or may go out twice: try again later, unless that is of no use."""
    with board.database.sessions.begin() as session:
        item = get_by_id(session, OutboxItem, item_id)
        if for_good or item.tries >= _MOST_TRIES:
            item.status, item.cause = "failed", cause
            _note(board, session, item, "text_failed", now)
        else:
            item.status, item.next_at = "waiting", now + _PAUSES[min(item.tries, len(_PAUSES)) - 1]


def _finish(board: Switchboard, item_id: int, now: datetime, *, status: str, **values: str) -> None:
    with board.database.sessions.begin() as session:
        for case_id, kind in ask(session, _FINISH, of_id=item_id, status=status, **values):
            if case_id is not None and kind == "text":
                case = get_by_id(session, Case, case_id)
                note(session, board.vault, case, f"text_{status}", "clock", now, outbox=item_id)


def _note(board: Switchboard, session: orm.Session, item: OutboxItem, kind: str, now: datetime) -> None:
    if item.case_id is not None and item.kind == "text":
        note(session, board.vault, get_by_id(session, Case, item.case_id), kind, "clock", now, outbox=item.id)


def recover_outbox(board: Switchboard, *, now: datetime, wall_now: datetime) -> int:
    """Items whose sender died: a text may have gone out, so it is marked unsure; ending a leg is simply done again."""
    is_left = sa.and_(OutboxItem.status == "sending", OutboxItem.kind != LETTER, OutboxItem.claimed_until < wall_now)
    if not look(board.database, _ANY_LOST, now=wall_now):  # twice a second, mostly in vain: nobody waits for that
        return 0
    again = sa.case((OutboxItem.kind == "hang_up", "waiting"), else_="unsure")
    with board.database.sessions.begin() as session:
        left = session.scalars(sa.update(OutboxItem).where(is_left).values(status=again).returning(OutboxItem.id)).all()
        for item in session.scalars(sa.select(OutboxItem).where(OutboxItem.id.in_(left))):
            if item.status == "unsure":
                _note(board, session, item, "text_unsure", now)
    return len(left)
