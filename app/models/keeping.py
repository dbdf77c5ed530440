"""What keeps data from being removed, and what customers ask for about their own."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class Hold(Base):
    """A legal hold: nothing of the case is removed while it stands."""

    __tablename__ = "holds"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)  # random; binds the sealed reason to this row
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("cases.id"), index=True)
    reason: Mapped[bytes]  # sealed
    placed_at: Mapped[datetime]
    placed_by: Mapped[str]  # staff:<id>, operator
    lifted_at: Mapped[datetime | None]  # None while it stands
    lifted_by: Mapped[str | None]  # None while it stands


class DataRequest(Base):
    """A customer wants to see the history of a matter, or wants what we know about them erased."""

    __tablename__ = "data_requests"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)  # random; binds the sealed columns to this row
    kind: Mapped[str]  # history, erasure
    about: Mapped[bytes]  # sealed: a protocol number, or a telephone number; emptied when an erasure is done
    medium: Mapped[str | None]  # how the customer wants it: post, electronic; None for an erasure
    asked_at: Mapped[datetime]
    asked_by: Mapped[str]  # who wrote it down: staff:<id>, operator
    due_at: Mapped[datetime] = mapped_column(index=True)
    legal_ref: Mapped[str]  # the rule that sets the deadline
    status: Mapped[str] = mapped_column(default="open", index=True)  # open, ready, sent, done, held
    ready_at: Mapped[datetime | None]  # None until the document was written
    sent_at: Mapped[datetime | None]  # None until it was handed over
    document: Mapped[bytes | None]  # sealed: the history, or the certificate; None until it was written


def held_cases(session: orm.Session) -> set[int]:
    """The ids of all cases under a hold."""
    return set(session.scalars(sa.select(Hold.case_id).where(Hold.lifted_at.is_(None))))
