"""Rows as a file that a spreadsheet or another program reads; no cell of it is ever taken for a formula."""

from __future__ import annotations

import csv
import io
import itertools
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, BinaryIO, Final

from app.domain.errors import Invalid

FORMS: Final[Mapping[str, str]] = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""By form the media type."""

FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""With what a text begins that a spreadsheet may take for a formula, also in the wide letters of East Asia."""

_SHEET_ROWS: Final = 1_000_000  # a sheet holds 1,048,576
_ROWS_AT_ONCE: Final = 500


def write_text(form: str, columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    """The file piece by piece while the rows come.

    In CSV a cell that a spreadsheet would take for a formula, as it does with ``+49…``, begins with an apostrophe. JSON
    is one list of objects.

    Raises:
        Invalid: for another form than csv and json.
    """
    if form not in ("csv", "json"):
        raise Invalid("format", "is neither csv nor json")
    return _csv(columns, rows) if form == "csv" else _json(rows)


def _csv(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    remaining = iter(rows)
    while True:
        some = list(itertools.islice(remaining, _ROWS_AT_ONCE))
        writer.writerows([safe_cell(row[name]) for name in columns] for row in some)
        yield out.getvalue().encode()
        out.seek(0)
        out.truncate()
        if len(some) < _ROWS_AT_ONCE:
            return


def _json(rows: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    remaining = iter(rows)
    lead = "[\n"
    while some := [json.dumps(row, ensure_ascii=False) for row in itertools.islice(remaining, _ROWS_AT_ONCE)]:
        yield (lead + ",\n".join(some)).encode()
        lead = ",\n"
    yield (b"[]\n" if lead == "[\n" else b"\n]\n")


def safe_cell(value: Any) -> str:
    """A value as the text of a CSV cell that no spreadsheet takes for a formula; a number below 0 is none."""
    text = plain_cell(value)
    return "'" + text if text.startswith(FORMULA_STARTS) and not isinstance(value, int | float) else text


def plain_cell(value: Any) -> str:
    """A value as text: nothing for None, yes and no, lists with blanks between."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return " ".join(str(each) for each in value)
    return "" if value is None else str(value)


def write_sheet(
    out: BinaryIO,
    columns: Sequence[str],
    rows: Iterable[Mapping[str, Any]],
    go_on: Callable[[], object] = lambda: None,
) -> int:
    """Write an Excel workbook, a row at a time in bounded memory; gives how many rows. Texts never become formulas.

    Args:
        out: an open file that can be sought in.
        go_on: called after every few hundred rows.
    """
    from xlsxwriter import Workbook  # only who writes one waits for it

    safe = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = Workbook(out, {"constant_memory": True, "in_memory": False, **safe})
    bold = book.add_format({"bold": True})
    sheet: Any = None
    number = 0
    for number, row in enumerate(itertools.chain([None], rows)):
        if row is None or (number - 1) % _SHEET_ROWS == 0:
            if row is None or number > 1:
                sheet = book.add_worksheet()
                sheet.freeze_panes(1, 0)
                for column, name in enumerate(columns):
                    sheet.write_string(0, column, name, bold)
                sheet.set_column(0, len(columns) - 1, 22)
            if row is None:
                continue
        line = (number - 1) % _SHEET_ROWS + 1
        for column, name in enumerate(columns):
            value = row[name]
            if isinstance(value, int | float) and not isinstance(value, bool):
                sheet.write_number(line, column, value)
            elif value is not None:
                sheet.write_string(line, column, plain_cell(value))
        if number % _ROWS_AT_ONCE == 0:
            go_on()
    book.close()
    return number
