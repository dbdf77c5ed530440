"""Suspended charges."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base
from app.models.billing_order import BillingOrder
from app.models.case import Case


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
    orders: Mapped[list[BillingOrder]] = relationship(order_by=BillingOrder.id)


def charge_of(session: orm.Session, case_id: int) -> Charge | None:
    """The charge that a case is about; None if it is about none."""
    return session.scalar(sa.select(Charge).where(Charge.case_id == case_id))


def empty_charge(charge: Charge) -> None:
    """Take out what a person said about a charge; that it was suspended, and what was decided, stays."""
    charge.invoice = charge.reason = None
