"""Who somebody of the office is at the company's own account service."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class Identity(Base):
    """One account there, bound to one person here at its first login."""

    __tablename__ = "identities"
    __table_args__ = (
        sa.UniqueConstraint("issuer", "subject"),
        sa.UniqueConstraint("issuer", "staff_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    issuer: Mapped[str]
    subject: Mapped[str]  # the provider's own name for the account; an e-mail address may be given to somebody else
    staff_id: Mapped[int] = mapped_column(sa.ForeignKey("staff.id"), index=True)
    bound_at: Mapped[datetime]
