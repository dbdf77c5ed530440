"""Cancellations as pages and programs see them: the contract, when it ends, what it took, how the receipts fared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from app.domain.email_address import masked
from app.models.billing_order import BillingOrder, orders_about
from app.models.cancellation import Cancellation, email_of, terms_at
from app.models.case import Case
from app.models.outbox import LETTER, OutboxItem
from app.models.vault import Vault

MOST = 200


@dataclass(frozen=True, slots=True)
class CancellationRow:
    """One cancellation with what is sealed about it."""

    cancellation: Cancellation
    case: Case
    terms: dict[str, Any]  # of the contract, as they were; empty if no contract was found
    email: str  # masked; "" if none is known
    texts: tuple[OutboxItem, ...]  # receipts by text message, in order
    letters: tuple[OutboxItem, ...]
    orders: tuple[BillingOrder, ...]  # to the billing system, in order

    @property
    def is_failed(self) -> bool:
        """Whether a receipt could not be delivered."""
        return any(each.status == "failed" for each in (*self.texts, *self.letters))


@dataclass(frozen=True, slots=True)
class Effort:
    """What cancelling took, over the calls in which it was measured."""

    calls: int
    keys: float  # median, from the ring until it was on record
    seconds: float


def cancellations_of(session: orm.Session, vault: Vault, case_ids: Iterable[int]) -> dict[int, CancellationRow]:
    """The cancellations of these cases, by case; cases of other kinds are left out."""
    wanted = sa.select(Cancellation).where(Cancellation.case_id.in_(list(case_ids)))
    return {row.case.id: row for row in _rows(session, vault, wanted)}


def newest_cancellations(session: orm.Session, vault: Vault) -> list[CancellationRow]:
    """The newest cancellations, newest first."""
    return _rows(session, vault, sa.select(Cancellation).order_by(Cancellation.id.desc()).limit(MOST))


def effort_of(rows: Iterable[CancellationRow]) -> Effort | None:
    """What these cancellations took; None if none was measured."""
    measured = [(each.cancellation.keys, each.cancellation.seconds) for each in rows]
    known = [(keys, seconds) for keys, seconds in measured if keys is not None and seconds is not None]
    if not known:
        return None
    return Effort(len(known), median(keys for keys, _ in known), median(seconds for _, seconds in known))


def _rows(session: orm.Session, vault: Vault, wanted: sa.Select[Cancellation]) -> list[CancellationRow]:
    found = session.scalars(wanted.options(orm.joinedload(Cancellation.case))).all()
    receipts: defaultdict[int, list[OutboxItem]] = defaultdict(list)
    of_these = OutboxItem.case_id.in_([each.case_id for each in found])
    for item in session.scalars(sa.select(OutboxItem).where(of_these).order_by(OutboxItem.id)):
        receipts[item.case_id or 0].append(item)
    orders: defaultdict[int, list[BillingOrder]] = defaultdict(list)
    for order in orders_about(session, [each.case_id for each in found]):
        orders[order.case_id].append(order)
    return [
        CancellationRow(
            each,
            each.case,
            terms_at(vault, each),
            masked(email_of(vault, each)) if each.email else "",
            tuple(item for item in receipts[each.case_id] if ":receipt:" in item.key),
            tuple(item for item in receipts[each.case_id] if item.kind == LETTER),
            tuple(orders[each.case_id]),
        )
        for each in found
    ]
