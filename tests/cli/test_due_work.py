"""Whether there is work is asked again when something was written, and when time has come to it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from app.cli.due_work import DueWork
from app.cli.next_due import WATCHED
from app.cli.written_tables import WrittenTables
from app.models.engines import Database
from app.models.everything import Base
from app.models.outbox import OutboxItem

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def test_a_message_is_to_be_sent_from_its_time_on_until_it_is_gone(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/office.db", pool_size=1)
    Base.metadata.create_all(database.engine)
    work = DueWork(database, WrittenTables(database, WATCHED))
    before = work.sends(NINE)
    with database.sessions.begin() as session:
        session.add(OutboxItem(key="a", kind="text", payload=b"", created_at=NINE, next_at=NINE + SECOND))
    too_early, in_time, still = work.sends(NINE), work.sends(NINE + SECOND), work.sends(NINE + 9 * SECOND)
    with database.sessions.begin() as session:
        session.execute(sa.update(OutboxItem).values(status="sending", claimed_until=NINE + 20 * SECOND))
    held, let_go = work.sends(NINE + 10 * SECOND), work.sends(NINE + 21 * SECOND)
    with database.sessions.begin() as session:
        session.execute(sa.update(OutboxItem).values(status="sent"))
    gone = work.sends(NINE + 30 * SECOND)
    database.dispose()

    assert (before, too_early, in_time, still) == (False, False, True, True)
    assert (held, let_go, gone) == (False, True, False)
