"""What other systems send to be written; what is not named here is refused."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Annotated, Any, Final, Literal

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from app.domain.complaint_terms import About, ComplaintKind, Remedy, ReplyMedium
from app.domain.complaint_types import Cents, Currency, Email, Language
from app.domain.disposition import Disposition
from app.domain.points import Answer
from app.domain.recall_progress import Correction

_RFC3339: Final = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_NO_NUL: Final = r"^[^\x00]*$"


def _instant(value: Any) -> datetime:
    if not isinstance(value, str) or not _RFC3339.fullmatch(value):
        raise ValueError("is no instant; write it as 2026-03-02T09:00:00Z")
    try:
        return datetime.fromisoformat(value.upper().replace("Z", "+00:00")).astimezone(UTC)
    except OverflowError as error:
        raise ValueError("lies outside of all times") from error


def _day(value: Any) -> date:
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise ValueError("is no day; write it as 2026-03-02")
    return date.fromisoformat(value)


Instant = Annotated[AwareDatetime, BeforeValidator(_instant)]
Day = Annotated[date, BeforeValidator(_day)]
Line = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=_NO_NUL)]
Words = Annotated[str, StringConstraints(min_length=1, max_length=5_000, pattern=_NO_NUL)]
Phone = Annotated[str, StringConstraints(pattern=r"^[0-9+][0-9 ()./-]{1,38}[0-9]$")]
Money = Annotated[Cents, Field(le=10**10)]


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True, allow_inf_nan=False)


class ComplainantIn(_In):
    """Who complains, and how to reply; nobody has to give a name."""

    name: Line | None = None
    phone: Phone | None = Field(default=None, description="In any spelling.")
    email: Email | None = None
    postal_address: Line | None = None
    postal_code: Line | None = None
    region: Line | None = None
    on_behalf_of: Line | None = None
    accessibility_need: Line | None = None
    reply_medium: ReplyMedium | None = None
    contact_time: Line | None = Field(default=None, description="When they can be reached, in their words.")


class MatterIn(_In):
    """What it is about, in the fields of the standardized record (docs/complaint-record.md)."""

    kinds: tuple[ComplaintKind, ...] = ()
    about: About | None = None
    product: Line | None = None
    sub_product: Line | None = None
    brand: Line | None = None
    model: Line | None = None
    gtin: Line | None = None
    serial: Line | None = None
    batch: Line | None = None
    contract_or_order_no: Line | None = None
    purchased_on: Day | None = None
    delivered_on: Day | None = None
    sales_channel: Line | None = None
    issue: Line | None = None
    sub_issue: Line | None = None
    narrative: Words | None = Field(default=None, description="The customer's own words.")
    points: Annotated[tuple[Line, ...], Field(max_length=20)] = Field(
        default=(), description="Each is answered before the case is closed."
    )
    occurred_on: Day | None = None
    recurring: bool | None = None
    amount_cents: Money | None = None
    currency: Currency | None = None
    undue_charge: bool | None = Field(default=None, description="True suspends the charge at once.")
    remedy_requested: Remedy | None = None
    asked_for_remedy: Line | None = None
    injury: bool | None = Field(default=None, description="True puts the case first.")
    hazard: Line | None = None


class CallBack(_In):
    """A call that is wished for."""

    not_before_at: Instant | None = Field(default=None, description="Null: as soon as can be. At most 14 days ahead.")


class NewCase(_In):
    """A matter to be put on record."""

    kind: Literal["complaint", "recall", "information"]
    hotline: Line = Field(description="Its short name.")
    channel: Literal["web", "email", "post", "fax", "in_person", "chat", "referral"] = "web"
    language: Language | None = Field(default=None, description="BCP 47, one of the hotline's; null: its main one.")
    complainant: ComplainantIn = ComplainantIn()
    matter: MatterIn = MatterIn()
    call_back: CallBack | None = Field(default=None, description="Null: no call is promised.")


class NewPromise(_In):
    """A call to be promised about a case."""

    not_before_at: Instant | None = Field(default=None, description="Null: as soon as can be. At most 14 days ahead.")
    phone: Phone | None = Field(default=None, description="Null: the number on record.")


class MovedPromise(_In):
    """Another time for a promised call."""

    not_before_at: Instant | None = Field(description="Null: as soon as can be. At most 14 days ahead.")


class Withdrawal(_In):
    """The customer no longer wants the call."""


class NewNote(_In):
    """A note for the history of a case."""

    text: Words


class PointAnswer(_In):
    """How one point of the complaint was answered."""

    point: Line = Field(description="As it is listed.")
    answer: Answer


class NewOutcome(_In):
    """How a contact with the customer ended, as an agent would document it."""

    disposition: Disposition
    response: Words | None = Field(default=None, description="What the customer was told.")
    note: Words | None = None
    redress_cents: Money | None = Field(default=None, description="Money granted; bounded by the token's person.")
    escalation_offered: bool = Field(default=False, description="Whether the ways beyond us were told.")
    call_at: Instant | None = Field(default=None, description="When they want to be called again.")
    phone: Phone | None = Field(default=None, description="Another number to call.")
    may_ask: bool = Field(default=False, description="They agreed to be asked by text how satisfied they are.")
    answers: Annotated[tuple[PointAnswer, ...], Field(max_length=50)] = ()


class NumberMark(_In):
    """Whether somebody wants to be called by us."""

    phone: Phone = Field(description="In any spelling, with the country's code or as written at home.")
    refused: bool = Field(description="True: never call; false: the mark is taken away.")


class RecallIn(_In):
    """A recall, as a list of recalls has it."""

    number: Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=_NO_NUL)]
    title: Line
    date: Day | None = None
    product: Line | None = None
    description: Words | None = Field(default=None, description="Numbers that it mentions are found, too.")
    model: Words | None = Field(default=None, description="One or several, with commas.")
    upc: Words | None = None
    lot: Words | None = Field(default=None, description="Ranges, too: A100 to A250.")
    serial: Words | None = None
    hazard: Words | None = None
    remedy: Words | None = None
    what_to_do: Words | None = None
    risk: Line | None = None
    units: Line | None = None
    injuries: Words | None = None
    sold: Words | None = None
    manufacturer: Line | None = None
    country: Line | None = None
    contact: Words | None = None
    url: Line | None = None


class NewRecalls(_In):
    """Recalls for the catalogue; one that is there already is brought up to date."""

    recalls: Annotated[tuple[RecallIn, ...], Field(min_length=1, max_length=200)]


class RemedyDone(_In):
    """A remedy of a recall that was carried out."""

    recall: Line = Field(description="The authority's number of the recall that the customer was told of.")
    correction: Correction


class NewCharge(_In):
    """A charge that the customer calls undue."""

    invoice: Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=_NO_NUL)] | None = None


class ChargeVerdict(_In):
    """What becomes of a suspended charge."""

    decision: Literal["reversed", "stands"]
    reason: Annotated[str, StringConstraints(min_length=1, max_length=2_000, pattern=_NO_NUL)]
