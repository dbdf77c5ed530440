"""Migrations: one head, and from nothing they lead to exactly what the models say."""

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from app.migrations.upgrade import config, upgrade
from app.models.everything import Base


def test_there_is_one_head() -> None:
    assert len(ScriptDirectory.from_config(config()).get_heads()) == 1


def test_a_migrated_database_is_what_the_models_say(database_url: str) -> None:
    engine = sa.create_engine(database_url, poolclass=sa.NullPool)

    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        differences = compare_metadata(context, Base.metadata)

    assert differences == []


def test_migrating_again_changes_nothing(database_url: str) -> None:
    engine = sa.create_engine(database_url, poolclass=sa.NullPool)
    tables = sa.inspect(engine).get_table_names()

    upgrade(database_url)

    assert sa.inspect(engine).get_table_names() == tables


def test_the_database_notes_every_change_that_the_call_log_tells(database_url: str) -> None:
    """SQLite forgets triggers when a later migration copies a table: then they must be made again there."""
    log = ScriptDirectory.from_config(config()).get_revision("0021").module
    engine = sa.create_engine(database_url, poolclass=sa.NullPool)
    found = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    if engine.dialect.name == "postgresql":
        found = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    with engine.connect() as connection:
        there = set(connection.exec_driver_sql(found).scalars())

    assert {log.trigger_name(table, event) for table, event, _ in log.WATCHED} - there == set()
