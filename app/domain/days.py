"""Calendar days as public files write them."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Final

from app.domain.errors import Invalid

_AMERICAN: Final = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4}|[0-9]{2})", re.ASCII)
_ISO: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T.*)?", re.ASCII)
_WORDS: Final = re.compile(r"([A-Z][a-z]+) ([0-9]{1,2}), ([0-9]{4})", re.ASCII)
_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def read_day(text: str, field: str) -> date:
    """The day of ``2019-02-07`` (a time after it is left aside), ``02/07/2019``, ``2/7/19`` or ``July 30, 2026``.

    Args:
        field: what to call it in the message.

    Raises:
        Invalid: if it is no day.

    Example:
        >>> read_day("2/7/19", "date_received")
        datetime.date(2019, 2, 7)
    """
    written = text.strip()
    try:
        if _ISO.fullmatch(written):
            return datetime.fromisoformat(written).date()
        if found := _AMERICAN.fullmatch(written):
            month, day, year = (int(part) for part in found.groups())
            return date(year + 2000 if year < 100 else year, month, day)
        if found := _WORDS.fullmatch(written):
            return date(int(found[3]), _MONTHS.index(found[1]) + 1, int(found[2]))
    except ValueError:
        pass
    raise Invalid(field, f"expected a day such as 2019-02-07, found {text[:40]!r}")
