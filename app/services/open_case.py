"""The choice is made: the case exists from this moment, numbered, whatever happens to the call (T4, T5, T10)."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import sqlalchemy as sa

from app.ivr.turn import Known
from app.models.cancellation import add_cancellation
from app.models.case import Case, case_with_protocol, newest_case_of
from app.models.found import find
from app.models.journal import note
from app.models.new_case import add_case
from app.models.promise import Promise, open_promise_of, open_promise_of_case
from app.models.records import lock_case
from app.models.reminder import Forewarning, open_offer
from app.models.satisfaction import ask_in_call
from app.promising.local_clock import zone_told_for
from app.services.office import CallAtHand, Details

_SAME_MATTER = timedelta(days=30)


_OF_SOURCE: Final = sa.select(Case).where(Case.source == "call", Case.source_id == sa.bindparam("source_id"))


def open_case(call: CallAtHand, details: Details) -> Known:
    """Open the case of this call, or give the one that is open already, also from an earlier call to be returned.

    Args:
        details: `kind` is complaint, cancellation, recall or information.

    Returns:
        `protocol`, `case_kind` and `opened_at`: when the case was opened, which callers who cancel are told.
    """
    kind = str(details["kind"])
    if kind == "information" and call.position.known.get("outreach"):
        kind = "recall"  # a campaign rang them; what they want of a human is about that
    source_id = f"{call.call_key}:{kind}"
    case = find(call.session, _OF_SOURCE, source_id=source_id)
    if case is None and kind == "information":
        case = _promised_already(call)
    if case is None:
        case = _new_case(call, kind, source_id)
    return {"protocol": case.protocol, "case_kind": case.kind, "opened_at": case.received_at.isoformat()}


def _promised_already(call: CallAtHand) -> Case | None:
    """The matter about which this number is to be called: who only wants a human wants no second call (lessons 5)."""
    promise = open_promise_of(call.session, call.vault.index(call.caller)) if call.caller else None
    return promise.case if promise is not None else None


def _new_case(call: CallAtHand, kind: str, source_id: str) -> Case:
    channel = "sms" if call.is_by_text else "phone"
    case = add_case(
        call.session,
        call.vault,
        call.hotline,
        kind=kind,
        channel=channel,
        language=call.position.language,
        source="call",
        source_id=source_id,
        received_by="ivr",
        call_key=call.call_key,
        known=call.position.known,
        now=call.now,
    )
    note(call.session, call.vault, case, "received", "ivr", call.now, kind=kind, channel=channel)
    if kind == "cancellation":
        add_cancellation(call.session, call.vault, case)
        note(call.session, call.vault, case, "effective", "ivr", call.now, at=call.now.isoformat())
    return case


def case_of_call(call: CallAtHand) -> Case | None:
    """The newest case that this call opened; None if it opened none."""
    return newest_case_of(call.session, call.call_key)


def case_at_hand(call: CallAtHand) -> Case | None:
    """The case that is spoken about now: the one whose protocol number the flow knows, else the one of this call.

    Nobody else changes it until the transaction ends.
    """
    protocol = call.position.known.get("protocol")
    case = case_with_protocol(call.session, str(protocol)) if protocol else None
    case = case or case_of_call(call)
    if case is not None:
        lock_case(call.session, case)
    return case


def find_matter(call: CallAtHand, details: Details) -> Known:
    """Find the matter a caller asks about, by protocol number or, without one, by the number they call from (B4).

    Returns:
        `found`, and what can be told: `protocol`, `kind` (the prompt that names it), `matter_status`, `due_at` ("" when
        nothing is promised), `offer_at` (the first other time that was offered for it, "" if none was), `zone`, if the
        time needs its name, and `ask_satisfaction`: yes, if the caller is asked that now.
    """
    typed = str(details.get("protocol") or "")
    query = sa.select(Case)
    if typed:
        query = query.where(Case.protocol == typed)
    elif call.caller:
        # Without a number in hand: the matter promised next, else the newest one of this telephone.
        promise = open_promise_of(call.session, call.vault.index(call.caller))
        if promise is not None:
            query = query.where(Case.id == promise.case_id)
        else:
            query = query.where(
                Case.phone_index == call.vault.index(call.caller), Case.received_at > call.now - _SAME_MATTER
            )
    else:
        return {"found": "no"}
    case = call.session.scalar(query.order_by(Case.received_at.desc()).limit(1))
    if case is None:
        return {"found": "no"}
    promise = open_promise_of_case(call.session, case.id)
    return {
        "found": "yes",
        "protocol": case.protocol,
        "case_kind": case.kind,
        "kind": f"kind.{case.kind}",
        "matter_status": "closed" if case.closed_at else ("promised" if promise else "open"),
        "due_at": promise.due_at.isoformat() if promise else "",
        "offer_at": _offered(call, promise),
        "zone": zone_told_for(promise.whereabouts, call.hotline, call.now) if promise else "",
        "ask_satisfaction": "yes" if _is_asked(call, case) else "",
    }


def _is_asked(call: CallAtHand, case: Case) -> bool:
    """Whether the caller is asked how satisfied they are with what became of their own closed matter (B5)."""
    if case.closed_at is None or not call.caller:
        return False
    return ask_in_call(call.session, case.id, call.vault.index(call.caller), now=call.now)


def _offered(call: CallAtHand, promise: Promise | None) -> str:
    offer = promise and open_offer(call.session, call.now, Forewarning.promise_id == promise.id)
    return offer.offered_due_at.isoformat() if offer and offer.offered_due_at else ""
