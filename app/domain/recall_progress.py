"""The words of a recall's follow-up, and the spans its figures are reported for. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from app.domain.errors import Invalid

MOST_UNITS: Final = 2_000_000_000


class Level(StrEnum):
    """Where affected units are.

    Source:
        US CPSC, Monthly Progress Report for Corrective Action Plans, part I (form of 10/2015, as reproduced).
    """

    MANUFACTURER = "manufacturer"
    DISTRIBUTOR = "distributor"
    RETAILER = "retailer"
    CONSUMER = "consumer"


class Correction(StrEnum):
    """How a unit was made safe (P4)."""

    REPAIR = "repair"
    REPLACEMENT = "replacement"
    REFUND = "refund"
    RETURNED = "returned"
    DISPOSED = "disposed"


class Addressee(StrEnum):
    """Whom a notice goes to (P3)."""

    AUTHORITY = "authority"
    DISTRIBUTORS = "distributors"
    RETAILERS = "retailers"
    CONSUMERS = "consumers"
    PUBLIC = "public"


class NoticeMedium(StrEnum):
    """How a notice goes out (P10)."""

    PHONE = "phone"
    TEXT = "text"
    EMAIL = "email"
    POST = "post"
    WEB = "web"
    PRESS = "press"


class Solved(StrEnum):
    """What a customer says of the remedy (P6), by the key or figure 1, 2 or 3."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Span:
    """What a report is about: whole local days."""

    first: date
    last: date
    zone: ZoneInfo

    @property
    def since(self) -> datetime:
        """The instant at which it begins, UTC."""
        return _midnight(self.first, self.zone)

    @property
    def until(self) -> datetime:
        """The instant at which it has ended, UTC."""
        return _midnight(date.fromordinal(self.last.toordinal() + 1), self.zone)


def month_of(text: str, zone: ZoneInfo) -> Span:
    """The calendar month written as ``2026-03``.

    Raises:
        Invalid: if it is none.

    Example:
        >>> month_of("2026-02", ZoneInfo("Europe/Berlin")).last
        datetime.date(2026, 2, 28)
    """
    found = re.fullmatch(r"([0-9]{4})-(0[1-9]|1[0-2])", text)
    if found is None or not 1900 <= int(found[1]) <= 9998:
        raise Invalid("month", "is none; expected 2026-03")
    year, month = int(found[1]), int(found[2])
    after = date(year + month // 12, month % 12 + 1, 1)
    return Span(date(year, month, 1), date.fromordinal(after.toordinal() - 1), zone)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
