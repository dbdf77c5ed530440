"""The tables that the journal vouches for: what a row of each is called, whose it is, and what its digest holds."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, TypeAlias

import sqlalchemy as sa
from sqlalchemy import orm

from app.models.audit import AuditEntry
from app.models.call import Call, LegEvent, Transcript, TurnRow
from app.models.case import Case, CaseEvent
from app.models.chain import JournalEntry, Removal
from app.models.erased import content_digest, is_erased
from app.models.hazard import SignalEvent
from app.models.office import SavedFlow
from app.models.recall_progress import RecallNotice
from app.models.vault import SealBroken, Vault

Rows: TypeAlias = sa.Select[*tuple[Any, ...]]
AUDIT_BLOCK: Final = 100
"""Entries of the audit trail that go together after their term, by their numbers."""

_LATE_ROWS: Final = 2_000  # ids that may be taken before and committed after those of a round
_LATE_TURNS: Final = timedelta(hours=2)  # office time; after the end of its call no turn comes later


@dataclass(frozen=True, slots=True)
class Source:
    """One table whose rows are only ever added."""

    name: str
    rows: Rows  # the row, and whose it is, in the order of adding
    key: Callable[[Any], str]
    find: Callable[[Sequence[str]], sa.ColumnElement[bool]]  # the rows with these keys
    plain: Callable[[Any], tuple[object, ...]]  # columns that stand there in clear
    sealed: Callable[[Any], bytes | None] = lambda _row: None
    place: Callable[[Any], str] = lambda _row: ""  # to which its sealed content is bound
    row_key: sa.ColumnElement[str] | None = None  # as SQL
    row_id: Any = None  # the column that counts up; None for tables without one

    def digest(self, row: Any) -> bytes:
        """What the journal keeps of a row; of sealed content only the digest, so that it may be erased."""
        sealed = self.sealed(row)
        values = [_written(value) for value in self.plain(row)]
        content = content_digest(sealed).hex() if sealed is not None else None
        return hashlib.sha256(json.dumps([self.name, *values, content]).encode()).digest()

    def is_erased(self, row: Any) -> bool:
        """Whether its content is gone."""
        sealed = self.sealed(row)
        return sealed is not None and is_erased(sealed)

    def is_ours(self, vault: Vault, row: Any) -> bool:
        """Whether its content was sealed with a key of ours, for this row."""
        sealed = self.sealed(row)
        if sealed is None or is_erased(sealed):
            return True
        try:
            vault.open(sealed, self.place(row))
        except (SealBroken, IndexError, ValueError):
            return False
        return True


def _written(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value


def _pairs(keys: Sequence[str]) -> sa.ColumnElement[bool]:
    calls = {key.rpartition(":")[0] for key in keys}
    return TurnRow.call_key.in_(calls)


def _ids(column: Any) -> Callable[[Sequence[str]], sa.ColumnElement[bool]]:
    return lambda keys: column.in_([int(key) for key in keys])


SOURCES: Final[tuple[Source, ...]] = (
    Source(
        "turns",
        sa.select(TurnRow, sa.literal("call:") + TurnRow.call_key).order_by(
            TurnRow.at, TurnRow.call_key, TurnRow.number
        ),
        lambda row: f"{row.call_key}:{row.number}",
        _pairs,
        lambda row: (row.call_key, row.number, row.at, row.node),
        lambda row: row.sealed,
        lambda row: f"turns:{row.call_key}:{row.number}",
        TurnRow.call_key + ":" + sa.cast(TurnRow.number, sa.Text),
    ),
    Source(
        "case_events",
        sa.select(CaseEvent, sa.literal("case:") + Case.key)
        .join(Case, Case.id == CaseEvent.case_id)
        .order_by(CaseEvent.id),
        lambda row: str(row.id),
        _ids(CaseEvent.id),
        lambda row: (row.id, row.case_id, row.at, row.kind, row.actor, row.key),
        lambda row: row.text,
        lambda row: f"case_events:{row.key}",
        sa.cast(CaseEvent.id, sa.Text),
        CaseEvent.id,
    ),
    Source(
        "leg_events",
        sa.select(LegEvent, sa.literal("leg:") + LegEvent.network_id).order_by(LegEvent.id),
        lambda row: str(row.id),
        _ids(LegEvent.id),
        lambda row: (row.id, row.network_id, row.kind, row.status, row.sequence, row.received_at, row.seconds),
        row_key=sa.cast(LegEvent.id, sa.Text),
        row_id=LegEvent.id,
    ),
    Source(
        "transcripts",
        sa.select(Transcript, sa.literal("call:") + Transcript.call_key).order_by(Transcript.id),
        lambda row: str(row.id),
        _ids(Transcript.id),
        lambda row: (row.id, row.call_key, row.sequence, row.at),
        lambda row: row.text,
        lambda row: f"transcripts:{row.call_key}:{row.sequence}",
        sa.cast(Transcript.id, sa.Text),
        Transcript.id,
    ),
    Source(
        "signal_events",
        sa.select(SignalEvent, sa.literal("signal:") + sa.cast(SignalEvent.signal_id, sa.Text)).order_by(
            SignalEvent.id
        ),
        lambda row: str(row.id),
        _ids(SignalEvent.id),
        lambda row: (row.id, row.signal_id, row.at, row.kind, row.actor, row.key),
        lambda row: row.text,
        lambda row: f"signal_events:{row.key}",
        sa.cast(SignalEvent.id, sa.Text),
        SignalEvent.id,
    ),
    Source(
        "recall_notices",
        sa.select(RecallNotice, sa.literal("recall:") + sa.cast(RecallNotice.recall_id, sa.Text)).order_by(
            RecallNotice.id
        ),
        lambda row: str(row.id),
        _ids(RecallNotice.id),
        lambda row: (
            row.id,
            row.recall_id,
            row.addressee,
            row.name,
            row.medium,
            row.number,
            row.sent_at,
            row.words,
            row.written_at,
            row.written_by,
        ),
        row_key=sa.cast(RecallNotice.id, sa.Text),
        row_id=RecallNotice.id,
    ),
    Source(
        "removals",
        sa.select(Removal, Removal.subject).order_by(Removal.id),
        lambda row: str(row.id),
        _ids(Removal.id),
        lambda row: (row.id, row.subject, row.kind, row.at, row.basis, row.mark.hex()),
        row_key=sa.cast(Removal.id, sa.Text),
        row_id=Removal.id,
    ),
    Source(
        "audit_entries",
        sa.select(AuditEntry, sa.literal("audit:") + sa.cast(AuditEntry.id // AUDIT_BLOCK, sa.Text)).order_by(
            AuditEntry.id
        ),
        lambda row: str(row.id),
        _ids(AuditEntry.id),
        lambda row: (row.id, row.key, row.at, row.staff_id, row.action, row.subject, row.view),
        lambda row: row.details,
        lambda row: f"audit_entries:{row.key}",
        sa.cast(AuditEntry.id, sa.Text),
        AuditEntry.id,
    ),
    Source(
        "saved_flows",
        sa.select(SavedFlow, sa.literal("flow:") + SavedFlow.version).order_by(SavedFlow.version),
        lambda row: str(row.version),
        lambda keys: SavedFlow.version.in_(keys),
        lambda row: (row.version, row.sources, row.saved_at),
        row_key=SavedFlow.version.expression,
    ),
)


def not_entered(session: orm.Session, source: Source, *, thorough: bool, limit: int) -> list[tuple[Any, str]]:
    """Rows without an entry, each with whose it is, in the order of adding.

    Args:
        thorough: look at all rows, not only where new ones are to be expected.
    """
    assert source.row_key is not None
    entered = sa.exists().where(JournalEntry.source == source.name, JournalEntry.row_key == source.row_key)
    query = source.rows.where(~entered)
    if thorough and session.get_bind().dialect.name == "postgresql":
        session.execute(
            sa.text("SET LOCAL statement_timeout = '50s'")
        )  # millions of rows take longer than any turn may
    if not thorough:
        query = _where_new_ones_are(session, source, query)
    return [(row, subject) for row, subject in session.execute(query.limit(limit))]


def _where_new_ones_are(session: orm.Session, source: Source, query: Rows) -> Rows:
    newest = session.execute(
        sa.select(JournalEntry.row_key, JournalEntry.at)
        .where(JournalEntry.source == source.name)
        .order_by(JournalEntry.number.desc())
        .limit(1)
    ).first()
    if newest is None:
        return query
    if source.row_id is not None:
        return query.where(source.row_id > int(newest.row_key) - _LATE_ROWS)
    if source.name != "turns":
        return query
    recent = sa.or_(Call.settled_at.is_(None), Call.settled_at > newest.at - _LATE_TURNS)
    return query.where(TurnRow.call_key.in_(sa.select(Call.key).where(recent)))


def rows_by_key(session: orm.Session, source: Source, keys: Iterable[str]) -> dict[str, Any]:
    """The rows with these keys that are there."""
    wanted = set(keys)
    found: dict[str, Any] = {}
    model = source.rows.column_descriptions[0]["entity"]
    query = sa.select(model).where(source.find(sorted(wanted))).execution_options(populate_existing=True)
    for row in session.scalars(query):
        if source.key(row) in wanted:
            found[source.key(row)] = row
    return found
