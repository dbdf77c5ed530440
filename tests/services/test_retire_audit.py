"""The audit trail is kept for its term and no longer; what went is on record, and what is missing besides is found."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.models.audit import AuditEntry
from app.models.chain import Removal
from app.services.retire_audit import retire_audit
from app.services.seal_journal import seal_journal
from app.services.verify_journal import verify_journal


@pytest.fixture
def trail(runtime):
    """Two full blocks: one of four years ago, one whose last entries are of today."""
    now = runtime.wall.now()
    with runtime.database.sessions.begin() as session:
        for number in (1, 50, 99, 100, 150, 200):
            at = now - timedelta(days=4 * 366) if number < 150 else now
            key = f"k{number}"
            details = runtime.vault.seal({}, f"audit_entries:{key}")
            session.add(
                AuditEntry(id=1000 + number, key=key, at=at, action="desk.claim", subject="/x", details=details)
            )
    seal_journal(runtime.database, runtime.vault, now=runtime.clock.now())
    return runtime


def ids(runtime):
    with runtime.database.reads() as session:
        return list(session.scalars(sa.select(AuditEntry.id).order_by(AuditEntry.id)))


def test_a_block_goes_when_all_of_it_has_had_its_term_and_the_journal_tells_it_from_tampering(trail):
    told = {"now": trail.clock.now(), "wall_now": trail.wall.now()}

    assert retire_audit(trail.database, trail.vault, **told) == 3
    assert retire_audit(trail.database, trail.vault, **told) == 0
    assert ids(trail) == [1100, 1150, 1200]
    seal_journal(trail.database, trail.vault, now=trail.clock.now())
    with trail.database.reads() as session:
        assert list(verify_journal(session, trail.vault)) == []
        removal = session.scalars(sa.select(Removal)).one()
    assert (removal.subject, "BGB" in removal.basis) == ("audit:10", True)

    with trail.database.sessions.begin() as session:
        session.execute(sa.text("INSERT INTO removal_permits (key) VALUES ('x')"))
        session.execute(sa.delete(AuditEntry).where(AuditEntry.id == 1100))
        session.execute(sa.text("DELETE FROM removal_permits"))
    with trail.database.reads() as session:
        assert [fault.what for fault in verify_journal(session, trail.vault)] == ["the row is missing"]
