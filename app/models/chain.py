"""The journal: a chain of entries, one for each row that is only ever added, and what may be removed all the same."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class JournalEntry(Base):
    """One link of the chain: it vouches for one row of another table, and for all entries before it."""

    __tablename__ = "journal"
    __table_args__ = (
        sa.UniqueConstraint("source", "row_key"),
        sa.Index("ix_journal_source_number", "source", "number"),
    )

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # from 1, without a gap
    at: Mapped[datetime]  # office time of the entry, a few seconds after the row
    source: Mapped[str]  # the row's table
    row_key: Mapped[str]  # which row of it
    subject: Mapped[str]  # whose row it is: call:<key>, case:<key>, leg:<network id> …
    digest: Mapped[bytes]  # of the row; of sealed content only the digest goes in
    link: Mapped[bytes]  # keyed mark over this entry and the link before it


class JournalHead(Base):
    """How far the chain reaches, so that its end cannot be cut off unnoticed; and how far it was checked."""

    __tablename__ = "journal_head"

    id: Mapped[int] = mapped_column(primary_key=True)  # always 1
    number: Mapped[int]  # of the newest entry
    link: Mapped[bytes]  # of the newest entry
    mark: Mapped[bytes]  # keyed, over both
    checked_through: Mapped[int] = mapped_column(default=0)  # the present round of checking has come so far
    checked_at: Mapped[datetime | None]  # when the last whole round ended; None before the first
    fault: Mapped[str | None]  # the first fault that was found; None while there is none


class Removal(Base):
    """Content that was lawfully removed: without it, a row that is missing or empty counts as tampered with."""

    __tablename__ = "removals"
    __table_args__ = (sa.UniqueConstraint("subject", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str]  # call:<key>, case:<key>, leg:<network id>, recording:<network id>
    kind: Mapped[str]  # retired: the rows are gone; erased: the rows stay without their content
    at: Mapped[datetime]
    basis: Mapped[str]  # the rule, or the request, because of which it was removed
    mark: Mapped[bytes]  # keyed, over the rest


class RemovalPermit(Base):
    """A transaction that removes something holds one; no other transaction ever sees it."""

    __tablename__ = "removal_permits"

    key: Mapped[str] = mapped_column(primary_key=True)
