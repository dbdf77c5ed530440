"""What must reach another system at least once: taken by one sender at a time, and again when that one died."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final, TypeAlias

import sqlalchemy as sa
from sqlalchemy import orm

from app.domain.charge import OrderStatus
from app.models.billing_order import BillingOrder
from app.models.subscriber import Delivery

Sent: TypeAlias = type[BillingOrder] | type[Delivery]
LEASE: Final = timedelta(seconds=60)  # the machine's time; longer than one exchange may take


def is_free(rows: Sent, wall_now: datetime | sa.BindParameter[datetime]) -> sa.ColumnElement[bool]:
    """Waiting, or left behind by a sender that died."""
    left = sa.and_(rows.status == OrderStatus.SENDING.value, rows.claimed_until < wall_now)
    return sa.or_(rows.status == OrderStatus.WAITING.value, left)


def claim(session: orm.Session, rows: Sent, row_id: int, wall_now: datetime) -> int | None:
    """Take a row for this sender: which try this is; None if another was faster."""
    return session.scalar(
        sa.update(rows)
        .where(rows.id == row_id, is_free(rows, wall_now))
        .values(status=OrderStatus.SENDING.value, claimed_until=wall_now + LEASE, tries=rows.tries + 1)
        .returning(rows.tries)
    )


def finish(session: orm.Session, rows: Sent, row_id: int, tries: int, values: dict[str, Any]) -> bool:
    """Write down what came of this try; False if it took too long and another sender has the row now."""
    mine = session.scalar(
        sa.update(rows)
        .where(rows.id == row_id, rows.tries == tries, rows.status == OrderStatus.SENDING.value)
        .values(values)
        .returning(rows.id)
    )
    return mine is not None
