"""The five groups of the complaint record: receipt, complainant, matter, assessment, outcome."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from pydantic import Field, model_validator

from app.domain.complaint_terms import (
    About,
    Certainty,
    Channel,
    ComplaintKind,
    ConsentStatus,
    DemandType,
    EscalationBody,
    HandlingStatus,
    OutcomeKind,
    PublicationConsent,
    Remedy,
    ReplyMedium,
    Scale,
    Severity,
)
from app.domain.complaint_types import (
    E164,
    Cents,
    Currency,
    Digits,
    Email,
    Group,
    Instant,
    Language,
    Need,
    Text,
    Vin,
    fact,
)
from app.domain.gtin import GtinCheck, read_gtin

R, D, C, O = Need.REQUIRED, Need.DERIVED, Need.CLOSING, Need.OPTIONAL  # noqa: E741 - the letters of the scheme


class RecordingConsent(Group):
    """The consumer's answer to being recorded, as evidence."""

    status: ConsentStatus = ConsentStatus.NOT_ASKED
    method: Text | None = None  # announcement, keys, speech
    asked_at: Instant | None = None
    answered_at: Instant | None = None


class RecallMatch(Group):
    """What a look-up in the recall list gave."""

    certainty: Certainty = Certainty.UNCHECKED
    recall_number: Text | None = None


class Point(Group):
    """One point of the demand and its answer; all are answered before closing."""

    text: Text
    answer: Text | None = None


class Event(Group):
    """One entry of the append-only history."""

    at: Instant
    kind: Text
    actor: Text
    text: Text | None = None


class Receipt(Group):
    """How and when the complaint came in."""

    protocol: Digits | None = fact(
        1,
        D,
        "Number of the matter, told to the consumer on every channel.",
        iso="F unique id",
        cfpb="complaint_id",
        unit="ten digits, the last one a check digit",
    )
    received_at: Instant | None = fact(
        2, D, "When it came in; unknown where only the day is.", iso="F time", unit="UTC"
    )
    received_on: date | None = fact(
        2,
        D,
        "The local day it came in, from which deadlines count.",
        iso="F date",
        cfpb="date_received",
        unit="calendar day in `timezone`",
    )
    timezone: Text | None = fact(2, D, "Zone of the consumer's hotline.", unit="IANA zone name")
    channel: Channel | None = fact(3, D, "How it came in.", iso="F medium", cfpb="submitted_via")
    call_key: Text | None = fact(4, D, "The call it was made in; unknown if it came by another channel.")
    language: Language | None = fact(4, D, "Language the consumer speaks with us.", unit="BCP 47")
    hotline: Text | None = fact(5, D, "Short name of the hotline that was called.")
    received_by: Text | None = fact(
        5, D, "First receiver, who keeps it until it is handed over; `ivr` or a staff id.", iso="F receiver"
    )
    recording_consent: RecordingConsent | None = fact(6, R, "What was said to being recorded, how and when.")
    publication_consent: PublicationConsent | None = fact(
        6,
        O,
        "Whether the consumer's own words may be published; another consent than the one to recording.",
        cfpb="consumer_consent_provided",
    )
    recording_ref: Text | None = fact(7, D, "The network's id of the recorded account.")
    recording_seconds: Annotated[int, Field(ge=0)] | None = fact(7, D, "Length of that recording.", unit="seconds")
    recording_delete_not_before: date | None = fact(
        7, D, "Day before which the law keeps the recording.", unit="local day"
    )
    recording_delete_not_after: date | None = fact(7, D, "Day by which the recording is gone.", unit="local day")


class Complainant(Group):
    """Who complains, and how to reply."""

    name: Text | None = fact(8, O, "Name, if given; nobody has to.", iso="C 1 name")
    phone: E164 | None = fact(8, R, "Number to call back.", iso="C 1 phone", unit="E.164")
    email: Email | None = fact(8, R, "E-mail address.", iso="C 1 e-mail")
    postal_address: Text | None = fact(8, R, "Street and town.", iso="C 1 address")
    postal_code: Text | None = fact(
        8, O, "Postal code, also shortened or redacted: 30083, 300XX.", iso="C 1 postcode", cfpb="zip_code"
    )
    region: Text | None = fact(8, O, "State or region.", iso="C 1 town, country", cfpb="state")
    on_behalf_of: Text | None = fact(9, O, "For whom the caller acts; unknown if for themselves.", iso="C 2 acting for")
    vulnerability_tags: tuple[Text, ...] = fact(
        10, O, "Circumstances that ask for more care, told with consent.", cfpb="tags", many=True
    )
    accessibility_need: Text | None = fact(10, O, "What makes talking with us possible, such as text instead of voice.")
    reply_medium: ReplyMedium | None = fact(11, R, "How the consumer wants the answer.")
    contact_time: Text | None = fact(11, O, "When the consumer can be reached, in their words.")


class Matter(Group):
    """What the complaint is about."""

    demand_type: DemandType | None = fact(12, R, "What is wanted from us.", unit="Decreto 11.034/2022 art. 2")
    kinds: tuple[ComplaintKind, ...] = fact(
        12, R, "Which of the four kinds of complaint hold.", iso="F category", many=True
    )
    about: About | None = fact(13, O, "Whether a product or a service is concerned.", iso="C 3")
    company: Text | None = fact(13, O, "Company complained about.", cfpb="company")
    product: Text | None = fact(13, R, "Product or service concerned.", iso="C 3 description", cfpb="product")
    sub_product: Text | None = fact(13, O, "Closer kind of product.", iso="C 3 description", cfpb="sub_product")
    brand: Text | None = fact(13, O, "Brand.", iso="C 3 description")
    model: Text | None = fact(13, O, "Model, as spoken or keyed.", iso="C 3 description")
    gtin: Text | None = fact(
        14,
        O,
        "Number under the bar code; kept also when its check digit fails.",
        iso="C 3 reference",
        unit="GTIN, padded to 14 digits",
    )
    gtin_check: GtinCheck | None = fact(14, D, "What the check digit of `gtin` says.")
    serial: Text | None = fact(14, O, "Serial number.", iso="C 3 reference")
    batch: Text | None = fact(14, O, "Batch or lot.", iso="C 3 reference")
    vin: Vin | None = fact(14, O, "Vehicle identification number.", iso="C 3 reference", unit="ISO 3779")
    contract_or_order_no: Text | None = fact(15, O, "Contract, order or customer number.", iso="C 3 reference")
    purchased_on: date | None = fact(15, O, "Day of purchase.", iso="C 3 reference", unit="local day")
    delivered_on: date | None = fact(15, O, "Day of delivery; the guarantee runs from it.", unit="local day")
    sales_channel: Text | None = fact(15, O, "Where it was bought: shop, phone, internet, at the door.")
    issue: Text | None = fact(16, R, "Kind of problem.", iso="C 4, F category", cfpb="issue")
    sub_issue: Text | None = fact(16, O, "Closer kind of problem.", iso="C 4, F category", cfpb="sub_issue")
    narrative: Text | None = fact(
        17, R, "The consumer's own words.", iso="C 4 description", cfpb="complaint_what_happened"
    )
    points: tuple[Point, ...] = fact(17, O, "The points of the demand, each with its answer.", many=True)
    occurred_on: date | None = fact(18, O, "Day it happened.", iso="C 4 date", unit="local day")
    recurring: bool | None = fact(18, O, "Whether it happened before.", iso="F recurring")
    repeat_of: Digits | None = fact(18, O, "Protocol of the same person's earlier complaint on the same problem.")
    amount_cents: Cents | None = fact(19, O, "Amount in question.", unit="hundredths of `currency`")
    currency: Currency | None = fact(19, O, "Currency of the amounts.", unit="ISO 4217")
    undue_charge: bool | None = fact(19, O, "Whether a charge is said to be undue; then it is suspended at once.")
    charge_suspended_at: Instant | None = fact(19, O, "When the charge was suspended.", unit="UTC")
    remedy_requested: Remedy | None = fact(20, R, "Kind of remedy wished.", iso="C 5, F remedy")
    asked_for_remedy: Text | None = fact(20, O, "The remedy in the consumer's words.", iso="C 5")
    injury: bool | None = fact(
        21, R, "Whether somebody was hurt or is in danger; required for products.", iso="F severity"
    )
    hazard: Text | None = fact(21, O, "The danger, in words.", iso="F severity")
    recall_match: RecallMatch | None = fact(22, D, "What the look-up in the recall list gave.")

    @model_validator(mode="before")
    @classmethod
    def _judge_gtin(cls, values: Any) -> Any:
        if not isinstance(values, Mapping) or not isinstance(values.get("gtin"), str):
            return values
        read = read_gtin(values["gtin"])
        if read is None:
            return {**values, "gtin_check": GtinCheck.PARTIAL}
        return {**values, "gtin": read.digits, "gtin_check": read.check}


class Assessment(Group):
    """How grave it is, what we said, and what we owe."""

    severity: Severity | None = fact(23, R, "How grave it is.", iso="F severity")
    safety: Scale | None = fact(23, O, "Implication for safety.", iso="F severity")
    complexity: Scale | None = fact(23, O, "Complexity.", iso="F complexity")
    impact: Scale | None = fact(23, O, "Scope of the actual and potential effect.", iso="F impact")
    immediate_action: bool | None = fact(23, O, "Whether something must be done at once.", iso="F immediate action")
    acknowledged_at: Instant | None = fact(
        24, R, "When the caller was told that it is accepted (T6).", iso="F acknowledged", unit="UTC"
    )
    regret_said: bool | None = fact(24, R, "Whether regret was said (T6).")
    process_explained: bool | None = fact(24, R, "Whether it was told how it goes on (T7).")
    promised_at: Instant | None = fact(25, R, "By when the answer was promised (T9).", iso="F due date", unit="UTC")
    promise_kept_at: Instant | None = fact(25, D, "When the promise was kept; unknown while it is open.", unit="UTC")
    jurisdiction: Text | None = fact(26, D, "Whose law binds: br-sac, de, eu, us.")
    legal_due_at: Instant | None = fact(
        26, D, "By when the law wants the answer; unknown where it sets no limit.", unit="UTC"
    )
    legal_ref: Text | None = fact(26, D, "The rule that says so.")
    forwarded_at: Instant | None = fact(27, D, "When it was passed on; unknown where only the day is.", unit="UTC")
    forwarded_on: date | None = fact(
        27, D, "Day it was passed on.", iso="F action date", cfpb="date_sent_to_company", unit="local day"
    )
    owner: Text | None = fact(27, D, "Who answers for it now.", iso="F action name")
    competent: Text | None = fact(27, D, "Who is competent for it (T12).")
    authorised_to_cents: Cents | None = fact(
        27, D, "Up to what amount the owner may decide (T12).", unit="hundredths of `matter.currency`"
    )


class Outcome(Group):
    """How it ended."""

    status: HandlingStatus | None = fact(28, D, "Where the handling stands.", iso="F tracking")
    events: tuple[Event, ...] = fact(28, D, "History; entries are added, never changed.", iso="F tracking", many=True)
    outcome: OutcomeKind | None = fact(29, C, "What was done.", iso="F action taken", cfpb="company_response")
    response: Text | None = fact(30, C, "The answer in words.", iso="F response", cfpb="company_public_response")
    redress_cents: Cents | None = fact(
        30, O, "Money granted.", iso="F compensation", unit="hundredths of `matter.currency`"
    )
    decided_at: Instant | None = fact(30, C, "When it was decided.", iso="F resolved", unit="UTC")
    communicated_at: Instant | None = fact(
        30, C, "When the consumer was told.", iso="F complainant informed", unit="UTC"
    )
    proof_sent_at: Instant | None = fact(30, O, "When the written proof was sent.", unit="UTC")
    timely: bool | None = fact(
        31, D, "Whether the consumer was told by the promised and the legal time.", cfpb="timely"
    )
    accepted: bool | None = fact(32, O, "Whether the consumer accepts the answer.", iso="F closed")
    disputed: bool | None = fact(32, O, "Whether the consumer disputes the answer.", cfpb="consumer_disputed")
    satisfaction: Annotated[int, Field(ge=1, le=5)] | None = fact(
        32, O, "How satisfied the consumer is.", unit="1 to 5"
    )
    escalation_offered: bool | None = fact(
        33, O, "Whether the ways beyond us were told; needed to close by rejection.", iso="F closed"
    )
    escalated_to: EscalationBody | None = fact(33, O, "Where the consumer turned.")
    root_cause: Text | None = fact(34, O, "Cause of the problem (B3).", iso="F corrected")
    corrective_action: Text | None = fact(34, O, "Measure against it (B3).", iso="F corrected")
    closed_at: Instant | None = fact(
        35, D, "When the matter was closed; unknown while it is open.", iso="F closed", unit="UTC"
    )
    delete_not_before: date | None = fact(
        35, D, "Day before which the law keeps the record; unknown while it is open.", unit="local day"
    )
