"""Rows of a file, read one at a time: CSV, JSON lines or a JSON list, told apart by what is in them.

Every row comes with the physical line it begins on. A bad row is a value and never ends the reading; a file that is
none of these is refused, with what it seems to be. Memory is bounded by the longest row.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import BinaryIO, Final

from pydantic import JsonValue

from app.domain.errors import BadFile

LONGEST_ROW: Final = 4 * 1024 * 1024  # characters; a consumer's account has some ten thousand
_NUMBERED = Iterator[tuple[int, str]]

_OTHER_FILES: Final = {
    b"PK\x03\x04": "a zip archive or a spreadsheet; unpack it, or save it as CSV",
    b"\x1f\x8b": "compressed; unpack it first",
    b"\xff\xfe": "UTF-16; save it as UTF-8",
    b"\xfe\xff": "UTF-16; save it as UTF-8",
    b"%PDF": "a PDF document",
    b"SQLite format": "an SQLite database",
    b"<": "HTML or XML, perhaps an error page",
}


class Form(StrEnum):
    """How the rows are written."""

    CSV = "csv"
    JSON_LINES = "jsonl"
    JSON_LIST = "json"


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its cells by column, in the file's order. An empty CSV cell is None."""

    line: int  # the physical line it begins on; the file's first is 1
    cells: Mapping[str, JsonValue]


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be read."""

    line: int
    problem: str


def look_at(stream: BinaryIO, name: str) -> tuple[Form, _NUMBERED]:
    """Tell what is in the file, and give its lines with their numbers.

    Bytes that are no UTF-8 come through as lone surrogates; `unfit` finds them, so that only their row is lost.

    Args:
        stream: the file, read in binary from its beginning.
        name: what to call it in messages.

    Raises:
        BadFile: if the file is empty or plainly another kind of file.
    """
    lines = _lines(stream, name)
    skipped: list[tuple[int, str]] = []
    for number, line in lines:
        skipped.append((number, line))
        if line.strip():
            break
    else:
        raise BadFile([f"{name}:1: the file is empty"])
    first = skipped[-1][1].lstrip()
    form = {"[": Form.JSON_LIST, "{": Form.JSON_LINES}.get(first[0], Form.CSV)
    return form, itertools.chain(skipped, lines)


def unfit(text: str) -> str | None:
    """Why a text cannot be stored; None if it can."""
    if "\x00" in text:
        return "holds a NUL character"
    if text.isascii() or not any("\ud800" <= sign <= "\udfff" for sign in text):
        return None
    return "is not valid UTF-8"


def _lines(stream: BinaryIO, name: str) -> _NUMBERED:
    number = 0
    while line := stream.readline(LONGEST_ROW + 1):
        number += 1
        if number == 1:
            line = line.removeprefix(b"\xef\xbb\xbf")
            _refuse_other_files(line, name)
        if len(line) > LONGEST_ROW:
            raise BadFile([f"{name}:{number}: a line of more than {LONGEST_ROW} bytes; is this a text file?"])
        yield number, line.decode("utf-8", errors="surrogateescape")


def _refuse_other_files(start: bytes, name: str) -> None:
    for magic, kind in _OTHER_FILES.items():
        if start.startswith(magic):
            raise BadFile([f"{name}:1: expected CSV or JSON lines, but this is {kind}"])
    if b"\x00" in start[:1000]:
        raise BadFile([f"{name}:1: expected CSV or JSON lines, but this is no text file"])
