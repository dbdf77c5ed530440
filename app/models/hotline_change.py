"""Changes of hours and rosters by page: rows laid over the hotline file, each from a local day on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final, TypeAlias

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base

WEEK: Final = "week"
DAY: Final = "day"
Version: TypeAlias = tuple[int, int]  # of everything that was changed: the newest row, how many were withdrawn


class HotlineChange(Base):
    """Other weeks from a day on, or days with hours of their own; a row is never changed but for its withdrawal."""

    __tablename__ = "hotline_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    hotline: Mapped[str] = mapped_column(index=True)
    kind: Mapped[str]  # week, day
    from_on: Mapped[date]  # the first local day
    last_on: Mapped[date | None]  # of kind day: the last local day; None for a week, which holds until it is changed
    written: Mapped[dict[str, Any]]  # in the words of the hotline file, see `app.ivr.hotline_week`
    replaced: Mapped[dict[str, Any]]  # what would hold on its first day without it, in the same words
    made_by: Mapped[int] = mapped_column(sa.ForeignKey("staff.id"), index=True)
    made_at: Mapped[datetime]  # wall time
    withdrawn_by: Mapped[int | None] = mapped_column(sa.ForeignKey("staff.id"))
    withdrawn_at: Mapped[datetime | None]  # wall time; None while it counts


_VERSION: Final = sa.select(
    sa.func.coalesce(sa.func.max(HotlineChange.id), 0), sa.func.count(HotlineChange.withdrawn_at)
)


def version_of_changes(session: orm.Session, hotline: str | None = None) -> Version:
    """By which one sees that something was changed or withdrawn since; None: at any hotline."""
    query = _VERSION if hotline is None else _VERSION.where(HotlineChange.hotline == hotline)
    newest, withdrawn = session.execute(query).one()
    return newest, withdrawn


def changes_that_count(session: orm.Session, hotline: str | None = None) -> Sequence[HotlineChange]:
    """Those that were not withdrawn, the first made first; None: of every hotline."""
    query = sa.select(HotlineChange).where(HotlineChange.withdrawn_at.is_(None)).order_by(HotlineChange.id)
    return session.scalars(query if hotline is None else query.where(HotlineChange.hotline == hotline)).all()
