"""What a process writes to its SQLite database is counted by table, as far as it matters, and by nobody else."""

from __future__ import annotations

from datetime import UTC, datetime

from app.cli.written_tables import WrittenTables
from app.models.engines import Database
from app.models.everything import Base
from app.models.staff import Staff

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_writes_count_where_they_matter(tmp_path):
    database = Database(f"sqlite:///{tmp_path}/office.db", pool_size=1)
    Base.metadata.create_all(database.engine)
    written = WrittenTables(database, {"staff": ("free_since",), "outbox": ("status",)})

    with database.sessions.begin() as session:
        person = Staff(email="a", name="Ada", role="agent", languages=["de"], created_at=NINE)
        session.add(person)
    after_hiring = written.count(("staff",))
    with database.sessions.begin() as session:
        session.get_one(Staff, person.id).name = "Ben"
    after_naming = written.count(("staff",))
    with database.sessions.begin() as session:
        session.get_one(Staff, person.id).free_since = NINE
    after_freeing = written.count(("staff",))
    database.dispose()

    assert written.is_told
    assert (after_hiring, after_naming, after_freeing) == (1, 1, 2)
    assert written.count(("outbox",)) == 0
    assert written.count(("staff", "outbox")) == 2
