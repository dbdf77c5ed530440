"""The company's billing system learns of a cancellation: when the contract ends, and what is given back (S9)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from app.domain.charge import OrderKind
from app.domain.hotline import Hotline
from app.models.billing_order import BillingOrder, sealed_for
from app.models.cancellation import Cancellation, terms_at
from app.models.case import Case
from app.models.vault import Vault
from app.services.order_billing import order_billing


def order_cancellation(
    session: orm.Session, vault: Vault, case: Case, cancellation: Cancellation, hotline: Hotline, *, now: datetime
) -> bool:
    """Order what the cancellation says now, unless the newest order says it already.

    Returns:
        False if there was nothing new to order.
    """
    facts = _facts(vault, case, cancellation)
    ordered = session.scalars(
        sa.select(BillingOrder)
        .where(BillingOrder.case_id == case.id, BillingOrder.kind == OrderKind.CANCEL.value)
        .order_by(BillingOrder.id)
    ).all()
    if ordered:
        newest = vault.open(ordered[-1].payload, sealed_for(ordered[-1].key))
        if all(newest.get(name) == value for name, value in facts.items()):
            return False
    key = f"{cancellation.key}:{OrderKind.CANCEL.value}:{len(ordered) + 1}"
    order_billing(session, vault, case, hotline, OrderKind.CANCEL, key, facts, now=now)
    return True


def _facts(vault: Vault, case: Case, cancellation: Cancellation) -> dict[str, Any]:
    terms = terms_at(vault, cancellation)
    is_withdrawn = cancellation.withdrawal is not None
    return {
        "cancellation": cancellation.key,
        "contract": terms.get("number"),  # None: not in the books; what the customer named is with `customer`
        "requested_at": (case.effective_at or case.received_at).isoformat(),
        "ends": cancellation.ends,
        "ends_on": cancellation.ends_on.isoformat() if cancellation.ends_on else None,
        "withdrawal": cancellation.withdrawal,
        "withdrawn_at": cancellation.withdrawn_at.isoformat() if cancellation.withdrawn_at else None,
        "amount_cents": terms.get("amount_cents") if is_withdrawn else None,
        "currency": terms.get("currency") if is_withdrawn else None,
        "law": cancellation.legal_ref or None,
    }
