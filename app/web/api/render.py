"""From rows to what the API gives out."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import orm

from app.analytics.cancellations import CancellationRow
from app.analytics.case_file import CaseFile, spoken_text
from app.analytics.ledger import Ledger
from app.models.call import Call
from app.models.case import Case, version_of
from app.models.promise import Attempt, Promise, open_promise_of_case
from app.models.vault import Vault
from app.promising.proof import THIS
from app.services.call_evidence import Moment
from app.services.take_turn import heard_values
from app.web.api.schemas import (
    AttemptOut,
    CallOut,
    CancellationOut,
    CaseEventOut,
    CaseOut,
    CaseWritten,
    ForewarningOut,
    KeyOut,
    LedgerOut,
    MomentOut,
    PromiseMade,
    PromiseOfCase,
    PromiseOut,
    ReceiptOut,
    ReminderOut,
    SentenceOut,
    SlotOut,
    TextMessageOut,
    VerdictOut,
)


def case_out(file: CaseFile) -> CaseOut:
    """A case."""
    case, record, promise = file.case, file.record, file.promise
    return CaseOut(
        protocol=case.protocol,
        kind=case.kind,
        status=case.status,
        severity=case.severity,
        channel=case.channel,
        language=case.language,
        hotline=case.hotline,
        phone=file.phone or None,
        received_at=case.received_at,
        effective_at=case.effective_at,
        cancellation=_cancellation_out(file.cancellation) if file.cancellation is not None else None,
        closed_at=case.closed_at,
        demand_type=record.matter.demand_type,
        version=len(file.history),
        completeness=record.completeness(),
        promise=PromiseOfCase(
            due_at=promise.due_at,
            status=promise.status,
            spoken_text=file.spoken_text,
            latest_start_at=promise.latest_start_at,
            at_risk=promise.at_risk,
        )
        if promise is not None
        else None,
        owner=file.owner.email if file.owner else None,
        outcome=case.outcome,
        events=[CaseEventOut(at=e.at, kind=e.kind, actor=e.actor, details=e.details) for e in file.history],
        record=record,
    )


def _cancellation_out(row: CancellationRow) -> CancellationOut:
    it, terms = row.cancellation, row.terms
    receipts = [("text", item) for item in row.texts] + [("email", item) for item in row.letters]
    return CancellationOut(
        contract=terms.get("number"),
        found_by=it.found_by or None,
        subject=terms.get("subject"),
        ends=it.ends,
        ends_on=it.ends_on,
        ends_chosen_at=it.ends_chosen_at,
        withdraw_until=it.withdraw_until,
        withdrawal=it.withdrawal,
        withdrawn_at=it.withdrawn_at,
        legal_ref=it.legal_ref or None,
        keys=it.keys,
        seconds=it.seconds,
        receipts=[
            ReceiptOut(medium=medium, queued_at=item.created_at, status=item.status, cause=item.cause)
            for medium, item in receipts
        ],
    )


def call_out(vault: Vault, call: Call, protocols: Sequence[str]) -> CallOut:
    """A call."""
    return CallOut(
        network_id=call.network_id,
        hotline=call.hotline,
        channel=call.channel,
        called=call.called,
        caller=vault.open(call.caller, f"calls:caller:{call.key}") or None,
        language=call.language,
        started_at=call.started_at,
        ended_at=call.ended_at,
        seconds=call.seconds,
        status=call.status,
        protocols=list(protocols),
    )


def moment_out(moment: Moment) -> MomentOut:
    """One turn of a call as evidence."""
    return MomentOut(
        number=moment.number,
        at=moment.at,
        flow_version=moment.flow_version,
        node=moment.node,
        language=moment.language,
        heard=heard_values(moment.heard),
        sentences=[SentenceOut(text=each.text, seconds=each.seconds, played=each.played) for each in moment.sentences],
        keys=[KeyOut(key=each.key, leads_to=each.leads_to, announced=each.announced) for each in moment.keys],
        seconds=moment.seconds,
        same=moment.same,
    )


def promise_out(vault: Vault, promise: Promise) -> PromiseOut:
    """A promise with its attempts."""
    return PromiseOut(
        id=promise.id,
        protocol=promise.case.protocol,
        status=promise.status,
        hotline=promise.hotline,
        language=promise.language,
        urgent=promise.urgent,
        at_risk=promise.at_risk,
        made_at=promise.made_at,
        not_before_at=promise.not_before_at,
        due_at=promise.due_at,
        latest_start_at=promise.latest_start_at,
        legal_due_at=promise.legal_due_at,
        ended_at=promise.ended_at,
        cause=promise.cause,
        spoken_text=spoken_text(vault, promise),
        attempts=[_attempt_out(attempt) for attempt in promise.attempts],
    )


def promise_made(promise: Promise) -> PromiseMade:
    """A promise as it was given, without a word about the person."""
    return PromiseMade(
        id=promise.id,
        status=promise.status,
        made_at=promise.made_at,
        not_before_at=promise.not_before_at,
        due_at=promise.due_at,
        latest_start_at=promise.latest_start_at,
        legal_due_at=promise.legal_due_at,
        at_risk=promise.at_risk,
    )


def case_written(session: orm.Session, case: Case) -> CaseWritten:
    """Where a case stands after a write."""
    session.flush()
    promise = open_promise_of_case(session, case.id)
    return CaseWritten(
        protocol=case.protocol,
        status=case.status,
        version=version_of(session, case.id),
        promise=promise_made(promise) if promise is not None else None,
    )


def ledger_out(vault: Vault, found: Ledger) -> LedgerOut:
    """A promise with its whole life."""
    warned = found.forewarning
    return LedgerOut(
        promise=promise_out(vault, found.promise),
        flow_version=found.promise.flow_version,
        predecessor=found.predecessor.id if found.predecessor else None,
        successor=found.promise.successor_id,
        schedule=[
            SlotOut(
                starts_at=each.starts_at,
                ends_at=each.ends_at,
                languages=list(each.team.languages),
                skills=list(each.team.skills),
                agent=each.agent,
                promise=None if each.promise_id == THIS else each.promise_id,
            )
            for each in found.schedule
        ],
        verdicts=[
            VerdictOut(
                attempt=row.attempt,
                allowed=row.allowed,
                reason=row.reason,
                source=row.source,
                url=row.url,
                read_on=row.read_on,
                house_rule=row.is_house_rule,
            )
            for row in found.law
        ],
        reminders=[
            ReminderOut(level=each.level, said_at=each.said_at, to=list(names), seen_at=each.seen_at)
            for each, names in found.reminders
            if each.said_at is not None
        ],
        forewarning=ForewarningOut(
            foreseen_at=warned.foreseen_at,
            cause=warned.cause,
            offered_due_at=warned.offered_due_at,
            agreed_at=warned.agreed_at,
        )
        if warned
        else None,
        texts=[TextMessageOut(at=text.at, body=text.body, status=text.status) for text in found.texts],
        events=[CaseEventOut(at=e.at, kind=e.kind, actor=e.actor, details=e.details) for e in found.history],
    )


def _attempt_out(attempt: Attempt) -> AttemptOut:
    return AttemptOut(
        started_at=attempt.started_at,
        result=attempt.result,
        network_id=attempt.network_id,
        customer_network_id=attempt.customer_network_id,
        dialled_at=attempt.dialled_at,
        bridged_at=attempt.bridged_at,
        ended_at=attempt.ended_at,
    )
