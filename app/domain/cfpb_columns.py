"""The columns of the CFPB's Consumer Complaint Database: heading, field name, and the fact of ours each one holds.

Source:
    Field names: the OpenAPI description in github.com/cfpb/ccdb5-api; headings: complaints/ccdb/fields/csv.txt in
    github.com/cfpb/ccdb-data-pipeline. Read 2026-11-22.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, TypeAlias

from app.domain import cfpb_words as words
from app.domain.complaint import ComplaintRecord, fact_of
from app.domain.complaint_terms import Channel, HandlingStatus, OutcomeKind, PublicationConsent
from app.domain.days import read_day
from app.domain.errors import Invalid

Facts: TypeAlias = Mapping[str, object]
CFPB: Final = "cfpb"
ID: Final = "complaint_id"


@dataclass(frozen=True, slots=True)
class Column:
    """One column, and how to get from it to our facts and back."""

    heading: str  # in CSV exports
    field: str  # in the API and in JSON lines
    read: Callable[[str], Facts]  # facts by dotted name; a word it does not know gives facts that are None
    write: Callable[[ComplaintRecord], str | None]


def _text(heading: str, field: str, fact: str) -> Column:
    def write(record: ComplaintRecord) -> str | None:
        value = fact_of(record, fact)
        return None if value is None else str(value)

    return Column(heading, field, lambda cell: {fact: cell}, write)


def _day(heading: str, field: str, fact: str, instant: str) -> Column:
    def write(record: ComplaintRecord) -> str | None:
        day = fact_of(record, fact)
        if isinstance(day, date):
            return day.isoformat()
        at = fact_of(record, instant)
        return at.date().isoformat() if isinstance(at, datetime) else None

    return Column(heading, field, lambda cell: {fact: read_day(cell, field)}, write)


def _yes_no(heading: str, field: str, fact: str) -> Column:
    def write(record: ComplaintRecord) -> str | None:
        return {True: "Yes", False: "No"}.get(fact_of(record, fact) is True) if _is_known(record, fact) else None

    return Column(heading, field, lambda cell: {fact: words.YES_NO.get(cell)}, write)


def _is_known(record: ComplaintRecord, fact: str) -> bool:
    return fact_of(record, fact) is not None


def _read_response(cell: str) -> Facts:
    outcome, status = words.RESPONSES.get(cell, (None, HandlingStatus.RECEIVED))
    return {"outcome.outcome": outcome, "outcome.status": status}


def _write_response(record: ComplaintRecord) -> str | None:
    outcome, status = record.outcome.outcome, record.outcome.status
    if outcome is OutcomeKind.UNTIMELY:
        return words.RESPONSES_BACK[outcome]
    if status is HandlingStatus.CLOSED:
        return words.RESPONSES_BACK[outcome] if outcome else "Closed"
    if record.source == CFPB and status is HandlingStatus.RECEIVED:
        return None
    return "In progress"


def _read_tags(cell: str) -> Facts:
    tags = [part.strip() for part in cell.split(",") if part.strip()]
    return {"complainant.vulnerability_tags": tuple(words.TAGS.get(tag, tag) for tag in tags)}


def _write_tags(record: ComplaintRecord) -> str | None:
    back = {ours: theirs for theirs, ours in words.TAGS.items()}
    return ", ".join(back.get(tag, tag) for tag in record.complainant.vulnerability_tags) or None


def _write_consent(record: ComplaintRecord) -> str | None:
    back = {ours: theirs for theirs, ours in words.CONSENTS.items() if ours is not None}
    consent = record.receipt.publication_consent
    return back[PublicationConsent(consent)] if consent else None


def _write_channel(record: ComplaintRecord) -> str | None:
    return words.CHANNELS_BACK[Channel(record.receipt.channel)] if record.receipt.channel else None


def _read_id(cell: str) -> Facts:
    number = cell.strip()
    if not (number.isascii() and number.isdecimal()):
        raise Invalid(ID, f"expected digits, found {cell[:40]!r}")
    return {"source_id": number}


def _write_id(record: ComplaintRecord) -> str | None:
    return record.source_id if record.source == CFPB else record.receipt.protocol


COLUMNS: Final = (
    Column("Complaint ID", ID, _read_id, _write_id),
    _day("Date received", "date_received", "receipt.received_on", "receipt.received_at"),
    _text("Product", "product", "matter.product"),
    _text("Sub-product", "sub_product", "matter.sub_product"),
    _text("Issue", "issue", "matter.issue"),
    _text("Sub-issue", "sub_issue", "matter.sub_issue"),
    _text("Consumer complaint narrative", "complaint_what_happened", "matter.narrative"),
    _text("Company public response", "company_public_response", "outcome.response"),
    _text("Company", "company", "matter.company"),
    _text("State", "state", "complainant.region"),
    _text("ZIP code", "zip_code", "complainant.postal_code"),
    Column("Tags", "tags", _read_tags, _write_tags),
    Column(
        "Consumer consent provided?",
        "consumer_consent_provided",
        lambda cell: {"receipt.publication_consent": words.CONSENTS.get(cell)},
        _write_consent,
    ),
    Column(
        "Submitted via", "submitted_via", lambda cell: {"receipt.channel": words.CHANNELS.get(cell)}, _write_channel
    ),
    _day("Date sent to company", "date_sent_to_company", "assessment.forwarded_on", "assessment.forwarded_at"),
    Column("Company response to consumer", "company_response", _read_response, _write_response),
    _yes_no("Timely response?", "timely", "outcome.timely"),
    _yes_no("Consumer disputed?", "consumer_disputed", "outcome.disputed"),
)
"""In the order of the API."""

WORDS: Final[Mapping[str, Mapping[str, object]]] = {
    "submitted_via": words.CHANNELS,
    "consumer_consent_provided": words.CONSENTS,
    "company_response": words.RESPONSES,
    "timely": words.YES_NO,
    "consumer_disputed": words.YES_NO,
}
"""The columns with a fixed list of words."""

_BY_NAME: Final = {
    " ".join(name.casefold().split()): column for column in COLUMNS for name in (column.heading, column.field)
}


def column_of(name: str) -> Column | None:
    """The column with a heading or field name, capitals and blanks aside; None if the CFPB has none such."""
    return _BY_NAME.get(" ".join(name.casefold().split()))
