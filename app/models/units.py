"""Units of work: sessions that are taken up again, and know the connection that they are on.

What SQLAlchemy does anew for every session and every statement takes as long as the statement itself.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from types import TracebackType
from typing import Any, Final, TypeAlias

import sqlalchemy as sa
from sqlalchemy import orm

_Wire: TypeAlias = tuple[sa.Connection, Any]

_KEPT: Final = 16  # sessions that wait to be taken up again; more than a process has threads


class Unit(orm.Session):
    """A session that remembers the connection of its transaction."""

    _wired: tuple[orm.SessionTransaction | None, _Wire] | None = None

    def wire(self) -> _Wire:
        """The connection of the transaction that is under way, and the driver's own; begins one if none is."""
        transaction = self.get_transaction()
        if transaction is not None and self._wired is not None and self._wired[0] is transaction:
            return self._wired[1]
        connection = self.connection()
        wire = connection, connection.connection.driver_connection
        self._wired = self.get_transaction(), wire
        return wire


class Units(orm.sessionmaker[Unit]):
    """Sessions of one engine whose objects stay readable after the commit."""

    def __init__(self, engine: sa.Engine) -> None:
        """Begin with none."""
        super().__init__(engine, class_=Unit, expire_on_commit=False)
        self._idle: list[Unit] = []

    def begin(self) -> AbstractContextManager[Unit]:
        """A unit of work: committed at the end, rolled back if anything is raised."""
        return _UnderWay(self)

    def configure(self, **options: Any) -> None:
        """Change how sessions are made from now on."""
        super().configure(**options)
        self._idle.clear()

    def take(self) -> Unit:
        """A session with nothing in it."""
        try:
            return self._idle.pop()
        except IndexError:
            return self()

    def give_back(self, session: Unit) -> None:
        """Keep a closed session for the next unit of work."""
        if len(self._idle) < _KEPT:
            session.info.clear()
            session.info.update(self.kw.get("info", {}))
            self._idle.append(session)


class _UnderWay(AbstractContextManager[Unit]):
    __slots__ = ("_session", "_units")

    def __init__(self, units: Units) -> None:
        self._units = units

    def __enter__(self) -> Unit:
        self._session = self._units.take()
        return self._session

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        session = self._session
        try:
            if kind is None:
                session.commit()
        finally:
            session.close()  # which rolls back what was not committed
        if kind is None:
            self._units.give_back(session)
