"""Suspended charges, and the orders about them that must reach the billing system."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base
from app.models.case import Case
from app.models.vault import Vault


class Charge(Base):
    """A charge that is said to be undue; at most one for a case."""

    __tablename__ = "charges"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)  # random; binds the sealed columns to this row
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("cases.id"), unique=True)
    invoice: Mapped[bytes | None]  # sealed words or digits of the customer; None if none were given
    suspended_at: Mapped[datetime]
    decide_by: Mapped[datetime] = mapped_column(index=True)  # the last lawful instant
    legal_ref: Mapped[str]
    decision: Mapped[str | None]  # reversed, stands; None until decided
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(sa.ForeignKey("staff.id"))
    reason: Mapped[bytes | None]  # sealed; None until decided

    case: Mapped[Case] = relationship()
    orders: Mapped[list[BillingOrder]] = relationship(order_by="BillingOrder.id", back_populates="charge")


class BillingOrder(Base):
    """One order to the billing system; its key is the same each time it is sent."""

    __tablename__ = "billing_orders"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    charge_id: Mapped[int] = mapped_column(sa.ForeignKey("charges.id"), index=True)
    kind: Mapped[str]  # suspend, identify, reverse, reinstate
    payload: Mapped[bytes]  # sealed JSON
    created_at: Mapped[datetime]
    next_at: Mapped[datetime] = mapped_column(index=True)
    tries: Mapped[int] = mapped_column(default=0)
    status: Mapped[str] = mapped_column(default="waiting", index=True)  # waiting, sending, accepted, dead
    claimed_until: Mapped[datetime | None]  # wall time
    answer: Mapped[str | None]  # what the billing system said last
    accepted_at: Mapped[datetime | None]

    charge: Mapped[Charge] = relationship(back_populates="orders")


def charge_of(session: orm.Session, case_id: int) -> Charge | None:
    """The charge that a case is about; None if it is about none."""
    return session.scalar(sa.select(Charge).where(Charge.case_id == case_id))


def empty_charge(vault: Vault, charge: Charge) -> None:
    """Take out what a person said about a charge; what was ordered, and when, stays."""
    charge.invoice = charge.reason = None
    for order in charge.orders:
        emptied = {"order": order.kind, "charge": charge.key}
        order.payload = vault.seal(emptied, f"billing_orders:{order.key}")
