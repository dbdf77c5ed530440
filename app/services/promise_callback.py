"""Our word is given: a promise with a deadline that the law and the opening hours allow (T9, T15)."""

from __future__ import annotations

import secrets

import sqlalchemy as sa

from app.compliance.legal_limit import latest_answer
from app.compliance.rule import verdict_values
from app.compliance.whereabouts import whereabouts
from app.domain.phone_number import PhoneNumber, is_withheld, why_not_callable
from app.ivr.turn import Known
from app.models.case import Case
from app.models.journal import end_promise, note
from app.models.promise import Promise, open_promise_of_case
from app.models.records import open_record, seal_record
from app.models.staff import people
from app.promising.load import Load
from app.promising.solver import Wanted, first_deadline
from app.services.office import CallAtHand, Details
from app.services.open_case import case_at_hand, open_case


def promise_callback(call: CallAtHand, details: Details) -> Known:
    """Promise a callback for the matter of this call; asked again, it gives the promise that stands.

    Args:
        details: `urgent` is yes or no.

    Returns:
        `promised`: yes or no; `due_at` when it was; when it was not, `promise_reason` (withheld, or why the number
        may not be called) and `answer_by`, the instant by which the answer can be asked for (T9).
    """
    case = case_at_hand(call)
    if case is None:
        # Who only wanted a human has a matter all the same; what it is, they will say when called.
        protocol = open_case(call, {"kind": "information"})["protocol"]
        case = call.session.scalars(sa.select(Case).where(Case.protocol == protocol)).one()
    standing = open_promise_of_case(call.session, case.id)
    if standing is not None:
        return {"promised": "yes", "due_at": standing.due_at.isoformat(), "protocol": case.protocol}
    phone = call.phone
    if not phone or is_withheld(phone):
        return _refused(call, case, "withheld", None)
    number = PhoneNumber(phone)
    refused = why_not_callable(number)
    if refused is not None:
        return _refused(call, case, refused, number)
    promise = make_promise(call, case, number, urgent=details.get("urgent") == "yes")
    return {"promised": "yes", "due_at": promise.due_at.isoformat(), "protocol": case.protocol}


def _refused(call: CallAtHand, case: Case, reason: str, number: PhoneNumber | None) -> Known:
    """No call can be promised, but the answer has its day all the same: the last one that the law allows."""
    where = whereabouts(number, call.hotline)
    limit = latest_answer(where.jurisdictions, case.received_at, call.hotline.zone)
    case.legal_due_at = limit.at
    return {
        "promised": "no",
        "promise_reason": reason,
        "protocol": case.protocol,
        "answer_by": limit.at.isoformat(),
    }


def make_promise(call: CallAtHand, case: Case, number: PhoneNumber, *, urgent: bool) -> Promise:
    """Find the first deadline that can be kept and write the promise down."""
    offer = first_deadline(
        Wanted(
            now=call.now,
            hotline=call.hotline,
            where=whereabouts(number, call.hotline),
            urgent=urgent or case.severity == "safety",
            registered_at=case.received_at,
            load=_load(call),
        )
    )
    key = secrets.token_urlsafe(12)
    promise = Promise(
        key=key,
        made_by=f"{call.call_key}:{case.id}:{call.turn}",
        case_id=case.id,
        hotline=call.hotline.name,
        language=call.position.language,
        phone=call.vault.seal(number.e164, f"promises:phone:{key}"),
        phone_index=call.vault.index(number.e164),
        call_key=call.call_key,
        made_at=call.now,
        due_at=offer.due_at,
        not_before_at=offer.not_before_at,
        latest_start_at=offer.latest_start_at,
        legal_due_at=offer.legal_due_at,
        legal_ref=offer.legal_ref.text,
        at_risk=offer.at_risk,
        urgent=urgent,
        spoken_text=None,
        flow_version=call.position.version,
        verdicts={"when_made": [verdict_values(verdict) for verdict in offer.verdicts]},
        next_attempt_at=offer.not_before_at,
        owner_id=case.owner_id,
    )
    call.session.add(promise)
    case.legal_due_at = offer.legal_due_at
    record = open_record(call.vault, case).with_facts(
        {
            "complainant.phone": number.e164,
            "complainant.reply_medium": "call",
            "assessment.promised_at": offer.due_at,
            "assessment.legal_due_at": offer.legal_due_at,
            "assessment.legal_ref": offer.legal_ref.text,
        }
    )
    seal_record(call.vault, case, record)
    call.session.flush()
    note(
        call.session, call.vault, case, "promised", "ivr", call.now,
        due_at=offer.due_at.isoformat(), at_risk=offer.at_risk, promise=promise.id,
    )  # fmt: skip
    return promise


def _load(call: CallAtHand) -> Load:
    """What is promised already, and who is there to keep it; an office without staff yet counts as one person."""
    open_due = call.session.scalars(
        sa.select(Promise.due_at).where(Promise.hotline == call.hotline.name, Promise.status == "open")
    ).all()
    return Load(open_due=tuple(open_due), staff=max(1, people(call.session, call.position.language)))


def withdraw_promise(call: CallAtHand, _details: Details) -> Known:
    """The customer no longer wants the call that was promised; asked again, nothing more happens.

    Returns:
        `withdrawn`: yes, or no when nothing was promised.
    """
    protocol = str(call.position.known.get("protocol", ""))
    promise = call.session.scalar(
        sa.select(Promise)
        .join(Case, Case.id == Promise.case_id)
        .where(Case.protocol == protocol, Promise.status == "open")
        .limit(1)
    )
    if promise is None:
        return {"withdrawn": "no"}
    ended = end_promise(call.session, call.vault, promise, "withdrawn", "customer", call.now)
    return {"withdrawn": "yes" if ended else "no"}
