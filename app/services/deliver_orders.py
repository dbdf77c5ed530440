"""Orders go to the billing system until it has accepted them: at least once, and those about one case in their order.

The key of an order lets the receiver recognize a repetition, so an order whose sender died is simply sent again.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
import structlog
from sqlalchemy import orm

from app.billing.port import BillingSystem, OrderNotTaken
from app.domain.charge import OrderStatus
from app.domain.clock import Clock
from app.models.billing_order import BillingOrder, sealed_for
from app.models.journal import note
from app.models.vault import SealBroken
from app.services.at_least_once import claim, finish, is_free
from app.services.take_turn import Switchboard

_AT_ONCE: Final = 3  # in one tick, which must not last so long that the clock takes itself for hung
_PAUSES: Final = tuple(timedelta(seconds=s) for s in (5, 15, 60, 300, 1_200, 3_600))  # office time; the last repeats
MOST_TRIES: Final = 60  # about two days, then a person must look
_log = structlog.get_logger()


def deliver_orders(board: Switchboard, billing: BillingSystem | None, *, clock: Clock, wall: Clock) -> int:
    """Send what is due; gives how many orders were accepted. Without a billing system they wait, and are shown."""
    if billing is None:
        return 0
    with board.database.reads() as session:
        due = session.scalars(_due(clock.now(), wall.now())).all()
    accepted = 0
    for order_id in due:
        if not _deliver(board, billing, order_id, clock, wall):
            break  # one that does not answer would not answer the next either
        accepted += 1
    return accepted


def _due(now: datetime, wall_now: datetime) -> sa.Select[int]:
    """Orders that may be sent now, no earlier one about the same case being left."""
    earlier = orm.aliased(BillingOrder)
    is_next = ~sa.exists().where(
        earlier.case_id == BillingOrder.case_id,
        earlier.id < BillingOrder.id,
        earlier.status != OrderStatus.ACCEPTED.value,
    )
    query = sa.select(BillingOrder.id).where(is_free(BillingOrder, wall_now), BillingOrder.next_at <= now, is_next)
    return query.order_by(BillingOrder.next_at).limit(_AT_ONCE)


def _deliver(board: Switchboard, billing: BillingSystem, order_id: int, clock: Clock, wall: Clock) -> bool:
    claimed = _claim(board, order_id, wall.now())
    if claimed is None:
        return False
    key, sealed, tries = claimed
    try:
        answer = billing.send(key, _payload(board, key, sealed))
    except OrderNotTaken as refusal:
        _log.warning("the billing system did not take an order", order=key, cause=refusal.cause)
        _put_off(board, order_id, tries, refusal, clock.now())
        return False
    with board.database.sessions.begin() as session:
        values = {"status": OrderStatus.ACCEPTED.value, "answer": answer, "accepted_at": clock.now()}
        order = _finish(session, order_id, tries, values)
        if order is not None:
            note(session, board.vault, order.case, "billing_accepted", "clock", clock.now(), order=order.kind)
    return True


def _claim(board: Switchboard, order_id: int, wall_now: datetime) -> tuple[str, bytes, int] | None:
    """Take an order for this sender: its key, its sealed content, and which try this is; None if another was faster."""
    with board.database.sessions.begin() as session:
        tries = claim(session, BillingOrder, order_id, wall_now)
        if tries is None:
            return None
        order = session.get_one(BillingOrder, order_id)
        return order.key, order.payload, tries


def _payload(board: Switchboard, key: str, sealed: bytes) -> dict[str, Any]:
    try:
        payload: dict[str, Any] = board.vault.open(sealed, sealed_for(key))
    except SealBroken as broken:  # it would stand in the way of all the others for ever
        raise OrderNotTaken("its content cannot be opened", hopeless=True) from broken
    return payload


def _finish(session: orm.Session, order_id: int, tries: int, values: dict[str, Any]) -> BillingOrder | None:
    """Write down what came of this try; None if it took too long and another sender has the order now."""
    if not finish(session, BillingOrder, order_id, tries, values):
        return None
    return session.get_one(BillingOrder, order_id)


def _put_off(board: Switchboard, order_id: int, tries: int, refusal: OrderNotTaken, now: datetime) -> None:
    is_dead = refusal.hopeless or tries >= MOST_TRIES
    values: dict[str, Any] = {"answer": refusal.cause, "status": OrderStatus.DEAD.value}
    if not is_dead:
        pause = _PAUSES[min(tries, len(_PAUSES)) - 1]
        values |= {"status": OrderStatus.WAITING.value, "next_at": now + pause}
    with board.database.sessions.begin() as session:
        order = _finish(session, order_id, tries, values)
        if order is not None and is_dead:
            note(session, board.vault, order.case, "billing_refused", "clock", now, order=order.kind,
                 cause=refusal.cause)  # fmt: skip
