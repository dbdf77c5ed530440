"""What the office does against complaints that recur, and the reports in which it looks at itself (T18, T19, B6)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class Measure(Base):
    """Something done against one group of complaints, from a day on."""

    __tablename__ = "measures"

    id: Mapped[int] = mapped_column(primary_key=True)
    what: Mapped[str]  # in the office's own words; holds nothing about a customer
    owner_id: Mapped[int] = mapped_column(sa.ForeignKey("staff.id"), index=True)  # who answers for it
    hotline: Mapped[str | None]  # of the complaints it is meant for; None: of every hotline
    kind: Mapped[str]  # of case: complaint, cancellation, recall, information
    words: Mapped[str]  # that all of them have, in lower case; "" for all of that kind
    from_on: Mapped[date] = mapped_column(index=True)  # local day from which it should show
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]  # None while it is watched
    lesson: Mapped[str | None]  # what was learned; None until closed


class Report(Base):
    """Figures of a week or a year as they stood when the clock made them; what was learned is added by people."""

    __tablename__ = "reports"
    __table_args__ = (sa.UniqueConstraint("span", "first_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    span: Mapped[str]  # week, year
    first_on: Mapped[date]  # local days of the office's zone: the first …
    after_on: Mapped[date]  # … and the one after the last
    made_at: Mapped[datetime]
    content: Mapped[dict[str, Any]]  # numbers and the office's own words only
    learned: Mapped[str | None]  # None until the meeting wrote it down
    learned_by: Mapped[int | None] = mapped_column(sa.ForeignKey("staff.id"))  # None until then
