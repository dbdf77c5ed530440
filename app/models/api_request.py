"""Writes that other systems asked for: what was answered, so that the same one sent again changes nothing."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class ApiRequest(Base):
    """One write by one token, under the key that the other system gave it; committed together with its effect."""

    __tablename__ = "api_requests"
    __table_args__ = (sa.UniqueConstraint("token_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    token_id: Mapped[int] = mapped_column(sa.ForeignKey("api_tokens.id"))
    key: Mapped[str]  # keyed digest of the Idempotency-Key
    asked: Mapped[bytes]  # keyed digest of method, path and body
    at: Mapped[datetime] = mapped_column(index=True)  # wall time
    status: Mapped[int] = mapped_column(default=0)  # HTTP; 0 only while it is being carried out
    answer: Mapped[str] = mapped_column(default="")  # JSON: numbers, times and states, nothing about a person
