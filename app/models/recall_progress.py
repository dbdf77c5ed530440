"""What becomes of a recall: units affected and corrected, notices sent, incidents, and what customers say of it.

Nothing here names a customer; so it stays when their cases go.
"""

from __future__ import annotations

import secrets
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class RecallUnits(Base):
    """How many units were affected at one level of distribution when the recall began."""

    __tablename__ = "recall_units"

    recall_id: Mapped[int] = mapped_column(sa.ForeignKey("recalls.id", ondelete="CASCADE"), primary_key=True)
    level: Mapped[str] = mapped_column(primary_key=True)  # manufacturer, distributor, retailer, consumer
    units: Mapped[int]
    changed_at: Mapped[datetime]
    changed_by: Mapped[int | None] = mapped_column(sa.ForeignKey("staff.id"))


class RecallCorrection(Base):
    """Units that came back or were repaired, replaced, refunded or disposed of; never changed, only taken back."""

    __tablename__ = "recall_corrections"

    id: Mapped[int] = mapped_column(primary_key=True)
    recall_id: Mapped[int] = mapped_column(sa.ForeignKey("recalls.id"), index=True)
    key: Mapped[str] = mapped_column(unique=True)  # of the form, so that it is counted once however often it comes
    answer_id: Mapped[int | None] = mapped_column(unique=True)  # the customer's answer that was met; None: no customer
    person: Mapped[str | None]  # as in `RecallAnswer`; None: no customer
    level: Mapped[str]  # manufacturer, distributor, retailer, consumer
    correction: Mapped[str]  # repair, replacement, refund, returned, disposed
    units: Mapped[int]
    done_on: Mapped[date] = mapped_column(sa.Date)  # local day
    noted_at: Mapped[datetime]
    noted_by: Mapped[int | None] = mapped_column(sa.ForeignKey("staff.id"))
    taken_back_at: Mapped[datetime | None]  # None unless it was noted by mistake
    taken_back_by: Mapped[int | None] = mapped_column(sa.ForeignKey("staff.id"))


class RecallNotice(Base):
    """A notice that was sent to somebody, with its words (P3); never changed."""

    __tablename__ = "recall_notices"

    id: Mapped[int] = mapped_column(primary_key=True)
    recall_id: Mapped[int] = mapped_column(sa.ForeignKey("recalls.id"), index=True)
    key: Mapped[str] = mapped_column(unique=True)  # of the form
    addressee: Mapped[str]  # authority, distributors, retailers, consumers, public
    name: Mapped[str]  # of the authority or firm, or what was published where
    medium: Mapped[str]  # phone, text, email, post, web, press
    number: Mapped[int]  # of those it was sent to
    sent_at: Mapped[datetime]
    words: Mapped[str]
    written_at: Mapped[datetime]
    written_by: Mapped[int | None] = mapped_column(sa.ForeignKey("staff.id"))


class RecallIncident(Base):
    """Incidents that did not come by the hotline, and what came of any: injuries and deaths."""

    __tablename__ = "recall_incidents"

    id: Mapped[int] = mapped_column(primary_key=True)
    recall_id: Mapped[int] = mapped_column(sa.ForeignKey("recalls.id"), index=True)
    key: Mapped[str] = mapped_column(unique=True)  # of the form
    occurred_on: Mapped[date] = mapped_column(sa.Date)
    reported_on: Mapped[date] = mapped_column(sa.Date)
    incidents: Mapped[int]
    injuries: Mapped[int]
    deaths: Mapped[int]
    words: Mapped[str]  # without anybody's name
    written_at: Mapped[datetime]
    written_by: Mapped[int | None] = mapped_column(sa.ForeignKey("staff.id"))


class RecallFeedback(Base):
    """One customer was asked after the remedy whether it solved the matter, and what they answered (P6)."""

    __tablename__ = "recall_feedback"

    id: Mapped[int] = mapped_column(primary_key=True)
    recall_id: Mapped[int] = mapped_column(sa.ForeignKey("recalls.id"), index=True)
    answer_id: Mapped[int] = mapped_column(unique=True)  # the customer's answer whose remedy was carried out
    case_id: Mapped[int | None]  # None once the case is gone; so no foreign key
    phone_index: Mapped[str | None] = mapped_column(index=True)  # None if no number is known, or the person is gone
    medium: Mapped[str]  # text, phone
    asked_at: Mapped[datetime]
    called_at: Mapped[datetime | None]  # when they were asked in a call of theirs, once; None: not yet
    solved: Mapped[str | None]  # yes, partly, no; None until answered
    answered_at: Mapped[datetime | None]


class RecallEvaluation(Base):
    """What the office concludes from a recall at its end (P5)."""

    __tablename__ = "recall_evaluations"

    recall_id: Mapped[int] = mapped_column(sa.ForeignKey("recalls.id"), primary_key=True)
    words: Mapped[str]
    written_at: Mapped[datetime]
    written_by: Mapped[int | None] = mapped_column(sa.ForeignKey("staff.id"))


def new_person() -> str:
    """A name for one person in what is counted, which leads to nobody."""
    return secrets.token_urlsafe(9)
