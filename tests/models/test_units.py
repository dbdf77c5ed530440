"""Sessions are taken up again, and nothing of one unit of work is left in the next."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.models.engines import Database


def test_a_session_that_committed_is_taken_up_again_with_nothing_in_it_and_one_that_failed_is_not(
    database_url: str,
) -> None:
    database = Database(database_url, pool_size=1)
    units = database.sessions
    with units.begin() as session:
        session.execute(sa.text("CREATE TABLE word (name TEXT PRIMARY KEY)"))
        session.info["changes"] = ["word"]
    with units.begin() as again:
        assert again is session
        assert not again.info
        again.execute(sa.text("INSERT INTO word VALUES ('promise')"))
    with pytest.raises(sa.exc.IntegrityError), units.begin() as failing:
        failing.execute(sa.text("INSERT INTO word VALUES ('attempt'), ('promise')"))
    with units.begin() as last, units.begin() as beside:
        assert last is not failing
        assert last is not beside
        assert not last.new
        found = last.execute(sa.text("SELECT name FROM word")).all()
    database.dispose()

    assert found == [("promise",)]


def test_statements_of_one_unit_of_work_are_sent_on_its_own_connection(database_url: str) -> None:
    database = Database(database_url, pool_size=1)
    with database.reads.begin() as session:
        connection, driven = session.wire()
        assert session.wire() == (connection, driven)
        assert connection is session.connection()
        session.rollback()
        after_the_rollback, _ = session.wire()
        assert after_the_rollback is session.connection()
        assert after_the_rollback is not connection
    database.dispose()
