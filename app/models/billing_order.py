"""Orders that must reach the company's billing system, one after the other for each case."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base
from app.models.case import Case
from app.models.vault import Vault


class BillingOrder(Base):
    """One order to the billing system; its key is the same each time it is sent."""

    __tablename__ = "billing_orders"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("cases.id"), index=True)
    charge_id: Mapped[int | None] = mapped_column(sa.ForeignKey("charges.id"), index=True)  # None: about no charge
    kind: Mapped[str]  # see `app.domain.charge.OrderKind`
    payload: Mapped[bytes]  # sealed JSON
    created_at: Mapped[datetime]
    next_at: Mapped[datetime] = mapped_column(index=True)
    tries: Mapped[int] = mapped_column(default=0)
    status: Mapped[str] = mapped_column(default="waiting", index=True)  # waiting, sending, accepted, dead
    claimed_until: Mapped[datetime | None]  # wall time
    answer: Mapped[str | None]  # what the billing system said last
    accepted_at: Mapped[datetime | None]

    case: Mapped[Case] = relationship()


def sealed_for(key: str) -> str:
    """To which row and column an order's content is bound."""
    return f"billing_orders:{key}"


def orders_about(session: orm.Session, case_ids: Sequence[int]) -> Sequence[BillingOrder]:
    """The orders about these cases, oldest first."""
    wanted = sa.select(BillingOrder).where(BillingOrder.case_id.in_(case_ids)).order_by(BillingOrder.id)
    return session.scalars(wanted).all()


def empty_orders(session: orm.Session, vault: Vault, case: Case) -> None:
    """Take out what was said about a person; what was ordered, and when, stays."""
    for order in orders_about(session, [case.id]):
        order.payload = vault.seal({"order": order.kind, "key": order.key}, sealed_for(order.key))
