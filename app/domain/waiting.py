"""In which order those are served who wait for a human. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import Final, TypeAlias

Turn: TypeAlias = tuple[bool, int, datetime]

_PLACES: Final = {"before": -1, "with": 0, "after": 1}


def turn_of(*, urgent: bool, joined_at: datetime, goes: str = "with") -> Turn:
    """When it is a caller's turn: the least goes first.

    Args:
        goes: where the queue of the caller stands among the others: before, with or after them.

    Example:
        >>> from datetime import UTC
        >>> nine, ten = datetime(2026, 3, 2, 9, tzinfo=UTC), datetime(2026, 3, 2, 10, tzinfo=UTC)
        >>> turn_of(urgent=False, joined_at=nine, goes="after") < turn_of(urgent=False, joined_at=ten)
        False
    """
    return (not urgent, _PLACES[goes], joined_at)
