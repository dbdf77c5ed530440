"""Contracts and orders as the company's books know them: by their number, and by the customer's telephone number."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base
from app.models.found import find_all
from app.models.vault import Vault


class Contract(Base):
    """One contract or order, imported; what it says stands sealed in `terms`."""

    __tablename__ = "contracts"
    __table_args__ = (sa.UniqueConstraint("hotline", "number_index"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)  # random; binds the sealed column to this row
    hotline: Mapped[str]
    number_index: Mapped[str]  # of the contract's number
    digits_index: Mapped[str] = mapped_column(index=True)  # of its digits alone: who keys it in leaves out the letters
    phone_index: Mapped[str | None] = mapped_column(index=True)  # None if no number is known
    terms: Mapped[bytes]  # sealed: see `terms_of`
    imported_at: Mapped[datetime]


def plain_number(number: str) -> str:
    """A contract's number without blanks, hyphens and case, as it is keyed or said.

    Example:
        >>> plain_number("K-4711/a")
        'K4711A'
    """
    return re.sub(r"[^0-9A-Z]", "", number.upper())


def number_index(vault: Vault, hotline: str, number: str) -> str:
    """By what a contract's number is found."""
    return vault.index(f"contract:{hotline}:{plain_number(number)}")


def terms_of(vault: Vault, contract: Contract) -> dict[str, Any]:
    """What a contract says: `number`, and if known `phone`, `email`, `subject`, `amount_cents`, `currency`, and the
    days `concluded_on`, `delivered_on`, `paid_until` as ISO text; `goods` is yes or no.
    """
    opened: dict[str, Any] = vault.open(contract.terms, f"contracts:{contract.key}")
    return opened


def digits_index(vault: Vault, hotline: str, number: str) -> str:
    """By what a contract's number is found when its letters are left out."""
    return vault.index(f"contract digits:{hotline}:{re.sub(r'[^0-9]', '', number)}")


_OF_HOTLINE: Final = sa.select(Contract).where(Contract.hotline == sa.bindparam("hotline"))
_BY_NUMBER: Final = _OF_HOTLINE.where(Contract.number_index == sa.bindparam("of_index"))
_BY_DIGITS: Final = _OF_HOTLINE.where(Contract.digits_index == sa.bindparam("of_index"))


def contracts_numbered(session: orm.Session, vault: Vault, hotline: str, number: str) -> list[Contract]:
    """The contracts with this number, as it was keyed or said: with its letters, else by its digits alone."""
    return find_all(session, _BY_NUMBER, hotline=hotline, of_index=number_index(vault, hotline, number)) or find_all(
        session, _BY_DIGITS, hotline=hotline, of_index=digits_index(vault, hotline, number)
    )


def contracts_of_phone(session: orm.Session, vault: Vault, hotline: str, phone: str) -> list[Contract]:
    """The contracts of a telephone number (E.164) at a hotline."""
    found = sa.select(Contract).where(Contract.hotline == hotline, Contract.phone_index == vault.index(phone))
    return list(session.scalars(found.order_by(Contract.id)))


def begun_on(terms: dict[str, Any]) -> date | None:
    """The day from which the right of withdrawal counts: of delivery, or without goods of the contract.

    None: goods are ordered and not delivered, so the period has not begun.
    """
    day = terms.get("delivered_on") if terms.get("goods") == "yes" else terms.get("concluded_on")
    return date.fromisoformat(day) if day else None
