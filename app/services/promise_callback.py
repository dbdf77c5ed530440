"""Our word is given: a promise with a deadline that the law and the opening hours allow (T9, T15)."""

from __future__ import annotations

import sqlalchemy as sa

from app.compliance.legal_limit import latest_answer
from app.compliance.whereabouts import whereabouts
from app.domain.phone_number import PhoneNumber, is_withheld, why_not_callable
from app.ivr.turn import Known
from app.models.call import asked_not_to_be_called
from app.models.case import Case
from app.models.promise import Promise, open_promise_of_case
from app.promising.local_clock import zone_told_for
from app.services.office import CallAtHand, Details
from app.services.open_case import case_at_hand, open_case
from app.services.promise_anew import withdraw
from app.services.write_promise import write_promise


def promise_callback(call: CallAtHand, details: Details) -> Known:
    """Promise a callback for the matter of this call; asked again, it gives the promise that stands.

    Args:
        details: `urgent` is yes or no.

    Returns:
        `promised`: yes or no; `due_at` when it was, and `zone` if it needs to be named; when it was not,
        `promise_reason` (withheld, or why the number may not be called) and `answer_by`, the instant by which the
        answer can be asked for (T9).
    """
    case = case_at_hand(call)
    if case is None:
        # Who only wanted a human has a matter all the same; what it is, they will say when called.
        protocol = open_case(call, {"kind": "information"})["protocol"]
        case = call.session.scalars(sa.select(Case).where(Case.protocol == protocol)).one()
    standing = open_promise_of_case(call.session, case.id)
    if standing is not None:
        return _promised(call, case, standing)
    phone = call.phone
    if not phone or is_withheld(phone):
        return _refused(call, case, "withheld", None)
    number = PhoneNumber(phone)
    refused = why_not_callable(number)
    if refused is not None:
        return _refused(call, case, refused, number)
    if asked_not_to_be_called(call.session, call.vault.index(phone)):
        return _refused(call, case, "do not call", number)
    promise = make_promise(call, case, number, urgent=details.get("urgent") == "yes")
    return _promised(call, case, promise)


def _promised(call: CallAtHand, case: Case, promise: Promise) -> Known:
    return {
        "promised": "yes",
        "due_at": promise.due_at.isoformat(),
        "protocol": case.protocol,
        "zone": zone_told_for(promise.whereabouts, call.hotline, call.now),
    }


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
    return write_promise(
        call.session,
        call.vault,
        case,
        call.hotline,
        number,
        made_by=f"{call.call_key}:{case.id}:{call.turn}",
        actor="ivr",
        language=call.position.language,
        now=call.now,
        urgent=urgent,
        call_key=call.call_key,
        flow_version=call.position.version,
    )


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
    gone = withdraw(call.session, call.vault, call.words, promise, call.hotline, "customer", call.now)
    return {"withdrawn": "yes" if gone else "no"}
