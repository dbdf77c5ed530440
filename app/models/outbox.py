"""What must go out to the network after the commit: text messages and orders about calls."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base

LETTER: Final = "letter"
"""The kind that goes to the mail server; all others go to the telephone network."""


class OutboxItem(Base):
    """One thing to send; `key` says what caused it, so that it is queued once."""

    __tablename__ = "outbox"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]  # text, hang_up, letter, ring: a test call
    payload: Mapped[bytes]  # sealed
    case_id: Mapped[int | None]
    created_at: Mapped[datetime]
    next_at: Mapped[datetime] = mapped_column(index=True)
    tries: Mapped[int] = mapped_column(default=0)
    status: Mapped[str] = mapped_column(default="waiting", index=True)  # waiting, sending, sent, failed, unsure
    claimed_until: Mapped[datetime | None]  # wall time
    network_id: Mapped[str | None] = mapped_column(index=True)  # what becomes of a text is told by it
    cause: Mapped[str | None]  # why it failed
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)  # delivery status as told by the network
