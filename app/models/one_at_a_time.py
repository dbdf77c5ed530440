"""Lets transactions that do the same thing wait for one another, so that two cannot both take what is left."""

from __future__ import annotations

import hashlib
from typing import Final

import sqlalchemy as sa
from sqlalchemy import orm

from app.domain.errors import Busy
from app.models.patience import QUEUEING, patience

_DID_NOT_COME: Final = "55P03"
"""PostgreSQL's word for a lock that was waited for too long."""


def one_at_a_time(session: orm.Session, what: str) -> None:
    """Wait until no other transaction does this; it lasts until this one ends.

    On SQLite nothing needs to be done, since units of work begin with BEGIN IMMEDIATE and so follow one another. On
    PostgreSQL what is read afterwards (READ COMMITTED) holds all that the earlier ones have written.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(_number_of(what))))


def queue_for(session: orm.Session, what: str) -> None:
    """The same, where many may wait: longer than for anything else, and with the transaction intact if it was in vain.

    Raises:
        Busy: if our turn did not come within the server's `lock_timeout`, which is 5 s.
    """
    if session.get_bind().dialect.name != "postgresql":
        return
    before = patience.set(QUEUEING)
    try:
        with session.begin_nested():
            session.execute(sa.select(sa.func.pg_advisory_xact_lock(_number_of(what))))
    except sa.exc.OperationalError as error:
        if getattr(error.orig, "sqlstate", None) != _DID_NOT_COME:
            raise
        raise Busy("too much is being promised at this moment; please try again") from error
    finally:
        patience.reset(before)


def _number_of(what: str) -> int:
    return int.from_bytes(hashlib.sha256(what.encode()).digest()[:8], signed=True)
