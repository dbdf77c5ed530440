"""Engines: one for units of work, one for reading, one for single statements.

SQLite runs in WAL mode; units of work begin with BEGIN IMMEDIATE, because its default loses updates between processes
without a word.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Sequence
from functools import partial
from typing import Any, TypeAlias

import sqlalchemy as sa

from app.models.units import Units

Row: TypeAlias = tuple[Any, ...]

_LOCK_WAIT_MS = 7_000  # a webhook is waited for 15 s; a tick that is silent for 8 s counts as hanging
_STATEMENTS = 1_000  # that a connection to SQLite keeps planned; there are some hundred of them
_POSTGRES_OPTIONS = "-c statement_timeout=10000 -c lock_timeout=5000 -c idle_in_transaction_session_timeout=15000"


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={_LOCK_WAIT_MS}"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_with(engine: sa.Engine, begin: str, waiting: set[int]) -> None:
    """Begin transactions in these words; a thread that has to wait for that is among the `waiting` meanwhile.

    A listener would do, but an engine that has one asks for listeners around every statement.
    """

    def do_begin(connection: sa.PoolProxiedConnection) -> None:
        driven: Any = connection.driver_connection
        thread = threading.get_ident()
        waiting.add(thread)
        try:
            driven.execute(begin)
        finally:
            waiting.discard(thread)

    setattr(engine.dialect, do_begin.__name__, do_begin)


def _make(url: str, *, begin: str | None, pool_size: int, waiting: set[int]) -> sa.Engine:
    if url.startswith("sqlite"):
        engine = sa.create_engine(
            url,
            pool_size=pool_size,
            max_overflow=pool_size,
            pool_reset_on_return="rollback" if begin else None,
            connect_args={"timeout": _LOCK_WAIT_MS / 1000, "cached_statements": _STATEMENTS},
            hide_parameters=True,
        )
        sa.event.listen(engine, "connect", _prepare_sqlite)
        if begin:
            _begin_with(engine, begin, waiting)
        return engine
    engine = sa.create_engine(
        url.replace("postgres://", "postgresql+psycopg://").replace("postgresql://", "postgresql+psycopg://"),
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_pre_ping=begin is not None,
        pool_reset_on_return="rollback" if begin else None,
        isolation_level="READ COMMITTED" if begin else "AUTOCOMMIT",
        connect_args={"connect_timeout": 2, "options": _POSTGRES_OPTIONS},
        hide_parameters=True,
    )
    from app.models.patient_connection import be_patient  # an office on SQLite needs no driver of PostgreSQL

    be_patient(engine)
    return engine


def was_thrown_out(error: BaseException) -> bool:
    """Whether PostgreSQL ended a transaction because two waited for one another; nothing of it was kept."""
    return isinstance(error, sa.exc.DBAPIError) and getattr(error.orig, "sqlstate", None) == "40P01"


class Database:
    """The engines of one process."""

    def __init__(self, url: str, *, pool_size: int = 5) -> None:
        """Prepare engines; nothing is connected yet."""
        self.url = url
        self.is_sqlite = url.startswith("sqlite")
        self._waiting: set[int] = set()  # threads, at the beginning of a unit of work
        make = partial(_make, url, pool_size=pool_size, waiting=self._waiting)
        self.engine = make(begin="BEGIN IMMEDIATE")
        self.single = make(begin=None)  # each statement is its own transaction
        self.reading = make(begin="BEGIN") if self.is_sqlite else self.engine
        self.sessions = Units(self.engine)
        self.reads = Units(self.reading)
        # Threads that meet at SQLite's own lock sleep longer than the writing takes; here they queue.
        self._turnstile = threading.Lock() if self.is_sqlite else contextlib.nullcontext()

    def is_waited_for_by(self, thread: int) -> bool:
        """Whether a thread of this process waits for SQLite's write lock; it holds nothing then."""
        return thread in self._waiting

    def read_one(self, statement: str, values: Sequence[object]) -> Row | None:
        """The first row of a query in the driver's own words; no transaction is held around it."""
        return self._first(statement, values)

    def write_one(self, statement: str, values: Sequence[object]) -> Row | None:
        """Run and commit one statement in the driver's own words; the first row it returns.

        When the connection turns out to be lost, the statement is sent again on a new one, perhaps after it took
        effect unnoticed: it must be one that may come twice.
        """
        with self._turnstile:
            return self._first(statement, values)

    def _first(self, statement: str, values: Sequence[object]) -> Row | None:
        """Past SQLAlchemy's own execution, which costs more than the statement."""
        connection = self.single.raw_connection()
        try:
            return _fetch(connection, statement, values)
        except BaseException as error:
            dialect, driven = self.single.dialect, connection.driver_connection
            lost = isinstance(error, dialect.loaded_dbapi.Error) and dialect.is_disconnect(error, driven, None)
            connection.invalidate()
            if not lost:
                raise
        finally:
            connection.close()
        self.single.dispose()  # what lost one connection has mostly lost them all
        connection = self.single.raw_connection()
        try:
            return _fetch(connection, statement, values)
        finally:
            connection.close()

    def dispose(self) -> None:
        """Close every connection."""
        for engine in {self.engine, self.single, self.reading}:
            engine.dispose()


def _fetch(connection: sa.PoolProxiedConnection, statement: str, values: Sequence[object]) -> Row | None:
    cursor = connection.cursor()
    cursor.execute(statement, values)
    row: Row | None = cursor.fetchone()
    cursor.close()
    return row
