"""Lets transactions that do the same thing wait for one another, so that two cannot both take what is left."""

from __future__ import annotations

import hashlib

import sqlalchemy as sa
from sqlalchemy import orm


def one_at_a_time(session: orm.Session, what: str) -> None:
    """Wait until no other transaction does this; it lasts until this one ends.

    On SQLite nothing needs to be done, since units of work begin with BEGIN IMMEDIATE and so follow one another. On
    PostgreSQL what is read afterwards (READ COMMITTED) holds all that the earlier ones have written.
    """
    if session.get_bind().dialect.name == "postgresql":
        number = int.from_bytes(hashlib.sha256(what.encode()).digest()[:8], signed=True)
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(number)))
