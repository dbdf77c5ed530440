"""A promise is written down: with the first deadline that law, opening hours and staff allow."""

from __future__ import annotations

import secrets
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import orm

from app.compliance.rule import verdict_values
from app.compliance.whereabouts import whereabouts
from app.domain.hotline import Hotline
from app.domain.phone_number import PhoneNumber
from app.models.case import Case
from app.models.journal import note
from app.models.promise import Promise
from app.models.records import open_record, seal_record
from app.models.staff import people
from app.models.vault import Vault
from app.promising.load import Load
from app.promising.solver import Wanted, first_deadline


def write_promise(
    session: orm.Session,
    vault: Vault,
    case: Case,
    hotline: Hotline,
    number: PhoneNumber,
    *,
    made_by: str,
    actor: str,
    language: str,
    now: datetime,
    urgent: bool = False,
    wish: datetime | None = None,
    call_key: str | None = None,
    flow_version: str | None = None,
) -> Promise:
    """Promise a call about a case to a number.

    Args:
        made_by: what causes it; the database refuses a second promise for the same cause.
        actor: who gives it: ivr, or staff:<id>.
        language: the one the customer is called in.
        wish: not before this instant; None for as soon as can be.
        call_key: the call it is made in; None if it is made elsewhere.

    Raises:
        LawUnknown: if no rule is in force where the customer may be.
    """
    urgent = urgent or case.severity == "safety"
    offer = first_deadline(
        Wanted(
            now=now,
            hotline=hotline,
            where=whereabouts(number, hotline),
            urgent=urgent,
            wish_not_before=wish,
            registered_at=case.received_at,
            load=_load(session, hotline, language),
        )
    )
    key = secrets.token_urlsafe(12)
    promise = Promise(
        key=key,
        made_by=made_by,
        case_id=case.id,
        hotline=hotline.name,
        language=language,
        phone=vault.seal(number.e164, f"promises:phone:{key}"),
        phone_index=vault.index(number.e164),
        call_key=call_key,
        made_at=now,
        due_at=offer.due_at,
        not_before_at=offer.not_before_at,
        latest_start_at=offer.latest_start_at,
        legal_due_at=offer.legal_due_at,
        legal_ref=offer.legal_ref.text,
        at_risk=offer.at_risk,
        urgent=urgent,
        spoken_text=None,
        flow_version=flow_version,
        verdicts={"when_made": [verdict_values(verdict) for verdict in offer.verdicts]},
        next_attempt_at=offer.not_before_at,
        owner_id=case.owner_id,
    )
    session.add(promise)
    case.legal_due_at = offer.legal_due_at
    record = open_record(vault, case).with_facts(
        {
            "complainant.phone": number.e164,
            "complainant.reply_medium": "call",
            "assessment.promised_at": offer.due_at,
            "assessment.legal_due_at": offer.legal_due_at,
            "assessment.legal_ref": offer.legal_ref.text,
        }
    )
    seal_record(vault, case, record)
    session.flush()
    note(
        session, vault, case, "promised", actor, now,
        due_at=offer.due_at.isoformat(), at_risk=offer.at_risk, promise=promise.id,
    )  # fmt: skip
    return promise


def _load(session: orm.Session, hotline: Hotline, language: str) -> Load:
    """What is promised already, and who is there to keep it; an office without staff yet counts as one person."""
    open_due = session.scalars(
        sa.select(Promise.due_at).where(Promise.hotline == hotline.name, Promise.status == "open")
    ).all()
    return Load(open_due=tuple(open_due), staff=max(1, people(session, language)))
