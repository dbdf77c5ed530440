"""Suspended charges as pages show them: what was ordered, and by when to decide."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import orm

from app.models.billing_order import BillingOrder
from app.models.case import Case
from app.models.charge import Charge, charge_of
from app.models.vault import Vault

MOST = 200


@dataclass(frozen=True, slots=True)
class ChargeRow:
    """One charge with what is sealed about it."""

    charge: Charge
    case: Case
    orders: tuple[BillingOrder, ...]
    invoice: str  # "" if none was given
    reason: str  # "" until decided

    def is_late(self, now: datetime) -> bool:
        """Whether it should have been decided by now."""
        return self.charge.decision is None and self.charge.decide_by < now


def charge_row(session: orm.Session, vault: Vault, case: Case) -> ChargeRow | None:
    """The charge that a case is about; None if it is about none."""
    charge = charge_of(session, case.id)
    return _row(vault, charge) if charge is not None else None


def charge_rows(session: orm.Session, vault: Vault) -> list[ChargeRow]:
    """Undecided charges, the one to decide first first; then the newest decided ones."""
    is_decided = Charge.decision.is_not(None)
    query = (
        sa.select(Charge)
        .options(orm.joinedload(Charge.case), orm.selectinload(Charge.orders))
        .order_by(is_decided, sa.case((~is_decided, Charge.decide_by)), Charge.id.desc())
        .limit(MOST)
    )
    return [_row(vault, charge) for charge in session.scalars(query)]


def _row(vault: Vault, charge: Charge) -> ChargeRow:
    return ChargeRow(
        charge,
        charge.case,
        tuple(charge.orders),
        str(vault.open(charge.invoice, f"charges:invoice:{charge.key}")) if charge.invoice else "",
        str(vault.open(charge.reason, f"charges:reason:{charge.key}")) if charge.reason else "",
    )
