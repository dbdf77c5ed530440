"""Complaints as the US CFPB publishes them, to our record and back without loss. Pure.

What the record can hold goes into its fields. Beside them `source_fields` keeps, word for word, each cell that writing
the record back would not give again: unknown columns, words without a counterpart, other spellings of a day. Such a
cell is written back for as long as the facts it stood for have not been changed here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from pydantic import JsonValue, ValidationError

from app.domain.cfpb_columns import CFPB, COLUMNS, ID, WORDS, Column, column_of
from app.domain.complaint import ComplaintRecord, fact_of
from app.domain.errors import BadFile, Invalid

ZONE: Final = ZoneInfo("America/New_York")  # the CFPB's seat; it publishes days without a time
_FEWEST_KNOWN: Final = 2
_DATES: Final = ("date_received", "date_sent_to_company")


def check_columns(names: Iterable[str], name: str, line: int) -> None:
    """Refuse a file that holds no CFPB complaints.

    Args:
        names: its headings, or the names in its first object.
        name: what to call the file in the message.
        line: where they stand.

    Raises:
        BadFile: if the complaint's number is missing, nearly nothing is known, or two names mean the same column.
    """
    found = [column.field for given in names if (column := column_of(given))]
    start = f"{name}:{line}:"
    if ID not in found or len(found) < _FEWEST_KNOWN:
        shown = ", ".join(repr(given) for given in list(names)[:6])
        raise BadFile([f"{start} no CFPB complaints: expected 'Complaint ID' and other columns, found {shown}"])
    if len(set(found)) < len(found):
        doubled = next(field for field in found if found.count(field) > 1)
        raise BadFile([f"{start} two columns mean {doubled!r}"])


def read_complaint(cells: Mapping[str, JsonValue]) -> ComplaintRecord:
    """The record of one row.

    Args:
        cells: by heading or field name, in the file's order; null where there is nothing.

    Raises:
        Invalid: if the number or a day is missing or wrong, or a cell does not fit the scheme.
    """
    facts: dict[str, object] = {
        "source": CFPB,
        "source_columns": tuple(_name_here(name) for name in cells),
        "receipt.language": "en",
        "matter.demand_type": "complaint",
        "receipt.recording_consent": {"status": "not_asked"},
        "outcome.status": "received",
    }
    named = {_name_here(name): value for name, value in cells.items()}
    if named.get(ID) in (None, ""):
        raise Invalid(ID, "is missing")
    for field in _DATES:
        if field in named and named[field] in (None, ""):
            raise Invalid(field, "is missing")
    for field, value in named.items():
        column = column_of(field)
        if column is not None and value not in (None, ""):
            facts.update(column.read(_as_text(value, field)))
    try:
        record = ComplaintRecord().with_facts(facts)
    except ValidationError as error:
        fault = error.errors()[0]
        raise Invalid(".".join(str(step) for step in fault["loc"]), fault["msg"].lower()) from error
    kept = {field: value for field, value in named.items() if _written(record, field) != value}
    return record.with_facts({"source_fields": kept})


def write_complaint(record: ComplaintRecord) -> dict[str, JsonValue]:
    """The row of a record by field name: the columns it came with, else all of them; then what was added since."""
    columns = record.source_columns if record.source == CFPB else tuple(column.field for column in COLUMNS)
    row = {field: cell_of(record, field) for field in columns}
    added = {column.field: column.write(record) for column in COLUMNS if column.field not in row}
    return row | {field: cell for field, cell in added.items() if cell is not None}


def cell_of(record: ComplaintRecord, field: str) -> JsonValue:
    """The cell of one column: as it came while it still says what the record says, else written anew."""
    if field not in record.source_fields:
        return _written(record, field)
    kept = record.source_fields[field]
    column = column_of(field)
    return kept if column is None or _still_holds(record, column, kept) else column.write(record)


def heading_of(field: str) -> str:
    """The heading of a column in CSV; a column the CFPB does not have keeps its name."""
    column = column_of(field)
    return column.heading if column else field


def unknown_words(record: ComplaintRecord) -> tuple[str, ...]:
    """The cells whose word is not in the CFPB's lists, as ``Submitted via: 'Pigeon'``; they are kept as they are."""
    kept = record.source_fields
    return tuple(
        f"{heading_of(field)}: {kept[field]!r}"
        for field, known in WORDS.items()
        if kept.get(field) not in (None, "") and kept[field] not in known
    )


def start_of_day(record: ComplaintRecord) -> datetime | None:
    """The beginning of the day it was received, at the CFPB's seat, aware; None if the export has no such column."""
    day = record.receipt.received_on
    return datetime.combine(day, time(), ZONE) if day else None


def _name_here(name: str) -> str:
    column = column_of(name)
    return column.field if column else name


def _as_text(value: JsonValue, field: str) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, (int, float)):
        return json.dumps(value)
    raise Invalid(field, f"expected a text, found {type(value).__name__}")


def _written(record: ComplaintRecord, field: str) -> JsonValue:
    column = column_of(field)
    return column.write(record) if column else None


def _still_holds(record: ComplaintRecord, column: Column, kept: JsonValue) -> bool:
    if kept in (None, ""):
        return column.write(record) is None
    return all(fact_of(record, name) == value for name, value in column.read(_as_text(kept, column.field)).items())
