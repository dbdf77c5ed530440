"""The one standardized complaint record, "complaint-1" (T5): its parts, what is missing, its JSON Schema.

Nothing but the choice "complaint" is needed for a record to exist; what is unknown is null and lowers `completeness`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from pydantic import Field, JsonValue

from app.domain.complaint_groups import Assessment, Complainant, Matter, Outcome, Receipt
from app.domain.complaint_terms import About, OutcomeKind
from app.domain.complaint_types import Group, Text

SCHEME: Final = "complaint-1"
PATH: Final = f"/schemas/{SCHEME}.json"


class ComplaintRecord(Group):
    """A complaint, cancellation or recall enquiry in the standardized scheme."""

    scheme: Literal["complaint-1"] = Field(default="complaint-1", description="Name and version of the scheme.")
    receipt: Receipt = Field(default=Receipt(), description="A: how and when it came in.")
    complainant: Complainant = Field(default=Complainant(), description="B: who complains, and how to reply.")
    matter: Matter = Field(default=Matter(), description="C: what it is about.")
    assessment: Assessment = Field(default=Assessment(), description="D: how grave it is, what was said, what is owed.")
    outcome: Outcome = Field(default=Outcome(), description="E: how it ended.")
    source: Text | None = Field(default=None, description="Where the record was imported from; null if it is our own.")
    source_id: Text | None = Field(default=None, description="Its number there.")
    source_columns: tuple[str, ...] = Field(default=(), description="The columns it had there, in their order.")
    source_fields: Mapping[str, JsonValue] = Field(
        default_factory=dict, description="What the scheme cannot hold of it, word for word, by column."
    )

    def missing(self) -> tuple[str, ...]:
        """The required facts that are not known yet, as dotted names; ``a|b`` where one of several would do."""
        return tuple(wanted.name for wanted in WANTED if not wanted.is_met_by(self))

    def missing_for_closing(self) -> tuple[str, ...]:
        """The facts that are not known yet and must be before the matter is closed."""
        names = [*_CLOSING]
        if self.outcome.outcome in (OutcomeKind.REJECTED, OutcomeKind.UNTIMELY):
            names.append("outcome.escalation_offered")
        return tuple(name for name in names if fact_of(self, name) in _UNKNOWN)

    def completeness(self) -> int:
        """How much of the required facts is known, in percent; never falls when a fact is added.

        Source:
            The weights of `WANTED`, printed in docs/complaint-record.md.
        """
        return sum(wanted.weight for wanted in WANTED if wanted.is_met_by(self))

    def to_json(self) -> dict[str, Any]:
        """The whole record as JSON values, unknown facts as null."""
        return self.model_dump(mode="json")

    def to_stored(self) -> dict[str, Any]:
        """The record as JSON values without the unknown facts; `from_json` reads it."""
        return {"scheme": self.scheme, **self.model_dump(mode="json", exclude_defaults=True)}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> ComplaintRecord:
        """The record that `to_json` or `to_stored` gave.

        Raises:
            pydantic.ValidationError: if a value does not fit the scheme.
        """
        return cls.model_validate(value)

    def with_facts(self, facts: Mapping[str, object]) -> ComplaintRecord:
        """The record with some facts set, by dotted name: ``{"matter.product": "kettle"}``.

        Raises:
            KeyError: if there is no such group.
            pydantic.ValidationError: if a value does not fit, or there is no such field.
        """
        if not facts:
            return self
        value = self.model_dump()
        for name, fact in facts.items():
            *groups, last = name.split(".")
            part = value
            for group in groups:
                part = part[group]
            part[last] = fact
        return ComplaintRecord.model_validate(value)


_UNKNOWN: Final[tuple[object, ...]] = (None, ())
_CLOSING: Final = ("outcome.outcome", "outcome.response", "outcome.decided_at", "outcome.communicated_at")


def fact_of(record: ComplaintRecord, name: str) -> object:
    """The fact with a dotted name, such as ``matter.product``."""
    part: object = record
    for step in name.split("."):
        part = getattr(part, step)
    return part


@dataclass(frozen=True, slots=True)
class Wanted:
    """A required fact: what it weighs in the completeness, and which fields meet it (any one of them)."""

    weight: int  # percent
    fields: tuple[str, ...]
    unless: Callable[[ComplaintRecord], bool] = lambda _record: False

    @property
    def name(self) -> str:
        """Its fields, joined by ``|``."""
        return "|".join(self.fields)

    def is_met_by(self, record: ComplaintRecord) -> bool:
        """Whether the record holds it, or does not need it."""
        return self.unless(record) or any(fact_of(record, field) not in _UNKNOWN for field in self.fields)


def _is_service(record: ComplaintRecord) -> bool:
    return record.matter.about is About.SERVICE


WANTED: Final = (
    Wanted(5, ("receipt.received_at", "receipt.received_on")),
    Wanted(3, ("receipt.channel",)),
    Wanted(3, ("receipt.language",)),
    Wanted(4, ("receipt.recording_consent",)),
    Wanted(15, ("complainant.phone", "complainant.email", "complainant.postal_address")),
    Wanted(3, ("complainant.reply_medium",)),
    Wanted(5, ("matter.demand_type",)),
    Wanted(6, ("matter.kinds",)),
    Wanted(12, ("matter.product",)),
    Wanted(5, ("matter.issue",)),
    Wanted(15, ("matter.narrative", "receipt.recording_ref")),
    Wanted(6, ("matter.remedy_requested",)),
    Wanted(5, ("matter.injury",), unless=_is_service),
    Wanted(3, ("assessment.severity",)),
    Wanted(2, ("assessment.acknowledged_at",)),
    Wanted(1, ("assessment.regret_said",)),
    Wanted(1, ("assessment.process_explained",)),
    Wanted(6, ("assessment.promised_at",)),
)
"""The required facts (B2 among them: date, problem, product, contact); the weights add up to 100."""


def json_schema(base_url: str = "") -> dict[str, Any]:
    """The JSON Schema (2020-12) of the record as we give it out.

    Args:
        base_url: our public URL, without a slash at its end; "" gives a relative `$id`.
    """
    schema = ComplaintRecord.model_json_schema(mode="serialization")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": base_url + PATH,
        **schema,
        "title": "Complaint record",
    }
