"""When people call over many days: most on Mondays and in the mornings, few on Sundays and holidays."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from random import Random
from typing import Final

from app.domain.business_hours import is_holiday
from app.domain.hotline import Hotline

BY_HOUR: Final = (1, 1, 1, 1, 1, 2, 4, 8, 14, 18, 18, 16, 14, 15, 16, 16, 15, 14, 12, 10, 8, 6, 4, 2)
"""How many of a hundred-odd calls come in each hour of the day, where the callers live."""

BY_WEEKDAY: Final = (23, 19, 18, 17, 15, 5, 3)  # Monday first
HOLIDAY: Final = 4  # on the same scale: a little more than a Sunday
ERRANDS: Final = {"complaint": 60, "cancellation": 10, "human": 12, "matter": 13, "nothing": 5}
"""What a hundred callers of a month want; "nothing": they hang up while they are greeted."""

LANGUAGES: Final = {"de": 55, "en": 25, "pt-BR": 14, "bs": 6}
_MAIN_LANGUAGE: Final = 3  # times as often as elsewhere where it is the hotline's own


def days_of(begins_at: datetime, days: int, hotline: Hotline) -> list[date]:
    """The local calendar days of a stretch of time; the first is the first that begins in it."""
    local = begins_at.astimezone(hotline.zone)
    first = local.date() + timedelta(days=local.time() > time())
    return [first + timedelta(days=number) for number in range(days)]


def weight_of(day: date, hotline: Hotline) -> int:
    """How many people call on a day, compared with others."""
    if is_holiday(day, hotline.country, hotline.subdivision):
        return HOLIDAY
    return BY_WEEKDAY[day.weekday()]


def moments(dice: Random, hotline: Hotline, begins_at: datetime, days: int, calls: int) -> list[datetime]:
    """When each of so many people calls, in order, in UTC; none before `begins_at`."""
    calendar = days_of(begins_at, days, hotline)
    chosen = dice.choices(calendar, [weight_of(day, hotline) for day in calendar], k=calls)
    hours = dice.choices(range(24), BY_HOUR, k=calls)
    found = []
    for day, hour in zip(chosen, hours, strict=True):
        midnight = datetime(day.year, day.month, day.day, tzinfo=hotline.zone)
        at = midnight + timedelta(hours=hour, seconds=round(dice.uniform(0, 3599), 1))
        found.append(max(begins_at, at.astimezone(begins_at.tzinfo)))
    return sorted(found)


def language_weights(hotline: Hotline, known: list[str]) -> dict[str, int]:
    """How many of a hundred-odd callers of a hotline speak each language that it knows."""
    main = hotline.languages[0]
    return {
        language: LANGUAGES.get(language, 5) * (_MAIN_LANGUAGE if language == main else 1)
        for language in hotline.languages
        if language in known
    }
