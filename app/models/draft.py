"""What somebody has typed and not sent yet, kept so that a reload, a logout or a crash takes nothing away."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class Draft(Base):
    """The unsent form of one person about one case; each saving raises `version`, which tells two windows apart."""

    __tablename__ = "drafts"
    __table_args__ = (sa.UniqueConstraint("case_id", "staff_id", "place"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)  # random; binds what is sealed to this row
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("cases.id"), index=True)
    staff_id: Mapped[int] = mapped_column(sa.ForeignKey("staff.id"), index=True)
    place: Mapped[str]  # note, wrap_up
    version: Mapped[int]  # 1 for the first saving
    saved_at: Mapped[datetime]  # office time
    typed: Mapped[bytes]  # sealed: field by field what was typed


def draft_of(session: orm.Session, case_id: int, staff_id: int, place: str) -> Draft | None:
    """The draft of somebody about a case at one place; None if they left none."""
    return session.scalar(
        sa.select(Draft).where(Draft.case_id == case_id, Draft.staff_id == staff_id, Draft.place == place)
    )


def drop_draft(session: orm.Session, case_id: int, staff_id: int, place: str) -> None:
    """Forget a draft: what it held was sent, or thrown away."""
    session.execute(sa.delete(Draft).where(Draft.case_id == case_id, Draft.staff_id == staff_id, Draft.place == place))


def drop_drafts_of(session: orm.Session, case_id: int) -> int:
    """Forget what anybody has typed about a case; gives how many drafts there were."""
    gone = session.scalars(sa.delete(Draft).where(Draft.case_id == case_id).returning(Draft.id)).all()
    return len(gone)
