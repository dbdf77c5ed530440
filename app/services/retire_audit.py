"""Entries of the audit trail go after their term, a block at a time; that they went stays on record."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from app.compliance.audit_kept import audit_term, kept_since
from app.models.audit import AuditEntry
from app.models.chain import JournalEntry
from app.models.engines import Database
from app.models.journaled import AUDIT_BLOCK
from app.models.one_at_a_time import one_at_a_time
from app.models.vault import Vault
from app.services.remove_content import note_removal, permitted
from app.services.seal_journal import enter_all


def retire_audit(database: Database, vault: Vault, *, now: datetime, wall_now: datetime) -> int:
    """Remove the oldest block, if all of its entries have had their term; gives how many went.

    A block is `AUDIT_BLOCK` numbers: one removal in the journal vouches for all of it, and for nothing that came later.

    Args:
        now: office time, for the journal.
        wall_now: the machine's time, in which the trail is written.
    """
    since = kept_since(wall_now)
    with database.reads() as session:
        first = session.scalar(sa.select(sa.func.min(AuditEntry.id)).where(AuditEntry.at < since))
    if first is None:
        return 0
    with database.sessions.begin() as session:
        one_at_a_time(session, "retire")
        block = first // AUDIT_BLOCK
        within = AuditEntry.id.between(block * AUDIT_BLOCK, (block + 1) * AUDIT_BLOCK - 1)
        is_full = sa.exists().where(AuditEntry.id >= (block + 1) * AUDIT_BLOCK)
        is_young = sa.exists().where(within, AuditEntry.at >= since)
        if not session.scalar(sa.select(sa.and_(is_full, ~is_young))):
            return 0
        enter_all(session, vault, now=now)
        keys = [str(number) for number in session.scalars(sa.select(AuditEntry.id).where(within))]
        entered = (
            sa.select(JournalEntry.subject)
            .distinct()
            .where(JournalEntry.source == AuditEntry.__tablename__, JournalEntry.row_key.in_(keys))
        )
        for subject in session.scalars(entered).all():
            note_removal(session, vault, subject, "retired", audit_term().citation.text, at=now)
        with permitted(session):
            session.execute(sa.delete(AuditEntry).where(within))
    return len(keys)
