"""Complaints that point to a hazard, counted per product and lot, and the signals that were raised about them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class HazardReport(Base):
    """What one complaint says about safety; it stays when the complaint goes, and then names nobody."""

    __tablename__ = "hazard_reports"
    __table_args__ = (sa.Index("ix_hazard_reports_received", "received_at", "points"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int | None] = mapped_column(unique=True)  # None once the case is gone; so no foreign key
    received_at: Mapped[datetime]
    phone_index: Mapped[str | None] = mapped_column(index=True)  # None if no number is known, or the person is gone
    points: Mapped[bool]  # to a hazard
    dangers: Mapped[list[str]]  # fire, shock, hurt …
    explained: Mapped[bool] = mapped_column(default=False)  # by a confirmed signal; left out of the baseline


class HazardSubject(Base):
    """What is counted together: the name of a product, its number, or a lot of it."""

    __tablename__ = "hazard_subjects"
    __table_args__ = (sa.UniqueConstraint("kind", "normal"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]  # name, number, lot
    normal: Mapped[str]
    shown: Mapped[str]  # as it was first written
    product_id: Mapped[int | None] = mapped_column(sa.ForeignKey("hazard_subjects.id"))  # of a lot; None for others
    is_due: Mapped[bool] = mapped_column(index=True)  # something was counted since it was tested
    began_at: Mapped[datetime | None]  # the complaint at which the last signal was raised; None before the first
    began_id: Mapped[int | None]  # its report
    value: Mapped[float] = mapped_column(default=0.0)  # of the test, when it was last tested
    tested_at: Mapped[datetime | None]  # None before the first time


class HazardCount(Base):
    """One complaint in one stream."""

    __tablename__ = "hazard_counts"
    __table_args__ = (sa.Index("ix_hazard_counts_stream", "subject_id", "received_at", "report_id"),)

    report_id: Mapped[int] = mapped_column(sa.ForeignKey("hazard_reports.id", ondelete="CASCADE"), primary_key=True)
    subject_id: Mapped[int] = mapped_column(sa.ForeignKey("hazard_subjects.id"), primary_key=True)
    received_at: Mapped[datetime]
    points: Mapped[bool]
    counts: Mapped[bool]  # False: the same person has said the same of it before


class HazardSignal(Base):
    """Complaints about one product have begun to point to a hazard; a supervisor decides (P1)."""

    __tablename__ = "hazard_signals"

    id: Mapped[int] = mapped_column(primary_key=True)
    subject_id: Mapped[int] = mapped_column(sa.ForeignKey("hazard_subjects.id"), index=True)
    status: Mapped[str] = mapped_column(index=True)  # open, watched, dismissed, confirmed
    raised_at: Mapped[datetime]
    changed_at: Mapped[datetime]  # when it was raised, grew or was decided
    value: Mapped[float]  # of the test at the boundary
    baseline: Mapped[float]  # the share expected of the complaint that reached it
    complaints: Mapped[int]  # since the evidence begins
    points: Mapped[int]  # of them
    evidence: Mapped[list[int]] = mapped_column(sa.JSON)  # reports that point to the hazard, in order of receipt
    course: Mapped[list[list[Any]]] = mapped_column(
        sa.JSON
    )  # for the chart: instant, value, whether it points to a hazard
    grew: Mapped[int] = mapped_column(default=0)  # how often the boundary was reached again


class SignalEvent(Base):
    """One entry of a signal's history; never changed, and vouched for by the journal."""

    __tablename__ = "signal_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    signal_id: Mapped[int] = mapped_column(sa.ForeignKey("hazard_signals.id"), index=True)
    at: Mapped[datetime]
    kind: Mapped[str]  # raised, grew, confirmed, watched, dismissed, published
    actor: Mapped[str]  # clock, staff:<id>
    text: Mapped[bytes]  # sealed: the reason, figures
    key: Mapped[str] = mapped_column(unique=True)  # random; binds the sealed text


class HazardMark(Base):
    """How far the histories of cases have been read for hazards."""

    __tablename__ = "hazard_mark"

    id: Mapped[int] = mapped_column(primary_key=True)  # always 1
    through: Mapped[int]  # the newest entry of a case's history that was read
    is_calm: Mapped[bool]  # read twice since the newest entry, so that none that was committed late is missed


class RecallDraft(Base):
    """A recall of our own while it is being written; nothing of it is looked up, spoken or shown outside."""

    __tablename__ = "recall_drafts"

    id: Mapped[int] = mapped_column(primary_key=True)
    signal_id: Mapped[int | None] = mapped_column(sa.ForeignKey("hazard_signals.id"), unique=True)  # None: no signal
    document: Mapped[dict[str, Any]]  # `app.domain.recall_draft.Draft`
    changed_at: Mapped[datetime]
    changed_by: Mapped[int | None] = mapped_column(sa.ForeignKey("staff.id"))
    recall_id: Mapped[int | None]  # the recall that came of it; None until it is published
