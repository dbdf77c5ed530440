"""Days on which a hotline is open otherwise than in every week, and why, in a caller's language (T3)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Final

import holidays

from app.domain.business_hours import is_holiday, opening_hours_on, week_on
from app.domain.hotline import Hotline, Hours

AHEAD: Final = 7
"""Days that are told of when somebody asks for the hours, today among them."""

HOLIDAY: Final = "holiday"
"""The prompt that stands for a public holiday whose name is not known in a language."""

CLOSED_DAY: Final = "closed_day"
"""The prompt that stands for a day on which this hotline is closed, and not everybody."""

_NAMED_IN: Final = {"de": "de", "en": "en_US", "pt-BR": "pt_BR", "bs": "bs"}


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A day with hours of its own."""

    day: date
    why: str  # the name of a holiday, or the prompt that stands for it
    hours: Hours  # none: closed


OTHER_HOURS: Final = "other_hours"
"""The prompt that stands for a day on which this hotline is open otherwise, and not everybody."""


def special_day(hotline: Hotline, day: date, language: str, today: date | None = None) -> SpecialDay | None:
    """A day whose hours are not those of every week; None for any other.

    Args:
        today: weeks as they are on this day are the usual ones; None: as they are on the day asked about.
    """
    usual, hours = week_on(hotline, today or day).opening.get(day.weekday(), ()), opening_hours_on(hotline, day)
    if hours == usual:
        return None
    if hours and (day in hotline.days or not is_holiday(day, hotline.country, hotline.subdivision)):
        return SpecialDay(day, OTHER_HOURS, hours)
    if day in hotline.closed_on or not is_holiday(day, hotline.country, hotline.subdivision):
        return SpecialDay(day, CLOSED_DAY, hours)
    name = _name(day, hotline.country, hotline.subdivision, _NAMED_IN.get(language, language))
    return SpecialDay(day, name or HOLIDAY, hours)


def special_days(hotline: Hotline, now: datetime, language: str) -> Iterator[SpecialDay]:
    """Those of the next week, in order."""
    today = now.astimezone(hotline.zone).date()
    for number in range(AHEAD):
        special = special_day(hotline, today + timedelta(days=number), language, today)
        if special is not None:
            yield special


@lru_cache(maxsize=256)
def _name(day: date, country: str, subdivision: str | None, language: str) -> str | None:
    """What a holiday is called in a language; None if that is not known."""
    known = holidays.country_holidays(country, subdiv=subdivision, years=day.year, language=language)
    supported: tuple[str, ...] = tuple(getattr(known, "supported_languages", ()))
    return known.get(day) if language in supported or language == known.default_language else None
