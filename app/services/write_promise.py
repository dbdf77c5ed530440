"""A promise is written down: with the first deadline that law, opening hours and staff allow."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import orm

from app.compliance.rule import verdict_values
from app.compliance.whereabouts import whereabouts, written
from app.domain.errors import Busy
from app.domain.hotline import Hotline
from app.domain.phone_number import PhoneNumber
from app.models.case import Case
from app.models.journal import note
from app.models.promise import Promise, rung_lately
from app.models.records import lock_cases, record_to_change, seal_record
from app.models.vault import Vault
from app.promising.load import Load
from app.promising.solver import Offer, Wanted, first_deadline
from app.services.remind import plan_reminders
from app.services.weigh_load import weigh_load, with_measured_handling

_log = structlog.get_logger()


def wanted_call(
    session: orm.Session,
    vault: Vault,
    case: Case,
    hotline: Hotline,
    number: PhoneNumber,
    *,
    language: str,
    now: datetime,
    urgent: bool = False,
    wish: datetime | None = None,
) -> Wanted:
    """A call about a case as the solver wants to see it, but for the load it comes upon."""
    phone_index = vault.index(number.e164)
    return Wanted(
        now=now,
        hotline=with_measured_handling(session, hotline, case.kind, now=now),
        where=whereabouts(number, hotline),
        language=language,
        kind=case.kind,
        urgent=urgent or case.severity == "safety",
        wish_not_before=wish,
        registered_at=case.received_at,
        number=phone_index,
        rung_at=rung_lately(session, phone_index, now=now),
    )


def _first_offer(session: orm.Session, wanted: Wanted, now: datetime) -> Offer:
    """The first deadline that can be kept; if too many are being promised something, the last lawful one, at risk.

    Somebody is on the line: they shall hear a promise, and not that we are busy. What is at risk is tried at once, too.
    """
    try:
        load = weigh_load(session, wanted.hotline, now=now)
    except Busy:
        _log.warning("a promise is given without a plan; too many are given at once", hotline=wanted.hotline.name)
        load = Load(shifts=())
    return first_deadline(replace(wanted, load=load))


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
    offer: Offer | None = None,
    wish_told: Mapping[str, Any] | None = None,
    call_key: str | None = None,
    flow_version: str | None = None,
) -> Promise:
    """Promise a call about a case to a number.

    Args:
        made_by: what causes it; the database refuses a second promise for the same cause.
        actor: who gives it: ivr, or staff:<id>.
        language: the one the customer is called in.
        wish: not before this instant; None for as soon as can be.
        offer: what the solver found already; None to ask it now.
        wish_told: what the customer wished for in their own words, kept with the verdicts.
        call_key: the call it is made in; None if it is made elsewhere.

    Raises:
        LawUnknown: if no rule is in force where the customer may be.
    """
    lock_cases(session, [case.id])
    urgent = urgent or case.severity == "safety"
    wanted = wanted_call(session, vault, case, hotline, number, language=language, now=now, urgent=urgent, wish=wish)
    offer = offer or _first_offer(session, wanted, now)
    key = secrets.token_urlsafe(12)
    promise = Promise(
        key=key,
        made_by=made_by,
        case_id=case.id,
        kind=case.kind,
        hotline=hotline.name,
        language=language,
        phone=vault.seal(number.e164, f"promises:phone:{key}"),
        phone_index=wanted.number,
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
        verdicts={"when_made": [verdict_values(verdict) for verdict in offer.verdicts]}
        | ({"wish": dict(wish_told)} if wish_told else {}),
        plan=None if offer.proof is None else offer.proof.values(),
        whereabouts=written(wanted.where),
        next_attempt_at=offer.not_before_at,
        owner_id=case.owner_id,
    )
    session.add(promise)
    session.flush()
    plan_reminders(session, promise, hotline)
    case.legal_due_at = offer.legal_due_at
    record = record_to_change(session, vault, case).with_facts(
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
