"""Views of lists that somebody keeps under a name: a filter as it stands in the address."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class SavedView(Base):
    """A filter of the call log under a name: one person's own, or everybody's."""

    __tablename__ = "saved_views"
    __table_args__ = (sa.UniqueConstraint("owner_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(sa.ForeignKey("staff.id"), index=True)
    name: Mapped[str]
    query: Mapped[str]  # what follows the ? of the log's address, without its cursor
    is_shared: Mapped[bool]
    created_at: Mapped[datetime]


class DefaultView(Base):
    """The view with which the log opens for somebody who asks for none."""

    __tablename__ = "default_views"

    staff_id: Mapped[int] = mapped_column(sa.ForeignKey("staff.id"), primary_key=True)
    view_id: Mapped[int] = mapped_column(sa.ForeignKey("saved_views.id"), index=True)
