"""The office's own rows: the anchor of its clock and the heartbeats of its clock processes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class ClockAnchor(Base):
    """At `wall_at` the office's clock showed `office_at`, and has run `speed` times as fast since."""

    __tablename__ = "clock_anchor"

    id: Mapped[int] = mapped_column(primary_key=True)  # always 1
    base_speed: Mapped[float]  # the setting it was anchored under
    speed: Mapped[float]
    wall_at: Mapped[datetime]
    office_at: Mapped[datetime]


class Heartbeat(Base):
    """The last sign of life of a clock process."""

    __tablename__ = "heartbeats"

    worker: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]  # wall time
    ticks: Mapped[int] = mapped_column(default=0)


class SavedFlow(Base):
    """The source of a flow set, so that a call keeps the version it began with."""

    __tablename__ = "saved_flows"

    version: Mapped[str] = mapped_column(primary_key=True)
    sources: Mapped[str]  # JSON: file name → text
    saved_at: Mapped[datetime]
