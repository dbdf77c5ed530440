"""Large files of the call log are written by the clock, piece by piece, and wait sealed until they are fetched.

Whoever writes one holds a lease; if they die, it lapses and another begins the file anew.
"""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import orm

from app.domain.clock import Clock
from app.models.engines import Database
from app.models.export import KEPT_FOR, Export, ExportPart, expire, seal_part, wanted_by
from app.models.vault import Vault
from app.services.write_rows import write_sheet, write_text

Row = Mapping[str, Any]
RowsOf = Callable[[Mapping[str, Any], datetime], Iterator[Row]]
"""What was asked for, and when, to the rows of the file."""

_LEASE: Final = timedelta(minutes=2)  # the machine's time, counted anew with each piece
_PART_BYTES: Final = 512 * 1024


class _Left(Exception):
    """The file is not finished here: the clock is to stop, or somebody else has it by now."""


@dataclass(slots=True)
class _Lease:
    """That this process writes a file; told from another's by its very end."""

    database: Database
    export_id: int
    wall: Clock
    go_on: Callable[[], bool]
    until: datetime

    def check(self) -> None:
        """Go on if the clock does, and hold on to the file in good time.

        Raises:
            _Left: if not.
        """
        if not self.go_on():
            with self.database.sessions.begin() as session:
                self.change(session, status="waiting", claimed_until=None)
            raise _Left
        if self.until - self.wall.now() < _LEASE * 0.75:
            with self.database.sessions.begin() as session:
                self.renew(session)

    def renew(self, session: orm.Session) -> None:
        """Hold on to the file from now on, in a transaction that writes a piece of it."""
        until = self.wall.now() + _LEASE
        self.change(session, claimed_until=until)
        self.until = until

    def change(self, session: orm.Session, **values: object) -> None:
        """Change the row of the file.

        Raises:
            _Left: if nobody writes it any more, or somebody else does; nothing is changed then.
        """
        mine = (Export.id == self.export_id, Export.status == "writing", Export.claimed_until == self.until)
        if session.scalar(sa.update(Export).where(*mine).values(**values).returning(Export.id)) is None:
            raise _Left


def write_exports(
    database: Database,
    vault: Vault,
    columns: Sequence[str],
    rows_of: RowsOf,
    *,
    clock: Clock,
    wall: Clock,
    go_on: Callable[[], bool] = lambda: True,
) -> int:
    """Write one file that waits, if there is one, and remove those that have expired; gives how many were done.

    Args:
        rows_of: gives the rows of a file.
        go_on: asked again and again while it is written; False leaves the file to the next time.
    """
    now = clock.now()
    due = sa.or_(Export.status == "waiting", sa.and_(Export.status == "writing", Export.claimed_until < wall.now()))
    old = sa.and_(Export.status == "ready", Export.expires_at <= now)
    with database.reads() as session:
        waiting = session.scalar(sa.select(Export.id).where(due).order_by(Export.id).limit(1))
        is_any_old = session.scalar(sa.select(Export.id).where(old).limit(1)) is not None
    done = 0
    if is_any_old:
        with database.sessions.begin() as session:
            done += expire(session, old)
    lease = _claim(database, waiting, due, wall, go_on) if waiting is not None else None
    if lease is not None:
        with contextlib.suppress(_Left):
            _write(database, vault, columns, rows_of, lease, clock)
            done += 1
    return done


def _claim(
    database: Database, export_id: int, due: sa.ColumnElement[bool], wall: Clock, go_on: Callable[[], bool]
) -> _Lease | None:
    until = wall.now() + _LEASE
    with database.sessions.begin() as session:
        taken = session.scalar(
            sa.update(Export)
            .where(Export.id == export_id, due)
            .values(status="writing", claimed_until=until)
            .returning(Export.id)
        )
        session.execute(sa.delete(ExportPart).where(ExportPart.export_id == taken))
    return _Lease(database, export_id, wall, go_on, until) if taken is not None else None


def _write(
    database: Database, vault: Vault, columns: Sequence[str], rows_of: RowsOf, lease: _Lease, clock: Clock
) -> None:
    with database.reads() as session:
        export = session.get_one(Export, lease.export_id)
    written = 0

    def counted() -> Iterator[Row]:
        nonlocal written
        for row in rows_of(wanted_by(vault, export), export.created_at):
            written += 1
            yield row

    for number, content in enumerate(_parts(export.form, columns, counted(), lease.check)):
        lease.check()
        with database.sessions.begin() as session:
            lease.renew(session)
            session.add(seal_part(vault, export, number, content))
    with database.sessions.begin() as session:
        lease.change(session, status="ready", claimed_until=None, rows=written, expires_at=clock.now() + KEPT_FOR)


def _parts(form: str, columns: Sequence[str], rows: Iterator[Row], check: Callable[[], None]) -> Iterator[bytes]:
    """The file in pieces of half a megabyte."""
    if form == "xlsx":
        with tempfile.TemporaryFile() as file:
            write_sheet(file, columns, rows, check)
            file.seek(0)
            while piece := file.read(_PART_BYTES):
                yield piece
        return
    waiting = bytearray()
    for piece in write_text(form, columns, rows):
        waiting += piece
        if len(waiting) >= _PART_BYTES:
            yield bytes(waiting)
            waiting.clear()
    yield bytes(waiting)
