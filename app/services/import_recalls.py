"""A list of recalls is brought in: new ones added, changed ones replaced, the rest left alone.

One batch is in memory at a time, however long the list.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, BinaryIO, Final, TypeAlias

import sqlalchemy as sa
from sqlalchemy import orm

from app.domain.errors import Invalid
from app.domain.recall import Recall
from app.domain.recall_forms import check_recall_columns, read_recall
from app.domain.row_file import read_rows
from app.domain.rows import BadRow, Row
from app.models.recall import RecallIdentifier, RecallRow

_BATCH: Final = 200
_MOST_KEPT: Final = 1000
_Name: TypeAlias = tuple[str, str]  # source and number
_Wanted: TypeAlias = dict[_Name, tuple[Recall, dict[str, Any]]]


@dataclass(slots=True)
class Report:
    """What became of the rows of a list; every row is counted once in the first three or in `bad_rows`."""

    imported: int = 0
    changed: int = 0  # here already, and published anew since
    unchanged: int = 0
    bad_rows: int = 0
    left_out: list[tuple[int, str]] = field(default_factory=list)  # number from 1, and problem, of the first thousand
    doubtful_identifiers: int = 0  # bar codes listed incompletely or with a wrong check digit


def import_recalls(
    session: orm.Session,
    file: BinaryIO,
    *,
    name: str,
    now: datetime,
    after_batch: Callable[[int], None] = lambda rows: None,
    on_bad_row: Callable[[int, str], None] = lambda number, problem: None,
) -> Report:
    """Bring in every recall of the list that can be read.

    Args:
        file: the CPSC's REST form, the former USA.gov form, or CSV, in binary.
        name: what to call it in messages.
        now: office time.
        after_batch: called with the number of rows read so far when all of them are whole in the database.
        on_bad_row: called with number and problem of each row that is left out, as it is read.

    Raises:
        BadFile: if this is no list of recalls; then nothing was imported.
    """
    report = Report()
    numbered = enumerate(read_rows(file, name, check_recall_columns), start=1)
    while batch := list(itertools.islice(numbered, _BATCH)):
        with session.begin_nested():
            _import_batch(session, _readable(batch, report, on_bad_row), report, now)
        after_batch(batch[-1][0])
    return report


def _readable(
    batch: list[tuple[int, Row | BadRow]], report: Report, on_bad_row: Callable[[int, str], None]
) -> Iterator[Recall]:
    for number, row in batch:
        recall = _recall_or_problem(row)
        if isinstance(recall, str):
            problem = f"line {row.line}: {recall}"
            report.bad_rows += 1
            if len(report.left_out) < _MOST_KEPT:
                report.left_out.append((number, problem))
            on_bad_row(number, problem)
            continue
        report.doubtful_identifiers += len(recall.doubtful)
        yield recall


def _recall_or_problem(row: Row | BadRow) -> Recall | str:
    if isinstance(row, BadRow):
        return row.problem
    try:
        return read_recall(row.cells)
    except Invalid as fault:
        return str(fault)


def _import_batch(session: orm.Session, recalls: Iterator[Recall], report: Report, now: datetime) -> None:
    wanted: _Wanted = {}
    for recall in recalls:
        document = recall.model_dump(mode="json")
        name = (recall.source, recall.number)
        if name in wanted:  # twice in one list: the later one counts
            same = wanted[name][1] == document
            report.unchanged, report.changed = report.unchanged + same, report.changed + (not same)
        wanted[name] = (recall, document)
    rows = session.scalars(sa.select(RecallRow).where(RecallRow.number.in_({number for _, number in wanted})))
    here = {name: row for row in rows if (name := (row.source, row.number)) in wanted}
    new = [name for name in wanted if name not in here]
    changed = [name for name, row in here.items() if row.document != wanted[name][1]]
    report.imported += len(new)
    report.changed += len(changed)
    report.unchanged += len(here) - len(changed)
    if new:
        ids = session.scalars(
            sa.insert(RecallRow).returning(RecallRow.id, sort_by_parameter_order=True),
            [_columns(*wanted[name], now) for name in new],
        ).all()
        _insert_identifiers(session, [(row_id, wanted[name][0]) for row_id, name in zip(ids, new, strict=True)])
    if changed:
        for name in changed:
            for column, value in _columns(*wanted[name], now).items():
                setattr(here[name], column, value)
        gone = sa.delete(RecallIdentifier).where(RecallIdentifier.recall_id.in_([here[name].id for name in changed]))
        session.execute(gone)
        _insert_identifiers(session, [(here[name].id, wanted[name][0]) for name in changed])
    session.flush()


def add_recall(session: orm.Session, recall: Recall, now: datetime) -> RecallRow:
    """Put one recall that is not here yet into the catalogue."""
    row = RecallRow(**_columns(recall, recall.model_dump(mode="json"), now))
    session.add(row)
    session.flush()
    _insert_identifiers(session, [(row.id, recall)])
    return row


def _columns(recall: Recall, document: dict[str, Any], now: datetime) -> dict[str, Any]:
    return {
        "source": recall.source,
        "number": recall.number,
        "published_on": recall.published_on,
        "title": recall.title,
        "hazards": list(recall.hazards),
        "remedies": list(recall.remedies),
        "contact": recall.contact,
        "url": recall.url,
        "document": document,
        "changed_at": now,
    }


def _insert_identifiers(session: orm.Session, recalls: list[tuple[int, Recall]]) -> None:
    rows = [
        {
            "recall_id": recall_id,
            "kind": str(one.kind),
            "written": one.written,
            "normal": one.normal,
            "digits": one.digits,
            "is_listed": one.is_listed,
            "is_doubtful": one.is_doubtful,
        }
        for recall_id, recall in recalls
        for one in recall.identifiers
    ]
    if rows:
        session.execute(sa.insert(RecallIdentifier), rows)


def analyze_recalls(session: orm.Session) -> None:
    """Tell the database how its tables of recalls look now, so that it uses their indexes from the first look-up on."""
    for table in (RecallRow, RecallIdentifier):
        session.execute(sa.text(f"ANALYZE {table.__tablename__}"))
