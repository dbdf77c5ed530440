"""Approvals: what somebody may not grant by their own authority, and asks of somebody who may (T12)."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base
from app.models.case import Case


class Approval(Base):
    """A grant of money that somebody asked for, and what was decided; it is used once."""

    __tablename__ = "approvals"
    __table_args__ = (
        # The database itself keeps two questions about one case from being open at once.
        sa.Index(
            "uq_approvals_open",
            "case_id",
            unique=True,
            sqlite_where=sa.text("status = 'open'"),
            postgresql_where=sa.text("status = 'open'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)  # random; binds the sealed columns to this row
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("cases.id"), index=True)
    disposition: Mapped[str]  # how the conversation is to end: refund, discount …
    cents: Mapped[int]
    asked_by: Mapped[int] = mapped_column(sa.ForeignKey("staff.id"), index=True)
    asked_at: Mapped[datetime]
    reason: Mapped[bytes | None]  # sealed; None once it was erased
    status: Mapped[str] = mapped_column(default="open", index=True)  # open, approved, refused, taken_back, used
    decided_by: Mapped[int | None] = mapped_column(sa.ForeignKey("staff.id"))
    decided_at: Mapped[datetime | None]
    answer: Mapped[bytes | None]  # sealed: why; None until decided, and where nothing was said
    seen_at: Mapped[datetime | None]  # None until who asked has seen the answer

    case: Mapped[Case] = relationship()


def approvals_of(session: orm.Session, case_id: int) -> list[Approval]:
    """What was asked about a case, oldest first."""
    return list(session.scalars(sa.select(Approval).where(Approval.case_id == case_id).order_by(Approval.id)))


def open_approvals(session: orm.Session) -> list[Approval]:
    """What waits to be decided, oldest first; its cases come along."""
    waiting = sa.select(Approval).options(orm.joinedload(Approval.case)).where(Approval.status == "open")
    return list(session.scalars(waiting.order_by(Approval.asked_at)))


def answers_unseen(session: orm.Session, staff_id: int) -> list[Approval]:
    """Decisions that who asked has not seen yet, oldest first; their cases come along."""
    decided = Approval.status.in_(("approved", "refused"))
    return list(
        session.scalars(
            sa.select(Approval)
            .options(orm.joinedload(Approval.case))
            .where(Approval.asked_by == staff_id, decided, Approval.seen_at.is_(None))
            .order_by(Approval.decided_at)
        )
    )


def empty_approvals(session: orm.Session, case_id: int) -> None:
    """Take out what was said in words; who granted how much stays."""
    session.execute(sa.update(Approval).where(Approval.case_id == case_id).values(reason=None, answer=None))
