"""Complaints from a CFPB export become cases: row by row, each whole or not at all, and never twice."""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import BinaryIO, Final

import sqlalchemy as sa
from sqlalchemy import orm

from app.domain.cfpb import cell_of, check_columns, read_complaint, start_of_day, unknown_words
from app.domain.cfpb_columns import CFPB
from app.domain.complaint import ComplaintRecord
from app.domain.complaint_terms import HandlingStatus
from app.domain.errors import Invalid
from app.domain.protocol import RANDOM_DIGITS, new_protocol
from app.domain.row_file import read_rows
from app.domain.rows import BadRow, Row
from app.models.case import Case
from app.models.journal import IMPORT, note
from app.models.records import open_record, seal_record
from app.models.vault import Vault

_BATCH: Final = 500
_TRIES: Final = 20


@dataclass(slots=True)
class Report:
    """What became of the rows of a file; every row is counted once in the first three."""

    imported: int = 0
    unchanged: int = 0  # here already
    left_out: list[tuple[int, str]] = field(default_factory=list)  # physical line and problem
    remarks: list[tuple[int, str]] = field(default_factory=list)  # physical line and what is worth knowing

    def add(self, other: Report) -> None:
        """Count another report's rows too."""
        self.imported += other.imported
        self.unchanged += other.unchanged
        self.left_out += other.left_out
        self.remarks += other.remarks


@dataclass(frozen=True, slots=True)
class _Readable:
    row: Row
    record: ComplaintRecord

    @property
    def id(self) -> str:
        return self.record.source_id or ""


def import_complaints(
    session: orm.Session,
    vault: Vault,
    file: BinaryIO,
    *,
    name: str,
    hotline: str,
    now: datetime,
    after_batch: Callable[[], None] = lambda: None,
) -> Report:
    """Make a case of every row that can be read; rows that are here already stay as they are.

    Args:
        file: a CFPB export, CSV or JSON, in binary.
        name: what to call it in messages.
        hotline: the hotline the cases belong to.
        now: office time; the cases' protocol numbers begin with its year.
        after_batch: called when some hundred rows are whole in the database; who commits here keeps the database
            free for calls in between, and an interrupted import is taken up by importing again.

    Raises:
        BadFile: if this is no CFPB export; then nothing was imported.
    """
    report = Report()
    rows = _readable(read_rows(file, name, check_columns), report)
    while batch := list(itertools.islice(rows, _BATCH)):
        report.add(_import_or_try_again(session, vault, batch, hotline=hotline, now=now))
        after_batch()
    return report


def _readable(rows: Iterator[Row | BadRow], report: Report) -> Iterator[_Readable]:
    for row in rows:
        if isinstance(row, BadRow):
            report.left_out.append((row.line, row.problem))
            continue
        try:
            record = read_complaint(row.cells)
        except Invalid as fault:
            report.left_out.append((row.line, str(fault)))
            continue
        report.remarks += [(row.line, f"not in the CFPB's lists, kept: {word}") for word in unknown_words(record)]
        yield _Readable(row, record)


def _import_or_try_again(
    session: orm.Session, vault: Vault, batch: list[_Readable], *, hotline: str, now: datetime
) -> Report:
    try:
        with session.begin_nested():
            return _import_batch(session, vault, batch, hotline=hotline, now=now)
    except sa.exc.IntegrityError:  # another import brought some of these rows in meanwhile; now they are seen
        with session.begin_nested():
            return _import_batch(session, vault, batch, hotline=hotline, now=now)


def _import_batch(session: orm.Session, vault: Vault, batch: list[_Readable], *, hotline: str, now: datetime) -> Report:
    report = Report()
    here = _records_here(session, vault, [readable.id for readable in batch])
    new: list[_Readable] = []
    for readable in batch:
        before = here.get(readable.id)
        if before is None:
            here[readable.id] = readable.record
            new.append(readable)
            continue
        report.unchanged += 1
        if any(cell_of(before, name) != cell_of(readable.record, name) for name in readable.record.source_columns):
            report.remarks.append((readable.row.line, f"complaint {readable.id} is here and reads otherwise; kept"))
    protocols = _free_protocols(session, len(new), now)
    cases = [
        _case(vault, readable.record, protocol, hotline=hotline, now=now)
        for readable, protocol in zip(new, protocols, strict=True)
    ]
    session.add_all(cases)
    session.flush()
    for case in cases:
        note(session, vault, case, "received", IMPORT, now, source=CFPB, channel=case.channel)
    session.flush()
    report.imported = len(cases)
    return report


def _records_here(session: orm.Session, vault: Vault, ids: list[str]) -> dict[str, ComplaintRecord]:
    """The records that an earlier import made of these numbers, and our own complaints exported under them."""
    imported = sa.and_(Case.source == CFPB, Case.source_id.in_(ids))
    own = sa.and_(Case.source != CFPB, Case.kind == "complaint", Case.protocol.in_(ids))
    cases = session.scalars(sa.select(Case).where(sa.or_(imported, own)))
    return {case.source_id if case.source == CFPB else case.protocol: open_record(vault, case) for case in cases}


def _free_protocols(session: orm.Session, count: int, now: datetime) -> list[str]:
    """Protocol numbers that no case has yet, each once."""
    free: set[str] = set()
    for _ in range(_TRIES):
        if len(free) == count:
            return sorted(free)
        drawn = {
            new_protocol(now, f"{secrets.randbelow(10**RANDOM_DIGITS):0{RANDOM_DIGITS}d}")
            for _ in range(count - len(free))
        }
        taken = session.scalars(sa.select(Case.protocol).where(Case.protocol.in_(drawn)))
        free |= drawn - set(taken)
    raise RuntimeError("no free protocol numbers were found")


def _case(vault: Vault, record: ComplaintRecord, protocol: str, *, hotline: str, now: datetime) -> Case:
    record = record.with_facts({"receipt.protocol": protocol, "receipt.hotline": hotline})
    received = start_of_day(record)
    closed = record.outcome.status is HandlingStatus.CLOSED
    case = Case(
        key=secrets.token_urlsafe(12),
        protocol=protocol,
        kind="complaint",
        status=str(record.outcome.status or HandlingStatus.RECEIVED),
        channel=str(record.receipt.channel or "referral"),  # the authority passed it on, however it came to it
        language=str(record.receipt.language),
        hotline=hotline,
        source=CFPB,
        source_id=record.source_id,
        received_at=received.astimezone(UTC) if received else now,
        outcome=str(record.outcome.outcome) if record.outcome.outcome else None,
        # The export does not tell when; retention then counts from today, never too short.
        closed_at=now if closed else None,
        changed_at=now,
    )
    seal_record(vault, case, record)
    return case
