"""What somebody has besides their password: an authenticator, and codes for the day it is lost."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class SecondFactor(Base):
    """The authenticator of one person, one at most."""

    __tablename__ = "second_factors"

    staff_id: Mapped[int] = mapped_column(sa.ForeignKey("staff.id"), primary_key=True, autoincrement=False)
    secret: Mapped[bytes]  # sealed: base32, as an authenticator takes it
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]  # None until a first code was shown
    last_step: Mapped[int]  # of the newest code that let somebody in; neither it nor an older one does again


class RecoveryCode(Base):
    """A code that stands in for the authenticator once."""

    __tablename__ = "recovery_codes"

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(sa.ForeignKey("staff.id"), index=True)
    code_index: Mapped[str]  # keyed; the code itself is kept nowhere
    used_at: Mapped[datetime | None]  # None while it is good
