"""Whether anything was altered, removed or slipped in since it was written down, and what first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import orm

from app.models.chain import JournalEntry, JournalHead, Removal
from app.models.journaled import SOURCES, Source, not_entered, rows_by_key
from app.models.vault import Vault
from app.services.remove_content import removal_mark
from app.services.seal_journal import GENESIS, head_mark, next_link

_CHUNK: Final = 500
_STRANGERS: Final = 100  # rows without an entry that are told of at most


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is not as it was written down."""

    number: int | None  # of the entry; None for what has none
    source: str
    row_key: str
    what: str
    written_at: datetime | None  # when it was entered; None for what was not

    def __str__(self) -> str:
        """The fault as a line."""
        where = f"entry {self.number}" if self.number is not None else "no entry"
        at = f", entered {self.written_at:%Y-%m-%d %H:%M:%S} UTC" if self.written_at else ""
        return f"{self.source} {self.row_key} ({where}{at}): {self.what}"


@dataclass(frozen=True, slots=True)
class Head:
    """A position in the journal, as somebody else may have kept it."""

    number: int
    link: str  # hexadecimal

    @classmethod
    def read(cls, text: str) -> Head:
        """What `str` gave.

        Raises:
            ValueError: if it is no position.
        """
        number, _, link = text.partition(":")
        return cls(int(number), bytes.fromhex(link).hex())

    def __str__(self) -> str:
        """The position as one word."""
        return f"{self.number}:{self.link}"


def newest_head(session: orm.Session) -> Head:
    """How far the journal reaches; worth keeping elsewhere, where who can alter the database cannot."""
    head = session.get(JournalHead, 1)
    return Head(head.number, head.link.hex()) if head is not None else Head(0, "")


def verify_journal(session: orm.Session, vault: Vault, *, kept: Head | None = None) -> Iterator[Fault]:
    """Every fault, in the order of the journal; rows without an entry come last.

    Rows of the last seconds have no entry yet and are no fault.

    Args:
        kept: a position that was noted elsewhere: the journal must still hold it.
    """
    positions, fault = _positions(session, vault, kept)
    if fault is not None:
        yield fault
    removals = _removals(session)
    yield from _forged_removals(vault, removals)
    link, number = GENESIS, 0
    while True:
        entries = _entries(session, number, _CHUNK)
        if not entries:
            break
        yield from _chunk(session, vault, entries, number, link, removals, positions)
        number, link = entries[-1].number, entries[-1].link
        session.expunge_all()
    yield from _end(number, positions)
    yield from _strangers(session, vault)


def check_part(session: orm.Session, vault: Vault, after: int, limit: int) -> tuple[int, Fault | None]:
    """Verify the entries after a number; gives the last one's number, and the first fault.

    Gives 0 when the end has been reached.
    """
    positions, fault = _positions(session, vault, None)
    if fault is not None:
        return 0, fault
    before = session.get(JournalEntry, after) if after else None
    entries = _entries(session, after, limit)
    if not entries:
        return 0, next(_end(after, positions), None) or next(_strangers(session, vault), None)
    removals = _removals(session)
    link = before.link if before is not None else GENESIS
    return entries[-1].number, next(_chunk(session, vault, entries, after, link, removals, positions), None)


def _entries(session: orm.Session, after: int, limit: int) -> Sequence[JournalEntry]:
    query = sa.select(JournalEntry).where(JournalEntry.number > after).order_by(JournalEntry.number).limit(limit)
    return session.scalars(query.execution_options(populate_existing=True)).all()


def _chunk(
    session: orm.Session,
    vault: Vault,
    entries: Sequence[JournalEntry],
    number: int,
    link: bytes,
    removals: dict[tuple[str, str], Removal],
    positions: dict[int, str],
) -> Iterator[Fault]:
    wanted: defaultdict[str, list[str]] = defaultdict(list)
    for entry in entries:
        wanted[entry.source].append(entry.row_key)
    sources = {source.name: source for source in SOURCES}
    rows = {name: rows_by_key(session, sources[name], keys) for name, keys in wanted.items() if name in sources}
    for entry in entries:
        if entry.number != number + 1:
            yield Fault(number + 1, "journal", str(number + 1), "the entry is missing", None)
        expected = next_link(
            vault, link, entry.number, entry.at, entry.source, entry.row_key, entry.subject, entry.digest
        )
        if expected != entry.link and entry.number == number + 1:
            yield Fault(entry.number, "journal", str(entry.number), "the entry was altered", entry.at)
        if positions.get(entry.number, entry.link.hex()) != entry.link.hex():
            yield Fault(entry.number, "journal", str(entry.number), "is not the entry that was noted", entry.at)
        what = _fault_of_row(sources.get(entry.source), rows, entry, removals)
        if what is not None:
            yield Fault(entry.number, entry.source, entry.row_key, what, entry.at)
        number, link = entry.number, entry.link


def _fault_of_row(
    source: Source | None,
    rows: dict[str, dict[str, Any]],
    entry: JournalEntry,
    removals: dict[tuple[str, str], Removal],
) -> str | None:
    if source is None:
        return "belongs to no table that is known"
    row = rows[entry.source].get(entry.row_key)
    if row is None:
        return None if (entry.subject, "retired") in removals else "the row is missing"
    if source.digest(row) != entry.digest:
        return "the row was altered"
    if source.is_erased(row) and (entry.subject, "erased") not in removals:
        return "the row was emptied without a certificate"
    return None


def _removals(session: orm.Session) -> dict[tuple[str, str], Removal]:
    return {(each.subject, each.kind): each for each in session.scalars(sa.select(Removal))}


def _forged_removals(vault: Vault, removals: dict[tuple[str, str], Removal]) -> Iterator[Fault]:
    for each in list(removals.values()):
        if removal_mark(vault, each.subject, each.kind, each.at, each.basis) != each.mark:
            removals.pop((each.subject, each.kind))
            yield Fault(None, "removals", str(each.id), "was not written by this office", None)


def _positions(session: orm.Session, vault: Vault, kept: Head | None) -> tuple[dict[int, str], Fault | None]:
    """The links that entries must have, by number: at the end of the journal, and at the position noted elsewhere."""
    positions = {kept.number: kept.link} if kept is not None else {}
    head = session.get(JournalHead, 1, populate_existing=True)
    if head is None:
        any_entry = session.scalar(sa.select(JournalEntry.number).limit(1))
        fault = "the mark at the end of the journal is missing"
        return positions, Fault(None, "journal_head", "1", fault, None) if any_entry else None
    if head.mark != head_mark(vault, head.number, head.link):
        return positions, Fault(None, "journal_head", "1", "the mark at the end of the journal was altered", None)
    if head.number:
        positions.setdefault(head.number, head.link.hex())
    return positions, None


def _end(number: int, positions: dict[int, str]) -> Iterator[Fault]:
    last = max(positions, default=0)
    if last > number:
        what = f"the end of the journal is missing, {last - number} entries"
        yield Fault(number + 1, "journal", str(number + 1), what, None)


def _strangers(session: orm.Session, vault: Vault) -> Iterator[Fault]:
    """Rows that cannot be entered, because nobody of this office sealed them."""
    for source in SOURCES:
        for row, _ in not_entered(session, source, thorough=True, limit=_STRANGERS):
            if not source.is_ours(vault, row):
                yield Fault(None, source.name, source.key(row), "the row was put there by somebody else", None)
