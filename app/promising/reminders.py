"""When somebody is reminded of a promise: while there is still room to keep it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from app.domain.spans import Span, after_spending


class Level(StrEnum):
    """Who is reminded."""

    OWNER = "owner"  # who holds the promise, else the agents on duty who speak the language
    SUPERVISOR = "supervisor"  # who can have somebody else save it


SPENT: Final = {Level.OWNER: 0.5, Level.SUPERVISOR: 0.75}
"""The share of its slack that a promise has used up when each level is reminded."""


def moments(
    made_at: datetime, latest_start_at: datetime, opening: Sequence[Span], *, at_risk: bool
) -> dict[Level, datetime]:
    """When each level is reminded of a promise.

    Slack is counted in opening hours: a reminder at night would find nobody.

    Args:
        latest_start_at: when the first of the remaining attempts must start.
        opening: the hotline's hours from `made_at` on, in order, at least up to `latest_start_at`.
        at_risk: nobody knows how to keep it; then everybody is reminded at once.

    Returns:
        An instant for each level, never before `made_at`; where no slack is left, `latest_start_at`.

    Source:
        promises.md, escalation: the owner at half of the slack, a supervisor at a quarter.
    """
    if at_risk or latest_start_at <= made_at:
        return dict.fromkeys(Level, made_at)
    room = sum(
        (
            min(span.end, latest_start_at) - max(span.start, made_at)
            for span in opening
            if _overlaps(span, made_at, latest_start_at)
        ),
        timedelta(0),
    )
    if not room:
        return dict.fromkeys(Level, latest_start_at)
    return {level: after_spending(opening, made_at, room * share) or latest_start_at for level, share in SPENT.items()}


def _overlaps(span: Span, start: datetime, end: datetime) -> bool:
    return span.start < end and span.end > start
