"""The agent documents how a conversation ended; case and promise follow from it (T13, T14)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import orm

from app.domain.complaint import fact_of
from app.domain.complaint_terms import OutcomeKind
from app.domain.disposition import Consequence, Disposition, PromiseMove, consequence_of
from app.domain.errors import Conflict, Invalid, NotAllowed
from app.domain.hotline import Hotline
from app.domain.phone_number import PhoneNumber, parse_phone, why_not_callable
from app.domain.points import answered, unanswered
from app.ivr.words import Words
from app.models.case import Case
from app.models.draft import drop_draft
from app.models.journal import end_promise, note
from app.models.promise import Attempt, Promise, open_promise_of_case
from app.models.records import lock_case, open_record, phone_of, seal_record
from app.models.staff import Staff
from app.models.vault import Vault
from app.services.ask_approval import use_approval
from app.services.ask_satisfaction import tell_closing
from app.services.promise_anew import promise_anew, withdraw
from app.services.set_presence import end_wrap_up

LONGEST_TEXT = 5_000


@dataclass(frozen=True, slots=True)
class Documented:
    """What the agent entered. Empty texts and None mean that nothing was entered."""

    disposition: Disposition
    response: str = ""  # the answer given to the customer
    note: str = ""
    redress_cents: int | None = None
    escalation_offered: bool = False
    call_at: datetime | None = None  # when the customer wants to be called again
    phone: str = ""  # another number to call, in any spelling
    answers: Mapping[str, str] = field(default_factory=dict)  # how each point was answered, by its text
    may_ask: bool = False  # the customer agreed to be asked by text message how satisfied they are


def wrap_up(
    session: orm.Session,
    vault: Vault,
    words: Words,
    case: Case,
    hotline: Hotline,
    staff: Staff,
    entered: Documented,
    *,
    attempt: Attempt | None,
    now: datetime,
    at_desk: bool = True,
) -> Promise | None:
    """Document a conversation about a case; gives the promise of another call, None if there is none.

    What changes of a promise, the customer also has in writing.

    Args:
        attempt: the conversation; None if it was another contact, such as a call that the customer made elsewhere.
        at_desk: whether they themselves document it; then their draft is used up, and they can be rung again.

    Raises:
        Invalid: if something is missing that this end of a conversation needs, a point of the complaint has no answer
            at its closing, or more money is granted than they may without approval.
        Conflict: if this conversation is documented already, or the case is closed.
    """
    consequence = consequence_of(entered.disposition)
    _check(entered, consequence)
    if attempt is not None:
        _take(session, attempt, now)
    lock_case(session, case)
    if case.closed_at is not None:
        raise Conflict("this case is closed already; add a note to it instead")
    use_approval(session, case, staff, entered.disposition, entered.redress_cents)
    actor = f"staff:{staff.id}"
    number = _number(vault, case, hotline, entered.phone)
    successor = _follow(session, vault, words, case, hotline, entered, consequence, number, attempt, actor, now)
    _decide(session, vault, case, staff, entered, consequence, now)
    details = {
        "disposition": entered.disposition.value,
        "outcome": consequence.outcome.value if consequence.outcome else None,
        "response": entered.response or None,
        "note": entered.note or None,
        "next_step": consequence.next_step,
        "redress_cents": entered.redress_cents,
        "answers": dict(entered.answers),
        "attempt": attempt.key if attempt else None,
    }
    note(session, vault, case, "outcome", actor, now, **{name: each for name, each in details.items() if each})
    if consequence.closes_case:
        note(session, vault, case, "closed", actor, now)
        if case.kind == "complaint" and consequence.needs_response:
            tell_closing(session, vault, words, case, hotline, may_ask=entered.may_ask, now=now)
    if at_desk:
        drop_draft(session, case.id, staff.id, "wrap_up")
        end_wrap_up(session, staff, now=now)
    return successor


def check_may_document(staff: Staff, attempt: Attempt, *, may_for_others: bool) -> None:
    """Refuse to document somebody else's conversation, except for who may.

    Raises:
        NotAllowed: if it is somebody else's.
        Conflict: if there was no conversation.
    """
    if attempt.staff_id != staff.id and not may_for_others:
        raise NotAllowed("document somebody else's conversation")
    if attempt.bridged_at is None:
        raise Conflict("customer and agent have not spoken in this attempt; there is nothing to document")


def _check(entered: Documented, consequence: Consequence) -> None:
    if consequence.needs_response and not entered.response.strip():
        raise Invalid("response", "is missing; write what the customer was told")
    if consequence.offers_escalation and not entered.escalation_offered:
        raise Invalid("escalation_offered", "is missing; who is refused must be told where else to turn")
    if max(len(entered.response), len(entered.note)) > LONGEST_TEXT:
        raise Invalid("response", f"is longer than {LONGEST_TEXT} signs")


def _take(session: orm.Session, attempt: Attempt, now: datetime) -> None:
    taken = session.scalar(
        sa.update(Attempt)
        .where(Attempt.id == attempt.id, Attempt.wrapped_up_at.is_(None))
        .values(wrapped_up_at=now)
        .returning(Attempt.id)
    )
    if taken is None:
        raise Conflict("this conversation is documented already; nothing was changed")


def _number(vault: Vault, case: Case, hotline: Hotline, typed: str) -> PhoneNumber | None:
    if typed.strip():
        number = parse_phone(typed, hotline.country)
        refused = why_not_callable(number) if number else "not a valid number"
        if number is None or refused:
            raise Invalid("phone", f"cannot be called: {refused}")
        return number
    known = phone_of(vault, case)
    return PhoneNumber(known) if known else None


def _follow(
    session: orm.Session,
    vault: Vault,
    words: Words,
    case: Case,
    hotline: Hotline,
    entered: Documented,
    consequence: Consequence,
    number: PhoneNumber | None,
    attempt: Attempt | None,
    actor: str,
    now: datetime,
) -> Promise | None:
    """What becomes of the promise; one that was kept when both spoke stays so, and a new one is made if need be."""
    standing = open_promise_of_case(session, case.id)
    move = consequence.promise
    again = move is PromiseMove.RENEW or (move is PromiseMove.RETRY and (standing is None or bool(entered.phone)))
    if entered.disposition is Disposition.WRONG_PERSON and not entered.phone:
        again = False  # the number is wrong; until the right one is known nobody can be called
    if again:
        cause = attempt.key if attempt else f"{case.key}:{now.isoformat()}"
        return promise_anew(
            session, vault, words, case, hotline, number, standing,
            made_by=f"wrap-up:{cause}", actor=actor, wish=entered.call_at, now=now,
        )  # fmt: skip
    if standing is not None and move is PromiseMove.WITHDRAW:
        withdraw(session, vault, words, standing, hotline, actor, now)
    elif standing is not None and move is PromiseMove.KEEP:
        end_promise(session, vault, standing, "kept" if now <= standing.due_at else "kept_late", actor, now)
    return None


def _decide(
    session: orm.Session,
    vault: Vault,
    case: Case,
    staff: Staff,
    entered: Documented,
    consequence: Consequence,
    now: datetime,
) -> None:
    if case.owner_id is None:
        case.owner_id = staff.id
        note(session, vault, case, "owned", f"staff:{staff.id}", now)
    record = open_record(vault, case)
    facts: dict[str, object] = {"assessment.owner": session.get_one(Staff, case.owner_id).name}
    if case.status == "received":
        case.status = "in_progress"
    if consequence.outcome is not None:
        facts |= _decision(entered, consequence.outcome, now)
        case.outcome, case.status = consequence.outcome.value, "decided"
        legal, promised = case.legal_due_at, fact_of(record, "assessment.promised_at")
        bounds = [bound for bound in (legal, promised) if isinstance(bound, datetime)]
        if bounds:
            facts["outcome.timely"] = now <= min(bounds)
    if consequence.closes_case:
        case.closed_at, case.status = now, "closed"
        facts["outcome.closed_at"] = now
    facts["outcome.status"] = case.status
    record = record.with_facts(facts)
    if entered.answers:
        record = record.with_facts({"matter.points": answered(record, entered.answers)})
    if consequence.closes_case and consequence.needs_response and unanswered(record):
        raise Invalid("points", "have no answer yet; a case is closed when every point of it is answered")
    if consequence.closes_case and (missing := record.missing_for_closing()) and consequence.needs_response:
        raise Invalid(missing[0], "must be known before the case is closed")
    seal_record(vault, case, record)


def _decision(entered: Documented, outcome: OutcomeKind, now: datetime) -> dict[str, object]:
    facts: dict[str, object] = {
        "outcome.outcome": outcome,
        "outcome.decided_at": now,
        "outcome.communicated_at": now,
        "outcome.escalation_offered": entered.escalation_offered or None,
    }
    if entered.response.strip():
        facts["outcome.response"] = entered.response.strip()
    if entered.redress_cents is not None:
        facts["outcome.redress_cents"] = entered.redress_cents
    return facts
