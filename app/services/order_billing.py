"""Put an order to the company's billing system on its way, in the transaction of what it is about."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from app.domain.charge import OrderKind, OrderStatus
from app.domain.errors import Conflict, NotFound
from app.domain.hotline import Hotline
from app.models.billing_order import BillingOrder, sealed_for
from app.models.case import Case
from app.models.records import open_record
from app.models.vault import Vault


def order_billing(
    session: orm.Session,
    vault: Vault,
    case: Case,
    hotline: Hotline,
    kind: OrderKind,
    key: str,
    facts: Mapping[str, Any],
    *,
    charge_id: int | None = None,
    now: datetime,
) -> None:
    """Write the order down; the clock delivers it after the commit.

    Args:
        key: by which the billing system recognizes a repetition.
        facts: what the order says beside the case, the company and the customer.
        charge_id: the suspended charge that it is about, if it is about one.
    """
    record = open_record(vault, case)
    content = {
        "order": kind.value,
        "protocol": case.protocol,
        "hotline": hotline.name,
        "company": hotline.company.name,
        "customer": {"phone": record.complainant.phone, "contract": record.matter.contract_or_order_no},
        "ordered_at": now.isoformat(),
        **facts,
    }
    session.add(
        BillingOrder(
            key=key,
            case_id=case.id,
            charge_id=charge_id,
            kind=kind.value,
            payload=vault.seal(content, sealed_for(key)),
            created_at=now,
            next_at=now,
        )
    )
    session.flush()


def send_order_again(session: orm.Session, order_id: int, *, now: datetime) -> BillingOrder:
    """Try a dead order once more, after somebody has mended what stood in its way.

    Raises:
        NotFound: if there is no such order.
        Conflict: if it is not dead.
    """
    order = session.get(BillingOrder, order_id)
    if order is None:
        raise NotFound("order")
    revived = session.scalar(
        sa.update(BillingOrder)
        .where(BillingOrder.id == order_id, BillingOrder.status == OrderStatus.DEAD)
        .values(status=OrderStatus.WAITING.value, tries=0, next_at=now)
        .returning(BillingOrder.id)
    )
    if revived is None:
        raise Conflict("this order is on its way already; nothing was changed")
    return order
