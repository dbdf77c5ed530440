"""A list of recalls is brought in: new ones added, changed ones replaced, the rest left alone."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import BinaryIO, Final

import sqlalchemy as sa
from sqlalchemy import orm

from app.domain.errors import Invalid
from app.domain.recall import Recall
from app.domain.recall_forms import check_recall_columns, read_recall
from app.domain.row_file import read_rows
from app.domain.rows import BadRow, Row
from app.models.recall import RecallIdentifier, RecallRow

_BATCH: Final = 200


@dataclass(slots=True)
class Report:
    """What became of the rows of a list; every row is counted once in the first four."""

    imported: int = 0
    changed: int = 0  # here already, and published anew since
    unchanged: int = 0
    left_out: list[tuple[int, str]] = field(default_factory=list)  # number of the row, from 1, and problem
    doubtful_identifiers: int = 0  # bar codes listed incompletely or with a wrong check digit


def import_recalls(
    session: orm.Session,
    file: BinaryIO,
    *,
    name: str,
    now: datetime,
    after_batch: Callable[[int], None] = lambda rows: None,
) -> Report:
    """Bring in every recall of the list that can be read.

    Args:
        file: the CPSC's REST form, the former USA.gov form, or CSV, in binary.
        name: what to call it in messages.
        now: office time.
        after_batch: called with the number of rows read so far when all of them are whole in the database.

    Raises:
        BadFile: if this is no list of recalls; then nothing was imported.
    """
    report = Report()
    numbered = enumerate(read_rows(file, name, check_recall_columns), start=1)
    while batch := list(itertools.islice(numbered, _BATCH)):
        with session.begin_nested():
            _import_batch(session, _readable(batch, report), report, now)
        after_batch(batch[-1][0])
    return report


def _readable(batch: list[tuple[int, Row | BadRow]], report: Report) -> Iterator[Recall]:
    for number, row in batch:
        if isinstance(row, BadRow):
            report.left_out.append((number, f"line {row.line}: {row.problem}"))
            continue
        try:
            recall = read_recall(row.cells)
        except Invalid as fault:
            report.left_out.append((number, f"line {row.line}: {fault}"))
            continue
        report.doubtful_identifiers += len(recall.doubtful)
        yield recall


def _import_batch(session: orm.Session, recalls: Iterator[Recall], report: Report, now: datetime) -> None:
    wanted = list(recalls)
    found = session.scalars(sa.select(RecallRow).where(RecallRow.number.in_({recall.number for recall in wanted})))
    here = {(row.source, row.number): row for row in found}
    for recall in wanted:
        row = here.get((recall.source, recall.number))
        document = recall.model_dump(mode="json", exclude={"identifiers"})
        identifiers = [one.model_dump(mode="json") for one in recall.identifiers]
        if row is None:
            row = RecallRow(source=recall.source, number=recall.number)
            session.add(row)
            here[recall.source, recall.number] = row
            report.imported += 1
        elif row.document == {**document, "identifiers": identifiers}:
            report.unchanged += 1
            continue
        else:
            report.changed += 1
        _fill(row, recall, {**document, "identifiers": identifiers}, now)
    session.flush()


def _fill(row: RecallRow, recall: Recall, document: dict[str, object], now: datetime) -> None:
    row.published_on = recall.published_on
    row.title = recall.title
    row.hazards = list(recall.hazards)
    row.remedies = list(recall.remedies)
    row.contact = recall.contact
    row.url = recall.url
    row.document = document
    row.changed_at = now
    row.identifiers = [
        RecallIdentifier(
            kind=str(one.kind),
            written=one.written,
            normal=one.normal,
            digits=one.digits,
            is_listed=one.is_listed,
            is_doubtful=one.is_doubtful,
        )
        for one in recall.identifiers
    ]
