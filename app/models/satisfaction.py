"""How satisfied customers are whose complaint was closed, and whether they would recommend us (B5, T16)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base

ASK_WITHIN: Final = timedelta(days=90)
"""Office time since the closing after which nobody is asked on the telephone any more."""


class Satisfaction(Base):
    """One question about one closed complaint, asked at most once; what was answered stays when the person goes."""

    __tablename__ = "satisfactions"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int | None] = mapped_column(unique=True)  # None once the case is gone; so no foreign key
    phone_index: Mapped[str | None] = mapped_column(index=True)  # None: no number is known, or the person is gone
    medium: Mapped[str]  # text, or call: on the customer's next call about the matter
    closed_at: Mapped[datetime]
    asked_at: Mapped[datetime | None]  # None until it was asked
    score: Mapped[int | None]  # 1 very dissatisfied … 5 very satisfied; None until answered
    answered_at: Mapped[datetime | None]
    recommends: Mapped[str | None]  # yes, no; None until answered, and where it was not asked


def question_about(session: orm.Session, case_id: int) -> Satisfaction | None:
    """The question about a case; None if there is none."""
    return session.scalar(sa.select(Satisfaction).where(Satisfaction.case_id == case_id))


def ask_in_call(session: orm.Session, case_id: int, caller_index: str, *, now: datetime) -> bool:
    """Whether this caller is asked about their closed matter now; that counts as asked, whatever they answer."""
    asked = session.scalar(
        sa.update(Satisfaction)
        .where(
            Satisfaction.case_id == case_id,
            Satisfaction.phone_index == caller_index,
            Satisfaction.medium == "call",
            Satisfaction.asked_at.is_(None),
            Satisfaction.closed_at > now - ASK_WITHIN,
        )
        .values(asked_at=now)
        .returning(Satisfaction.id)
    )
    return asked is not None
