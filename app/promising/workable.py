"""When a customer can be called back: the hotline is open and the law allows it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from app.compliance.calling_hours import HORIZON_DAYS, lawful_spans
from app.compliance.whereabouts import Whereabouts
from app.domain.business_hours import opening_spans
from app.domain.hotline import Hotline
from app.domain.spans import Span, common

QUARTER: Final = timedelta(minutes=15)


def workable_spans(hotline: Hotline, where: Whereabouts, since: datetime, days: int = HORIZON_DAYS) -> Iterator[Span]:
    """The times from `since` on at which humans are on duty and the customer may be called, in order, in UTC.

    Raises:
        LawUnknown: if no rule of law is in force.
    """
    return common(opening_spans(hotline, since, days), lawful_spans(where, since, days=days))


def round_down(at: datetime) -> datetime:
    """The quarter of an hour at or before; quarters are the same in every zone."""
    return at.replace(minute=at.minute - at.minute % 15, second=0, microsecond=0)


def round_up(at: datetime) -> datetime:
    """The quarter of an hour at or after: a time that can be spoken."""
    down = round_down(at)
    return down if down == at else down + QUARTER
