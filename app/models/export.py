"""Files that somebody had made of the call log: who asked for what, and large ones piece by piece until they expire."""

from __future__ import annotations

import base64
import secrets
import zlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base
from app.models.engines import Database
from app.models.vault import Vault

KEPT_FOR: Final = timedelta(days=7)  # office time


class Export(Base):
    """One file of the call log; a row also of what was handed over at once, so that it is known who has what."""

    __tablename__ = "exports"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)  # random, part of its address
    staff_id: Mapped[int] = mapped_column(sa.ForeignKey("staff.id"), index=True)
    form: Mapped[str]  # csv, xlsx, json
    wanted: Mapped[bytes]  # sealed: the filter, since a number may stand in it
    rows: Mapped[int]  # calls; as counted when it was asked for, then as written
    status: Mapped[str] = mapped_column(index=True)  # waiting, writing, ready, handed_over, expired
    created_at: Mapped[datetime]
    claimed_until: Mapped[datetime | None]  # wall time; None: nobody writes it
    expires_at: Mapped[datetime | None] = mapped_column(index=True)  # office time; None until there is a file
    fetched_at: Mapped[datetime | None]  # when the file was last fetched; None: never


class ExportPart(Base):
    """A piece of a file, packed and sealed."""

    __tablename__ = "export_parts"

    export_id: Mapped[int] = mapped_column(sa.ForeignKey("exports.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    sealed: Mapped[bytes]


def note_export(
    session: orm.Session, vault: Vault, staff_id: int, form: str, wanted: dict[str, Any], rows: int, *, now: datetime
) -> Export:
    """Write down that somebody has calls written into a file."""
    key = secrets.token_urlsafe(24)
    export = Export(
        key=key,
        staff_id=staff_id,
        form=form,
        wanted=vault.seal(wanted, f"exports:wanted:{key}"),
        rows=rows,
        status="waiting",
        created_at=now,
    )
    session.add(export)
    session.flush()
    return export


def wanted_by(vault: Vault, export: Export) -> dict[str, Any]:
    """The filter that an export was asked for with."""
    opened: dict[str, Any] = vault.open(export.wanted, f"exports:wanted:{export.key}")
    return opened


def seal_part(vault: Vault, export: Export, number: int, content: bytes) -> ExportPart:
    """A piece of a file as it is kept."""
    packed = base64.b64encode(zlib.compress(content, 6)).decode()
    return ExportPart(
        export_id=export.id, number=number, sealed=vault.seal(packed, f"export_parts:{export.key}:{number}")
    )


def parts_of(database: Database, vault: Vault, export: Export) -> Iterator[bytes]:
    """The pieces of a file in order; no transaction is held while whoever fetches it is slow."""
    number = 0
    while True:
        with database.reads() as session:
            part = session.get(ExportPart, (export.id, number))
        if part is None:
            return
        packed = vault.open(part.sealed, f"export_parts:{export.key}:{number}")
        yield zlib.decompress(base64.b64decode(packed))
        number += 1


def expire(session: orm.Session, which: sa.ColumnElement[bool]) -> int:
    """Remove the files of these exports; gives how many had one. That they were made stays known."""
    ids = session.scalars(sa.select(Export.id).where(which, Export.status.in_(("waiting", "writing", "ready")))).all()
    session.execute(sa.delete(ExportPart).where(ExportPart.export_id.in_(ids)))
    session.execute(sa.update(Export).where(Export.id.in_(ids)).values(status="expired", claimed_until=None))
    return len(ids)
