"""CSV with a heading, one row at a time, also where cells hold line breaks or a quote is out of place."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator
from typing import Final

from app.domain.errors import BadFile
from app.domain.rows import LONGEST_ROW, BadRow, Row, unfit

_DELIMITERS: Final = ",;\t"
_MOST_LINES: Final = 5_000  # of one row


class CsvRows:
    """The rows of one CSV file. The first row is the heading; its order is free."""

    def __init__(self, lines: Iterator[tuple[int, str]], name: str) -> None:
        """Read the heading.

        Raises:
            BadFile: if the heading has a column twice, an empty one, or cannot be read.
        """
        csv.field_size_limit(LONGEST_ROW)
        self._lines = lines
        self._waiting: deque[tuple[int, str]] = deque()
        self.line, heading = next(line for line in lines if line[1].strip())
        self._delimiter = max(_DELIMITERS, key=heading.count)
        cells = self._parse([heading])
        if isinstance(cells, str):
            raise BadFile([f"{name}:{self.line}: the heading cannot be read: {cells}"])
        self.columns = tuple(cell.strip() for cell in cells)
        doubled = sorted({column for column in self.columns if self.columns.count(column) > 1 or not column})
        if doubled or unfit(heading):
            fault = unfit(heading) or f"is there twice or empty: {doubled[0]!r}"
            raise BadFile([f"{name}:{self.line}: a column of the heading {fault}"])

    def __iter__(self) -> Iterator[Row | BadRow]:
        """Every row, good or bad; blank lines are passed over."""
        while (chunk := self._next_chunk()) is not None:
            number = chunk[0][0]
            if len(chunk) == 1 and not chunk[0][1].strip():
                continue
            cells = self._parse([line for _, line in chunk])
            problem = cells if isinstance(cells, str) else self._why_not(cells)
            if problem is None:
                yield Row(number, {c: cell or None for c, cell in zip(self.columns, cells, strict=True)})
                continue
            yield BadRow(number, problem)
            self._resume_within(chunk)

    def _next_chunk(self) -> list[tuple[int, str]] | None:
        """The lines of one row: as many as it takes until its quotes are balanced."""
        chunk: list[tuple[int, str]] = []
        quotes = size = 0
        while len(chunk) < _MOST_LINES and size < LONGEST_ROW:
            line = self._waiting.popleft() if self._waiting else next(self._lines, None)
            if line is None:
                break
            chunk.append(line)
            quotes += line[1].count('"')
            size += len(line[1])
            if quotes % 2 == 0:
                break
        return chunk or None

    def _parse(self, lines: list[str]) -> list[str] | str:
        """The cells of one row, or what is wrong with it."""
        if sum(line.count('"') for line in lines) % 2:
            return "a quoted cell is never closed"
        try:
            rows = list(csv.reader(lines, delimiter=self._delimiter, strict=True))
        except csv.Error as error:
            return f"no CSV: {error}"
        return rows[0] if len(rows) == 1 else "a quote is out of place"

    def _why_not(self, cells: list[str]) -> str | None:
        if len(cells) != len(self.columns):
            return f"{len(cells)} cells, but the heading has {len(self.columns)}"
        for column, cell in zip(self.columns, cells, strict=True):
            if problem := unfit(cell):
                return f"{column}: {problem}"
        return None

    def _resume_within(self, chunk: list[tuple[int, str]]) -> None:
        """Take up reading where, inside the lines of a bad row, a whole row stands on one line.

        A stray quote swallows the rows that follow it up to the next quote; they are not to be lost with it.
        """
        for place, (_, line) in enumerate(chunk[1:], start=1):
            cells = self._parse([line])
            if not isinstance(cells, str) and self._why_not(cells) is None:
                self._waiting.extendleft(reversed(chunk[place:]))
                return
        # Nothing there looks like a row. If the quote was never closed, this was not one row but all that was left.
        if len(chunk) > 1 and sum(line.count('"') for _, line in chunk) % 2:
            self._waiting.extendleft(reversed(chunk[1:]))
