"""New rows get their entries in the journal: a few seconds after they were written, one process at a time.

Whoever writes the rows does not touch the chain, so that no turn waits for another one's.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

import sqlalchemy as sa
import structlog
from sqlalchemy import orm

from app.models.chain import JournalEntry, JournalHead
from app.models.engines import Database
from app.models.journaled import SOURCES, Source, not_entered
from app.models.one_at_a_time import one_at_a_time
from app.models.upsert import insert_absent
from app.models.vault import Vault

GENESIS: Final = b""
"""The link before the first entry."""

_AT_ONCE: Final = 500  # entries in one transaction; what writes meanwhile waits some hundredths of a second
_log = structlog.get_logger()


def seal_journal(database: Database, vault: Vault, *, now: datetime, thorough: bool = False) -> int:
    """Enter all rows that have no entry yet; gives how many.

    Args:
        now: office time.
        thorough: look at all rows, not only where new ones are to be expected.
    """
    sealed = 0
    for source in SOURCES:
        while True:
            with database.reads() as session:
                waiting = not_entered(session, source, thorough=thorough, limit=1)
            if not waiting:
                break
            with database.sessions.begin() as session:
                entered = enter(session, vault, source, now=now, thorough=thorough)
            sealed += entered
            if entered < _AT_ONCE:
                break
    return sealed


def enter_all(session: orm.Session, vault: Vault, *, now: datetime) -> None:
    """Enter whatever has no entry yet, in this transaction."""
    for source in SOURCES:
        while enter(session, vault, source, now=now, thorough=True) == _AT_ONCE:
            pass


def enter(session: orm.Session, vault: Vault, source: Source, *, now: datetime, thorough: bool) -> int:
    """Enter rows of one table, at most some hundred; gives how many."""
    one_at_a_time(session, "journal")
    head = _head(session, vault)
    number, link = head.number, head.link
    rows = []
    for row, subject in not_entered(session, source, thorough=thorough, limit=_AT_ONCE):
        if not source.is_ours(vault, row):
            _log.error("a row was not sealed by this office", source=source.name, row=source.key(row))
            continue
        number += 1
        digest = source.digest(row)
        link = next_link(vault, link, number, now, source.name, source.key(row), subject, digest)
        rows.append(
            {
                "number": number,
                "at": now,
                "source": source.name,
                "row_key": source.key(row),
                "subject": subject,
                "digest": digest,
                "link": link,
            }
        )
    if rows:
        session.execute(sa.insert(JournalEntry), rows)
        head.number, head.link, head.mark = number, link, head_mark(vault, number, link)
        session.flush()
    return len(rows)


def next_link(
    vault: Vault, before: bytes, number: int, at: datetime, source: str, row_key: str, subject: str, digest: bytes
) -> bytes:
    """The link of an entry: nobody makes it without the keys, and it holds all links before it."""
    return vault.mark("entry", before.hex(), number, at.isoformat(), source, row_key, subject, digest.hex())


def head_mark(vault: Vault, number: int, link: bytes) -> bytes:
    """What vouches for the end of the chain."""
    return vault.mark("head", number, link.hex())


def _head(session: orm.Session, vault: Vault) -> JournalHead:
    begin = {"number": 0, "link": GENESIS, "mark": head_mark(vault, 0, GENESIS), "checked_through": 0}
    insert_absent(session, JournalHead, {"id": 1, **begin}, ("id",))
    return session.get_one(JournalHead, 1, populate_existing=True)
