"""What a cancellation is about, when the contract ends, and how its receipt goes out."""

from __future__ import annotations

import secrets
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base
from app.models.case import Case
from app.models.found import find
from app.models.vault import Vault


class Cancellation(Base):
    """One cancellation; at most one for a case. That it was requested, and when, stands with the case alone."""

    __tablename__ = "cancellations"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)  # random; binds the sealed columns to this row
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("cases.id"), unique=True)
    found_by: Mapped[str] = mapped_column(default="")  # number, caller; "" while no contract was found
    terms: Mapped[bytes]  # sealed: the contract's terms at that time; {} if none was found
    ends: Mapped[str] = mapped_column(default="at_once")  # at_once, period, day
    ends_on: Mapped[date | None]  # None: at once, or the end of the paid period is not known
    ends_chosen_at: Mapped[datetime | None]  # the caller's consent to a later end; None if it ends at once
    begun_on: Mapped[date | None]  # from when the right of withdrawal counts, by the books or the caller
    withdraw_until: Mapped[date | None]  # last day; None: not known, not begun, or no such right
    legal_ref: Mapped[str] = mapped_column(default="")
    withdrawal: Mapped[str | None]  # reversal, credit; None if it was only cancelled
    withdrawn_at: Mapped[datetime | None]
    email: Mapped[bytes | None]  # sealed address the receipt also goes to; None if none is known
    by_email: Mapped[bool] = mapped_column(default=False)  # whether the caller asked for it
    receipts: Mapped[int] = mapped_column(default=0)  # how many went out; a later one replaces the earlier
    receipt_at: Mapped[datetime | None]  # of the newest; None while none went out
    is_changed: Mapped[bool] = mapped_column(default=True)  # since the newest receipt
    keys: Mapped[int | None]  # pressed from the ring until it was on record; None until the call ended
    seconds: Mapped[int | None]  # office time from the ring until then

    case: Mapped[Case] = relationship()


_OF_CASE: Final = sa.select(Cancellation).where(Cancellation.case_id == sa.bindparam("case_id"))


def cancellation_of(session: orm.Session, case_id: int) -> Cancellation | None:
    """What is known of the cancellation of a case; None if it is none."""
    return find(session, _OF_CASE, case_id=case_id)


def add_cancellation(session: orm.Session, vault: Vault, case: Case) -> Cancellation:
    """The row beside a case that cancels."""
    key = secrets.token_urlsafe(12)
    made = Cancellation(key=key, case_id=case.id, terms=vault.seal({}, f"cancellations:terms:{key}"))
    session.add(made)
    session.flush()
    return made


def terms_at(vault: Vault, cancellation: Cancellation) -> dict[str, Any]:
    """The contract's terms when it was cancelled; empty if no contract was found."""
    opened: dict[str, Any] = vault.open(cancellation.terms, f"cancellations:terms:{cancellation.key}")
    return opened


def keep_terms(vault: Vault, cancellation: Cancellation, terms: dict[str, Any]) -> None:
    """Keep what the contract said."""
    cancellation.terms = vault.seal(terms, f"cancellations:terms:{cancellation.key}")


def email_of(vault: Vault, cancellation: Cancellation) -> str:
    """Where the receipt also goes; "" if no address is known."""
    if cancellation.email is None:
        return ""
    return str(vault.open(cancellation.email, f"cancellations:email:{cancellation.key}"))


def keep_email(vault: Vault, cancellation: Cancellation, address: str) -> None:
    """Keep the address that the receipt shall also go to."""
    cancellation.email = vault.seal(address, f"cancellations:email:{cancellation.key}")


def empty_cancellation(vault: Vault, cancellation: Cancellation) -> None:
    """Take out what is about the person; when and how it was cancelled stays."""
    keep_terms(vault, cancellation, {})
    cancellation.email = None
