"""Bring a database to the newest schema; any number of processes may ask at once."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from app.models.engines import Database

_LOCK = 7_385_001  # any number, the same in every process


def config() -> Config:
    """Alembic's configuration, without a file of its own."""
    settings = Config()
    settings.set_main_option("script_location", str(Path(__file__).parent))
    settings.set_main_option("path_separator", "os")
    return settings


def upgrade(url: str) -> None:
    """Migrate the database at `url` to the newest schema."""
    database = Database(url, pool_size=1)
    try:
        with database.engine.connect() as connection:
            if not database.is_sqlite:
                # SQLite needs no lock: BEGIN IMMEDIATE already lets one migrate at a time.
                connection.execute(sa.text("SELECT pg_advisory_lock(:lock)"), {"lock": _LOCK})
                connection.commit()
            settings = config()
            settings.attributes["connection"] = connection
            command.upgrade(settings, "head")
            connection.commit()
    finally:
        database.dispose()
