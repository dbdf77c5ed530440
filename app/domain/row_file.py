"""Opens a file of rows, whatever its form."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO, TypeAlias

from app.domain.rows import BadRow, Form, Row, look_at
from app.domain.rows_csv import CsvRows
from app.domain.rows_json import read_json_lines, read_json_list

CheckColumns: TypeAlias = Callable[[Iterable[str], str, int], None]


def read_rows(stream: BinaryIO, name: str, check: CheckColumns) -> Iterator[Row | BadRow]:
    """The rows of a CSV file, JSON lines or a JSON list, in order.

    Args:
        stream: the file, read in binary from its beginning.
        name: what to call it in messages.
        check: is given the column names (of the heading, or of the first object), `name` and their line, and raises
            `BadFile` if they belong to another kind of file.

    Raises:
        BadFile: if the file is none of these, or `check` says so. Nothing has been read by then but one row.
    """
    form, lines = look_at(stream, name)
    if form is Form.CSV:
        table = CsvRows(lines, name)
        check(table.columns, name, table.line)
        yield from table
        return
    unchecked = True
    for row in read_json_lines(lines) if form is Form.JSON_LINES else read_json_list(lines):
        if unchecked and isinstance(row, Row):
            check(list(row.cells), name, row.line)
            unchecked = False
        yield row
