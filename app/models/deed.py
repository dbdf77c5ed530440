"""What somebody did to one or many cases at once, so that it can be told exactly, and taken back for ten seconds."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class Deed(Base):
    """One change of many cases. It says of whom and what, never what a customer told; that stands in the cases."""

    __tablename__ = "deeds"

    key: Mapped[str] = mapped_column(primary_key=True)  # of the form, so that it is done once however often it comes
    staff_id: Mapped[int] = mapped_column(sa.ForeignKey("staff.id"), index=True)
    kind: Mapped[str]  # hand_over, or the field of the record that was changed
    begun_at: Mapped[datetime]  # wall time
    ended_at: Mapped[datetime | None]  # wall time; None while it is under way, or if whoever did it died in the middle
    undone_at: Mapped[datetime | None]  # wall time; None unless it was taken back
    done: Mapped[list[dict[str, Any]]] = mapped_column(sa.JSON)  # by case: its id, and what is needed to take it back
    failed: Mapped[list[dict[str, Any]]] = mapped_column(
        sa.JSON
    )  # by case: its protocol number, and why nothing was changed
