"""A charge is called undue: it is suspended in this transaction, and the billing system is ordered to comply (S6)."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import orm

from app.compliance.legal_limit import latest_answer
from app.compliance.whereabouts import whereabouts
from app.domain.charge import OrderKind
from app.domain.hotline import Hotline
from app.domain.phone_number import PhoneNumber
from app.ivr.turn import Known
from app.models.case import Case
from app.models.charge import Charge, charge_of
from app.models.journal import note
from app.models.one_at_a_time import one_at_a_time
from app.models.records import record_to_change, seal_record
from app.models.vault import Vault
from app.services.office import CallAtHand, Details
from app.services.open_case import case_at_hand
from app.services.order_billing import order_billing


def suspend_in_call(call: CallAtHand, details: Details) -> Known:
    """Suspend the charge that this call is about; asked again with the invoice's number, that is added.

    Args:
        details: `invoice`, as it was keyed or said; "" if it is not known (yet).

    Returns:
        `suspended`: yes, and `decide_by`, the instant by which it is decided; no if the call has no case.
    """
    case = case_at_hand(call)
    if case is None:
        return {"suspended": "no"}
    invoice = str(details.get("invoice") or "")
    charge = suspend_charge(call.session, call.vault, case, call.hotline, invoice, actor="ivr", now=call.now)
    return {"suspended": "yes", "decide_by": charge.decide_by.isoformat()}


def suspend_charge(
    session: orm.Session, vault: Vault, case: Case, hotline: Hotline, invoice: str, *, actor: str, now: datetime
) -> Charge:
    """Suspend the charge of a case, once; an invoice that becomes known later is added to it.

    Raises:
        LawUnknown: if no rule is in force where the customer may be.
    """
    one_at_a_time(session, f"charge:{case.id}")
    charge = charge_of(session, case.id)
    if charge is None:
        return _suspend(session, vault, case, hotline, invoice, actor, now)
    if invoice and charge.invoice is None and charge.decision is None:
        charge.invoice = vault.seal(invoice, f"charges:invoice:{charge.key}")
        order(session, vault, charge, OrderKind.IDENTIFY, hotline, now)
    return charge


def _suspend(
    session: orm.Session, vault: Vault, case: Case, hotline: Hotline, invoice: str, actor: str, now: datetime
) -> Charge:
    record = record_to_change(session, vault, case)
    phone = record.complainant.phone
    limit = latest_answer(whereabouts(PhoneNumber(phone) if phone else None, hotline).jurisdictions, now, hotline.zone)
    key = secrets.token_urlsafe(12)
    charge = Charge(
        key=key,
        case_id=case.id,
        invoice=vault.seal(invoice, f"charges:invoice:{key}") if invoice else None,
        suspended_at=now,
        decide_by=limit.at,
        legal_ref=limit.citation.text,
    )
    session.add(charge)
    session.flush()
    seal_record(vault, case, record.with_facts({"matter.undue_charge": True, "matter.charge_suspended_at": now}))
    order(session, vault, charge, OrderKind.SUSPEND, hotline, now)
    note(session, vault, case, "charge_suspended", actor, now, invoice=invoice or None, decide_by=limit.at.isoformat())
    return charge


def order(session: orm.Session, vault: Vault, charge: Charge, kind: OrderKind, hotline: Hotline, now: datetime) -> None:
    """Order the billing system to do this with a charge."""
    facts = {
        "charge": charge.key,
        "invoice": vault.open(charge.invoice, f"charges:invoice:{charge.key}") if charge.invoice else None,
        "suspended_at": charge.suspended_at.isoformat(),
        "decide_by": charge.decide_by.isoformat(),
        "law": charge.legal_ref,
    }
    key = f"{charge.key}:{kind.value}"
    order_billing(session, vault, charge.case, hotline, kind, key, facts, charge_id=charge.id, now=now)
