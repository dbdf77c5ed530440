"""Single statements past SQLAlchemy's own execution: how they behave when the database does not."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from app.models.engines import Database


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = Database(database_url, pool_size=4)
    with opened.engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE word (name TEXT PRIMARY KEY)")
    yield opened
    opened.dispose()


def add(database: Database, name: str) -> bool:
    mark = "?" if database.is_sqlite else "%s"
    row = database.write_one(f"INSERT INTO word VALUES ({mark}) ON CONFLICT DO NOTHING RETURNING name", (name,))
    return row is not None


def count(database: Database) -> int:
    row = database.read_one("SELECT count(*) FROM word", ())
    assert row is not None
    return int(row[0])


def test_a_write_is_committed_and_seen_by_everybody(database: Database) -> None:
    assert add(database, "promise")

    with database.reads() as session:
        assert session.scalar(sa.text("SELECT count(*) FROM word")) == 1


def test_a_write_that_comes_twice_is_there_once(database: Database) -> None:
    assert add(database, "promise")
    assert not add(database, "promise")

    assert count(database) == 1


def test_after_a_fault_the_next_statement_works(database: Database) -> None:
    with pytest.raises(Exception, match="nowhere"):
        database.read_one("SELECT * FROM nowhere", ())

    assert count(database) == 0
    assert database.single.pool.checkedout() == 0


def test_threads_that_write_at_once_all_get_through(database: Database) -> None:
    def write(writer: int) -> None:
        for number in range(50):
            add(database, f"{writer}/{number}")

    writers = [threading.Thread(target=write, args=(writer,)) for writer in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    assert count(database) == 400


@pytest.mark.postgres
def test_a_connection_that_the_server_ended_is_replaced_unnoticed(postgres_url: str) -> None:
    database = Database(postgres_url, pool_size=2)
    assert database.read_one("SELECT 1", ()) == (1,)
    with database.engine.begin() as connection:
        connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )

    assert database.read_one("SELECT 1", ()) == (1,)
    database.dispose()
