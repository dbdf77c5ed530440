"""Amounts of money as people type and read them; stored in cents of the hotline's own currency."""

from __future__ import annotations

import re
from typing import Final

from app.domain.errors import Invalid

_AMOUNT: Final = re.compile(r"([0-9]{1,9})(?:[.,]([0-9]{0,2}))?")


def read_cents(field: str, typed: str) -> int | None:
    """The cents of "12.50", "12,5" or "12"; None if nothing was typed.

    Raises:
        Invalid: if it is no amount.
    """
    text = typed.strip()
    if not text:
        return None
    found = _AMOUNT.fullmatch(text)
    if found is None:
        raise Invalid(field, "is no amount; write it as 12.50")
    return int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0"))


def written_cents(cents: int | None) -> str:
    """Cents as an amount: "12.50"; nothing for None."""
    return "" if cents is None else f"{cents / 100:.2f}"
