"""What the API gives out; the description at /api/v1/openapi.json is made from these models."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer

from app.domain.complaint import ComplaintRecord


def _rfc3339(instant: datetime) -> str:
    return instant.isoformat(timespec="microseconds" if instant.microsecond else "seconds").replace("+00:00", "Z")


Instant = Annotated[
    datetime, PlainSerializer(_rfc3339, return_type=str), Field(json_schema_extra={"format": "date-time"})
]


class _Out(BaseModel):
    model_config = ConfigDict(extra="forbid")


class PromiseOfCase(_Out):
    """What the customer was promised about a case: the open promise, else the newest one."""

    due_at: Instant
    status: str = Field(description="open, kept, kept_late, moved, discharged, unreachable, withdrawn, broken.")
    spoken_text: str | None = Field(description="The words in which it was given; null until spoken.")
    latest_start_at: Instant = Field(description="When calling must begin at the latest for all tries to fit.")
    at_risk: bool = Field(description="Whether no deadline was found that can surely be kept.")


class CaseEventOut(_Out):
    """One entry of a case's history; entries are added, never changed."""

    at: Instant
    kind: str
    actor: str = Field(description="ivr, clock, customer, or staff and a number.")
    details: dict[str, Any]


class ReceiptOut(_Out):
    """One receipt of a cancellation on its way."""

    medium: str = Field(description="text, email.")
    queued_at: Instant
    status: str = Field(description="waiting, sending, sent, failed, unsure.")
    cause: str | None = Field(description="Why it failed, or was put off; null if nothing did.")


class CancellationOut(_Out):
    """What is known of a cancellation; that it took effect, and when, stands with the case."""

    contract: str | None = Field(description="The number in the company's books; null if no contract was found.")
    found_by: str | None = Field(description="number, caller; null if no contract was found.")
    subject: str | None
    ends: str = Field(description="at_once, period, day.")
    ends_on: date | None = Field(description="Null: at once, or the end of the paid period is not known.")
    ends_chosen_at: Instant | None = Field(description="When the caller chose a later end; null if it ends at once.")
    withdraw_until: date | None = Field(description="Last day of the right of withdrawal; null if it is not known.")
    withdrawal: str | None = Field(description="reversal, credit; null if it was only cancelled.")
    withdrawn_at: Instant | None
    legal_ref: str | None
    keys: int | None = Field(description="Pressed from the ring until it was on record; null while not measured.")
    seconds: int | None = Field(description="From the ring until it was on record.")
    receipts: list[ReceiptOut]


class CaseOut(_Out):
    """A complaint, cancellation, recall enquiry or request for information."""

    protocol: str = Field(description="Ten digits, the last one a check digit.")
    kind: str = Field(description="complaint, cancellation, recall, information.")
    status: str = Field(description="received, in_progress, decided, closed, reopened.")
    severity: str = Field(description="low, normal, high, safety.")
    channel: str
    language: str = Field(description="BCP 47.")
    hotline: str
    phone: str | None = Field(description="Number to call back, E.164; null if none is known.")
    received_at: Instant
    effective_at: Instant | None = Field(description="When a cancellation took effect; null for anything else.")
    cancellation: CancellationOut | None = Field(description="Null for any other kind of case.")
    closed_at: Instant | None = Field(description="Null while it is open.")
    demand_type: str | None
    version: int = Field(description="Entries of its history; for `If-Match` with a write.")
    completeness: int = Field(description="How much of the required facts is known, in percent.", ge=0, le=100)
    promise: PromiseOfCase | None = Field(description="Null if nothing was promised.")
    owner: str | None = Field(description="The e-mail address of who answers for it; null until somebody took it.")
    outcome: str | None = Field(description="Null until decided.")
    events: list[CaseEventOut]
    record: ComplaintRecord = Field(description="The standardized record, with what a call that still lasts has told.")


class TurnOut(_Out):
    """One turn of a call: what was heard from the caller, and where it led."""

    number: int
    at: Instant
    node: str
    heard: dict[str, Any]


class SentenceOut(_Out):
    """One sentence of an answer, and how far it had been played when the next input came."""

    text: str
    seconds: float = Field(description="About how long it sounds, from the speech rate that prompts are checked by.")
    played: str = Field(description="whole, begun, not.")


class KeyOut(_Out):
    """A key that counted at that moment."""

    key: str
    leads_to: str = Field(description="The node that follows.")
    announced: str | None = Field(description="whole, begun, not; null if no sentence of this answer names the key.")


class MomentOut(_Out):
    """One turn as evidence: what came in, what was answered, and what the caller could press before the next one."""

    number: int
    at: Instant
    flow_version: str
    node: str
    language: str
    heard: dict[str, Any]
    sentences: list[SentenceOut]
    keys: list[KeyOut]
    seconds: float | None = Field(description="Until the next input or the end of the call; null while it lasts.")
    same: bool = Field(description="Whether the flows of that version give the same answer again, byte for byte.")


class CallOut(_Out):
    """One call that came in, or one conversation by text messages."""

    network_id: str
    hotline: str
    channel: str = Field(description="phone, or text: a conversation by text messages.")
    called: str
    caller: str | None = Field(description="E.164; null when withheld.")
    language: str
    started_at: Instant
    ended_at: Instant | None = Field(description="Null while it lasts.")
    seconds: int | None = Field(description="As the network told; null until then.")
    status: str
    protocols: list[str] = Field(description="The cases it opened.")


class AttemptOut(_Out):
    """One try to bring the customer and an agent together."""

    started_at: Instant
    result: str | None = Field(description="connected, busy, no_answer, …; null while it lasts.")
    network_id: str | None = Field(description="The agent's leg; null if it was never dialled.")
    customer_network_id: str | None = Field(description="The customer's leg; null if it was never dialled.")
    dialled_at: Instant | None = Field(description="When the customer's line was dialled; null if it never was.")
    bridged_at: Instant | None = Field(description="When both were connected; null if they never were.")
    ended_at: Instant | None


class PromiseOut(_Out):
    """A promise to call a customer back by a deadline."""

    id: int = Field(description="For /promises/{id}, its whole life.")
    protocol: str = Field(description="Of the case.")
    status: str
    hotline: str
    language: str
    urgent: bool
    at_risk: bool
    made_at: Instant
    not_before_at: Instant
    due_at: Instant
    latest_start_at: Instant
    legal_due_at: Instant | None
    ended_at: Instant | None = Field(description="Null while it is open.")
    cause: str | None = Field(description="Why it was broken, moved or withdrawn.")
    spoken_text: str | None
    attempts: list[AttemptOut]


class VerdictOut(_Out):
    """What the law said, as it was kept."""

    attempt: int | None = Field(description="The try that it was asked for, from 1 on; null: asked when promised.")
    allowed: bool
    reason: str
    source: str | None = Field(description="The citation; null: no rule was in force.")
    url: str = Field(description="Where it was read; empty for a house rule.")
    read_on: date | None
    house_rule: bool = Field(description="Whether no law stands behind it.")


class SlotOut(_Out):
    """A slot of the schedule that proved the promise."""

    starts_at: Instant
    ends_at: Instant
    languages: list[str] = Field(description="Of the team.")
    skills: list[str] = Field(description="Kinds of case that the team handles; none: every kind.")
    agent: int = Field(description="One of the team, from 1 on; a place and no person.")
    promise: int | None = Field(description="Who is called then; null: this promise.")


class ReminderOut(_Out):
    """A reminder to people of the office."""

    level: str = Field(description="owner at half of the slack, supervisor at a quarter.")
    said_at: Instant
    to: list[str] = Field(description="Names.")
    seen_at: Instant | None


class ForewarningOut(_Out):
    """What the customer was told before the promise could no longer be kept."""

    foreseen_at: Instant
    cause: str
    offered_due_at: Instant | None = Field(description="Null: no other time was found.")
    agreed_at: Instant | None


class TextMessageOut(_Out):
    """A text message to the customer about the promise."""

    at: Instant
    body: str
    status: str = Field(description="waiting, sending, sent, failed, unsure.")


class LedgerOut(_Out):
    """The whole life of a promise."""

    promise: PromiseOut
    flow_version: str | None = Field(description="Of the words; null where it was not given in a call.")
    predecessor: int | None = Field(description="The promise that was moved to this one.")
    successor: int | None = Field(description="The promise that this one was moved to.")
    schedule: list[SlotOut] = Field(description="What proved it; empty if nothing could.")
    verdicts: list[VerdictOut]
    reminders: list[ReminderOut]
    forewarning: ForewarningOut | None
    texts: list[TextMessageOut]
    events: list[CaseEventOut]


class CasePage(_Out):
    """Cases, newest first."""

    items: list[CaseOut]
    next_cursor: str | None = Field(description="For the next page; null on the last one.")


class CallPage(_Out):
    """Calls, newest first."""

    items: list[CallOut]
    next_cursor: str | None = Field(description="For the next page; null on the last one.")


class PromisePage(_Out):
    """Promises, newest first."""

    items: list[PromiseOut]
    next_cursor: str | None = Field(description="For the next page; null on the last one.")


class PromiseMade(_Out):
    """A promise as it was given."""

    id: int = Field(description="For /promises/{id}, its whole life.")
    status: str
    made_at: Instant
    not_before_at: Instant
    due_at: Instant
    latest_start_at: Instant
    legal_due_at: Instant | None
    at_risk: bool = Field(description="Whether no deadline was found that can surely be kept.")


class CaseWritten(_Out):
    """Where a case stands after a write."""

    protocol: str
    status: str
    version: int = Field(description="For `If-Match` with the next write.")
    promise: PromiseMade | None = Field(description="What is promised now; null: nothing.")


class NumberMarked(_Out):
    """What followed from the mark."""

    refused: bool
    promises_withdrawn: int


class RowLeftOut(_Out):
    """A recall that could not be taken."""

    row: int = Field(description="From 1 on.")
    problem: str


class RecallsTaken(_Out):
    """What became of the recalls; each is counted once."""

    imported: int
    changed: int
    unchanged: int
    left_out: list[RowLeftOut]


class ChargeStands(_Out):
    """Where a suspended charge stands."""

    protocol: str
    suspended_at: Instant
    decide_by: Instant
    decision: str | None = Field(description="reversed, stands; null until decided.")
    version: int = Field(description="Of the case.")


class LatestOut(_Out):
    """What happened last to the case: who was faster."""

    at: Instant
    kind: str
    actor: str
    version: int


class Problem(_Out):
    """What is wrong."""

    status: int
    code: str = Field(description="invalid, unauthorized, not_found, method_not_allowed, …")
    message: str
    field: str | None = Field(default=None, description="The parameter that cannot be used.")
    latest: LatestOut | None = Field(default=None, description="With 409 and 412 about a case: who was faster.")


class ErrorOut(_Out):
    """An error."""

    error: Problem
