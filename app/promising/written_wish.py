"""The time at which a customer wishes to be called, from what they write: "tomorrow after five", "Freitag um 10"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from app.domain.spans import Span, day_spans
from app.ivr.flow import phrase_of
from app.promising.wish import PARTS, WEEKDAYS, day_meant

AFTER, BEFORE, AT, O_CLOCK, PLEASE = "after_hour", "before_hour", "at_hour", "o_clock", "please_call"
"""The choices of the prompt files that stand around an hour, and those that add nothing to a wish."""

ANY: Final = "any_time"
_DAYS: Final = ("today", "tomorrow", *WEEKDAYS)
_LONGEST: Final = 4  # words of a phrase
_EARLIEST, _LATEST = time(8), time(21)
_AFTERNOON: Final = 8  # who writes a smaller hour means the afternoon: nobody is called at five in the morning
_AROUND: Final = frozenset((AFTER, BEFORE, AT))
_KNOWN: Final = frozenset((*_DAYS, *PARTS, ANY, *_AROUND, O_CLOCK, PLEASE))
_JOINED: Final = re.compile(r"(?<=[0-9])(?=[a-z])")


class WrittenWish(NamedTuple):
    """What a message wishes for."""

    days: tuple[str, ...]  # as `day_meant` takes them; more than one is no wish that can be granted
    hours: tuple[time, time] | None  # on the customer's clock; None: the whole day
    strange: int  # words that say something else

    @property
    def is_clear(self) -> bool:
        """Whether it names one time."""
        return len(self.days) < 2


class _Hour(NamedTuple):
    kind: str
    at: time
    words: int


def written_wish(body: str, choices: Mapping[str, str]) -> WrittenWish | None:
    """The wish in a message; None if it names neither a day nor a time of day.

    Args:
        choices: what may be said, see `app.ivr.words.Words.choices`.
    """
    words = tuple(_JOINED.sub(" ", " ".join(phrase_of(body))).split())
    days: list[str] = []
    parts: list[str] = []
    hours: list[_Hour] = []
    strange = place = 0
    while place < len(words):
        hour = _hour_at(words[place:], choices)
        if hour is not None:
            hours.append(hour)
            place += hour.words
            continue
        choice, taken = _phrase_at(words[place:], choices, _KNOWN)
        if choice in _DAYS:
            days.append(choice)
        elif choice in PARTS or choice == ANY:
            parts.append(choice)
        elif choice != PLEASE:
            strange += 1
        place += taken
    if not days and not hours and not PARTS.keys() & set(parts):  # "any time" alone names none
        return None
    days = list(dict.fromkeys(days))
    if len(set(parts)) > 1 or len(hours) > 2:
        return WrittenWish((*days, "or", "or"), None, strange)
    part = PARTS.get(parts[0]) if parts else None
    return WrittenWish(tuple(days), _span_of(hours) or part, strange)


def wished_span(wish: WrittenWish, now: datetime, zone: ZoneInfo) -> Span | None:
    """The instants of a wish; of hours without a day the next ones. None if they have passed, or are no hours.

    Args:
        zone: of the customer.
    """
    today = now.astimezone(zone).date()
    hours = wish.hours or (time(), time())
    day = day_meant(wish.days[0], today) if wish.days else today
    if day is None:
        return None
    spans = day_spans(day, (hours,), zone)
    if not wish.days and spans and spans[0].end <= now:
        spans = day_spans(day + timedelta(days=1), (hours,), zone)
    return spans[0] if spans and spans[0].end > now else None


def _hour_at(words: Sequence[str], choices: Mapping[str, str]) -> _Hour | None:
    """An hour with the word before it or after it that makes it one: "after 5", "17 Uhr", "at 5 30 pm"."""
    kind, place = _phrase_at(words, choices, _AROUND)
    place = place if kind else 0
    numbers = [int(word) for word in words[place : place + 2] if re.fullmatch("[0-9]{1,2}", word, re.ASCII)]
    if not numbers or not words[place].isdigit() or numbers[0] > 24:
        return None
    minute = numbers[1] if len(numbers) == 2 and numbers[1] < 60 and words[place + 1] in ("00", "15", "30", "45") else 0
    place += 1 + (len(numbers) == 2 and words[place + 1] in ("00", "15", "30", "45"))
    hour, is_named = numbers[0] % 24, bool(kind)
    if place < len(words) and words[place] in ("am", "pm"):
        hour, is_named, place = hour % 12 + 12 * (words[place] == "pm"), True, place + 1
    else:
        hour += 12 * (hour < _AFTERNOON)
        choice, taken = _phrase_at(words[place:], choices, frozenset({O_CLOCK}))
        if choice:
            is_named, place = True, place + taken
            if place < len(words) and words[place] in ("00", "15", "30", "45") and not minute:
                minute, place = int(words[place]), place + 1
    return _Hour(kind or AT, time(hour, minute), place) if is_named else None


def _phrase_at(words: Sequence[str], choices: Mapping[str, str], wanted: frozenset[str]) -> tuple[str, int]:
    """The choice that the longest phrase at the beginning means, and how many words it has; "" and 1 if none."""
    for length in range(min(_LONGEST, len(words)), 0, -1):
        choice = choices.get(" ".join(words[:length]))
        if choice in wanted:
            return choice, length
    return "", 1


def _span_of(hours: Sequence[_Hour]) -> tuple[time, time] | None:
    if not hours:
        return None
    if len(hours) == 2:
        first, last = sorted(each.at for each in hours)
        return (first, last) if first < last else None
    kind, at, _ = hours[0]
    if kind == AFTER:
        return at, max(_LATEST, _later(at))
    if kind == BEFORE:
        return min(_EARLIEST, at), at
    return at, _later(at)


def _later(at: time) -> time:
    """An hour later, and midnight at the latest."""
    return time(at.hour + 1, at.minute) if at.hour < 23 else time(23, 59)
