"""Product recalls with the numbers by which a product is recognized, who owns what, and what owners answered."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base
from app.models.recall_progress import new_person

# Compared sign by sign on every database, so that a range finds what begins alike.
_BY_SIGN = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


class RecallRow(Base):
    """One recall of one list; public, so nothing is sealed."""

    __tablename__ = "recalls"
    __table_args__ = (sa.UniqueConstraint("source", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str]  # whose list: cpsc, usa.gov/cpsc, csv
    number: Mapped[str] = mapped_column(index=True)
    published_on: Mapped[date | None] = mapped_column(sa.Date, index=True)  # None where the list has no date
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
    """One bar code, model, lot or serial number of a recall, or a block of a range of them."""

    __tablename__ = "recall_identifiers"
    __table_args__ = (sa.Index("ix_recall_identifiers_normal", "normal", "is_listed"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    recall_id: Mapped[int] = mapped_column(sa.ForeignKey("recalls.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str]  # gtin, model, lot, serial
    written: Mapped[str]  # as the notice has it
    normal: Mapped[str] = mapped_column(_BY_SIGN)  # capitals and digits only, _ for any digit; bar codes padded to 14
    digits: Mapped[str] = mapped_column(_BY_SIGN, index=True)  # the digits in it; bar codes without leading zeros
    is_listed: Mapped[bool]  # False: only mentioned in the text
    is_doubtful: Mapped[bool]  # a bar code that is incomplete or whose check digit fails

    recall: Mapped[RecallRow] = relationship(back_populates="identifiers")


class RecallDossier(Base):
    """What the office adds to a recall; a list that is imported anew leaves it alone."""

    __tablename__ = "recall_dossiers"

    recall_id: Mapped[int] = mapped_column(sa.ForeignKey("recalls.id", ondelete="CASCADE"), primary_key=True)
    document: Mapped[dict[str, Any]]  # `app.domain.recall_dossier.Dossier`
    changed_at: Mapped[datetime]
    changed_by: Mapped[int | None] = mapped_column(sa.ForeignKey("staff.id"))  # None: by the command line


class OwnedProduct(Base):
    """A product that a customer is known to own, from a register of buyers."""

    __tablename__ = "owned_products"
    __table_args__ = (sa.UniqueConstraint("source", "source_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)  # random; binds the sealed column to this row
    source: Mapped[str]  # whose register
    source_id: Mapped[str]  # the register's own number, or a fingerprint of the row
    phone: Mapped[bytes]  # sealed E.164; "" where the register has none
    phone_index: Mapped[str] = mapped_column(index=True)  # "" where the register has none
    details: Mapped[bytes | None]  # sealed: name, email, address as far as the register has them; None: nothing
    product: Mapped[str]  # "" where the register does not say
    added_at: Mapped[datetime]

    identifiers: Mapped[list[OwnedIdentifier]] = relationship(
        cascade="all, delete-orphan", order_by="OwnedIdentifier.id"
    )


class OwnedIdentifier(Base):
    """One number on an owned product."""

    __tablename__ = "owned_identifiers"

    id: Mapped[int] = mapped_column(primary_key=True)
    owned_id: Mapped[int] = mapped_column(sa.ForeignKey("owned_products.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str]  # gtin, model, lot, serial
    normal: Mapped[str] = mapped_column(_BY_SIGN, index=True)  # as in `RecallIdentifier`, never a block


class RecallAnswer(Base):
    """What one customer was told about one recall in one call, and what they answered."""

    __tablename__ = "recall_answers"
    __table_args__ = (sa.UniqueConstraint("call_key", "recall_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)  # random; binds the sealed column to this row
    recall_id: Mapped[int] = mapped_column(sa.ForeignKey("recalls.id", ondelete="CASCADE"), index=True)
    call_key: Mapped[str | None] = mapped_column(sa.ForeignKey("calls.key"))  # None if in no call, or it is gone
    case_id: Mapped[int | None] = mapped_column(sa.ForeignKey("cases.id"), index=True)  # None if no case was opened
    phone_index: Mapped[str | None] = mapped_column(index=True)  # None: withheld, or the person is gone
    person: Mapped[str] = mapped_column(default=new_person)  # the same in all answers of a number; leads to nobody
    medium: Mapped[str] = mapped_column(default="phone")  # phone, text: they called or wrote; outreach: we rang
    certainty: Mapped[str]  # exact, possible
    said_at: Mapped[datetime]
    acknowledged_at: Mapped[datetime | None]  # None until the customer said that it was understood
    remedy: Mapped[str | None]  # repair, replacement, refund; None until chosen
    handover: Mapped[str | None]  # home, drop_off; None until chosen
    address: Mapped[bytes | None]  # sealed words; None unless the product is fetched or the remedy sent
    chosen_at: Mapped[datetime | None]


def person_of(session: orm.Session, recall_id: int, phone_index: str | None) -> str:
    """By what name one number is counted in the answers to a recall; a new one for a number that is not known yet."""
    if phone_index is None:
        return new_person()
    before = sa.select(RecallAnswer.person).where(
        RecallAnswer.phone_index == phone_index, RecallAnswer.recall_id == recall_id
    )
    return session.scalar(before.order_by(RecallAnswer.id).limit(1)) or new_person()
