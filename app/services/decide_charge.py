"""A suspended charge is decided: reversed, or it stands; the billing system and the customer are told (S6)."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy import orm

from app.domain.charge import ChargeDecision, OrderKind
from app.domain.errors import Conflict, Invalid, NotFound
from app.domain.hotline import Hotline
from app.ivr.words import Words
from app.models.case import Case
from app.models.charge import Charge, charge_of
from app.models.journal import note, queue_out
from app.models.records import phone_of
from app.models.staff import Staff
from app.models.vault import Vault
from app.services.carry_effects import text_slots
from app.services.suspend_charge import order

LONGEST_REASON: Final = 2_000
_ORDERS: Final = {ChargeDecision.REVERSED: OrderKind.REVERSE, ChargeDecision.STANDS: OrderKind.REINSTATE}
_TEXTS: Final = {ChargeDecision.REVERSED: "text.charge_reversed", ChargeDecision.STANDS: "text.charge_stands"}


def decide_charge(
    session: orm.Session,
    vault: Vault,
    words: Words,
    case: Case,
    hotline: Hotline,
    staff: Staff,
    *,
    decision: str,
    reason: str,
    now: datetime,
) -> None:
    """Decide about the suspended charge of a case, once.

    Args:
        reason: what the decision rests on; kept in the history.

    Raises:
        NotFound: if no charge of this case is suspended.
        Invalid: if there is no such decision, or no reason.
        Conflict: if it was decided meanwhile.
    """
    charge = charge_of(session, case.id)
    if charge is None:
        raise NotFound("charge")
    if decision not in tuple(ChargeDecision):
        raise Invalid("decision", f"is none of: {', '.join(ChargeDecision)}")
    if not reason.strip():
        raise Invalid("reason", "is missing; write what the decision rests on")
    if len(reason) > LONGEST_REASON:
        raise Invalid("reason", f"is longer than {LONGEST_REASON} signs")
    decided = ChargeDecision(decision)
    if not _take(session, charge, decided, staff, now):
        raise Conflict("this charge was decided meanwhile; nothing was changed")
    charge.reason = vault.seal(reason.strip(), f"charges:reason:{charge.key}")
    order(session, vault, charge, _ORDERS[decided], hotline, now)
    note(session, vault, case, f"charge_{decided}", f"staff:{staff.id}", now, reason=reason.strip())
    _tell(session, vault, words, case, hotline, _TEXTS[decided], now)


def _take(session: orm.Session, charge: Charge, decided: ChargeDecision, staff: Staff, now: datetime) -> bool:
    """Write the decision down, unless somebody has decided; one conditional UPDATE, so nobody orders the opposite."""
    taken = session.scalar(
        sa.update(Charge)
        .where(Charge.id == charge.id, Charge.decision.is_(None))
        .values(decision=decided.value, decided_at=now, decided_by=staff.id)
        .returning(Charge.id)
        .execution_options(synchronize_session="fetch")
    )
    return taken is not None


def _tell(
    session: orm.Session, vault: Vault, words: Words, case: Case, hotline: Hotline, prompt: str, now: datetime
) -> None:
    phone = phone_of(vault, case)
    if not phone:
        return
    body = words.text(case.language, prompt, text_slots(hotline, case), now=now, zone=hotline.zone)
    payload = {"to": phone, "from": hotline.numbers[0], "body": body}
    if queue_out(session, vault, key=f"{case.key}:{prompt}", kind="text", at=now, payload=payload, case_id=case.id):
        note(session, vault, case, "text_queued", "clock", now, body=body)
