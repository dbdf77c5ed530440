"""Complaints are written as the CFPB publishes them, so that importing them again gives the same records."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Final, TextIO

import sqlalchemy as sa
from pydantic import JsonValue
from sqlalchemy import orm

from app.domain.cfpb import heading_of, write_complaint
from app.domain.cfpb_columns import COLUMNS
from app.models.case import Case
from app.models.records import open_record
from app.models.vault import Vault

_PAGE: Final = 500
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")


class ExportForm(StrEnum):
    """How the rows are written."""

    CSV = "csv"
    JSON_LINES = "jsonl"


def export_complaints(
    session: orm.Session,
    vault: Vault,
    out: TextIO,
    *,
    form: ExportForm = ExportForm.JSON_LINES,
    source: str | None = None,
    safe: bool = False,
) -> int:
    """Write every complaint, oldest import first, and give their number.

    JSON lines keep everything. CSV cannot tell an empty text from none, and writes both as an empty cell.

    Args:
        out: a text stream; for CSV opened with ``newline=""``.
        source: only the complaints of this source, such as ``cfpb`` or ``call``; None for all.
        safe: put an apostrophe before cells that a spreadsheet would take for a formula. For people who open the
            file in one; not for importing again.
    """
    if form is ExportForm.JSON_LINES:
        number = 0
        for row in _rows(session, vault, source):
            # Escaped, since some readers take signs such as U+2028 for the end of a line.
            out.write(json.dumps(row) + "\n")
            number += 1
        return number
    return _write_csv(session, vault, out, source, safe=safe)


def _write_csv(session: orm.Session, vault: Vault, out: TextIO, source: str | None, *, safe: bool) -> int:
    # Rows of several imports may differ in their columns; the heading must have them all, so rows are read twice.
    columns: dict[str, None] = {}
    for row in _rows(session, vault, source):
        columns.update(dict.fromkeys(row))
    columns = columns or {column.field: None for column in COLUMNS}
    # With \r\n as the end of a row, every cell that holds either sign is quoted.
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([_safe_cell(heading_of(name)) if safe else heading_of(name) for name in columns])
    number = 0
    for row in _rows(session, vault, source):
        cells = [_cell(row.get(name)) for name in columns]
        writer.writerow([_safe_cell(cell) for cell in cells] if safe else cells)
        number += 1
    return number


def _rows(session: orm.Session, vault: Vault, source: str | None) -> Iterator[Mapping[str, JsonValue]]:
    last = 0
    query = sa.select(Case).where(Case.kind == "complaint").order_by(Case.id).limit(_PAGE)
    if source is not None:
        query = query.where(Case.source == source)
    while cases := session.scalars(query.where(Case.id > last)).all():
        yield from (write_complaint(open_record(vault, case)) for case in cases)
        last = cases[-1].id


def _cell(value: JsonValue) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _safe_cell(cell: str) -> str:
    return "'" + cell if cell.startswith(_FORMULA_STARTS) else cell
