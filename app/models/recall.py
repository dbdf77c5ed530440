"""Product recalls, and the numbers by which a product under recall is recognized."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base

# Compared sign by sign on every database, so that a range finds what begins alike.
_BY_SIGN = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


class RecallRow(Base):
    """One recall of one list; public, so nothing is sealed."""

    __tablename__ = "recalls"
    __table_args__ = (sa.UniqueConstraint("source", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str]  # whose list: cpsc, usa.gov/cpsc, csv
    number: Mapped[str]
    published_on: Mapped[date | None] = mapped_column(sa.Date)  # None where the list has no date
    title: Mapped[str]
    hazards: Mapped[list[str]]
    remedies: Mapped[list[str]]
    contact: Mapped[str | None]  # None where the list names nobody
    url: Mapped[str | None]
    document: Mapped[dict[str, Any]]  # the whole `app.domain.recall.Recall`
    changed_at: Mapped[datetime]

    identifiers: Mapped[list[RecallIdentifier]] = relationship(
        back_populates="recall", cascade="all, delete-orphan", order_by="RecallIdentifier.id"
    )


class RecallIdentifier(Base):
    """One bar code, model, lot or serial number of a recall."""

    __tablename__ = "recall_identifiers"

    id: Mapped[int] = mapped_column(primary_key=True)
    recall_id: Mapped[int] = mapped_column(sa.ForeignKey("recalls.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str]  # gtin, model, lot, serial
    written: Mapped[str]  # as the notice has it
    normal: Mapped[str] = mapped_column(_BY_SIGN, index=True)  # capitals and digits only; bar codes padded to 14
    digits: Mapped[str] = mapped_column(_BY_SIGN, index=True)  # the digits in it; bar codes without leading zeros
    is_listed: Mapped[bool]  # False: only mentioned in the text
    is_doubtful: Mapped[bool]  # a bar code that is incomplete or whose check digit fails

    recall: Mapped[RecallRow] = relationship(back_populates="identifiers")
