"""How values sound: instants, days, numbers and telephone numbers, in each language, for a synthesizer to read.

What depends on the language is data (`app.ivr.spoken_forms`); what is written in text messages instead of spoken
is in `app.ivr.written`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, Final, TypeAlias
from zoneinfo import ZoneInfo

import phonenumbers
from babel.dates import get_timezone_location

from app.ivr.spoken_forms import Counted, SpokenForms

FAR: Final = timedelta(days=180)
"""A day further away than this is named with its year."""

_TIME_OF_DAY: Final = re.compile(r"([01]?[0-9]|2[0-4]):([0-5][0-9])(?::[0-9]{2})?", re.ASCII)

Spoken: TypeAlias = Callable[[Any, SpokenForms, datetime, ZoneInfo], str]


def spoken(spec: str, value: Any, forms: SpokenForms, *, now: datetime, zone: ZoneInfo, name_zone: bool = False) -> str:
    """The words for a value.

    Args:
        spec: one of `SPECS`.
        value: for deadline, moment and time an instant (ISO 8601 with offset, or aware), for time also "09:00" as it
            stands, for date a day, for minutes a number, for digits and phone text.
        now: aware; decides what is today, tomorrow and far away.
        zone: of the person who listens.
        name_zone: whether a deadline tells whose time it is, "Ortszeit Berlin".

    Raises:
        KeyError: if there is no such spec.
        ValueError: if the value is not of its kind.
    """
    words = SPECS[spec](value, forms, now, zone)
    return in_zone(words, forms, zone) if name_zone and spec in ("deadline", "moment") else words


def read_instant(value: str | datetime) -> datetime:
    """An instant from ISO 8601.

    Raises:
        ValueError: if it is none, or has no offset.
    """
    instant = datetime.fromisoformat(value) if isinstance(value, str) else value
    if instant.utcoffset() is None:
        raise ValueError("an instant needs its offset from UTC")
    return instant


def read_time(value: Any, zone: ZoneInfo) -> tuple[int, int]:
    """Hour and minute of an instant on a zone's clock, or of a time of day such as "09:00" or "24:00" as it stands.

    Raises:
        ValueError: if it is neither.
    """
    of_day = _TIME_OF_DAY.fullmatch(value) if isinstance(value, str) else None
    if of_day:
        return int(of_day[1]), int(of_day[2])
    local = read_instant(value).astimezone(zone)
    return local.hour, local.minute


def local_end(instant: datetime, now: datetime, zone: ZoneInfo) -> tuple[date, int, int]:
    """Day, hour and minute on the clock of who listens; a coming midnight is hour 24 of the day that it ends.

    "Thursday, midnight" is understood as either end of Thursday; "Thursday, 24 o'clock" is not.
    """
    local = instant.astimezone(zone)
    if instant > now and (local.hour, local.minute, local.second) == (0, 0, 0):
        return local.date() - timedelta(days=1), 24, 0
    return local.date(), local.hour, local.minute


def is_far(day: date, now: datetime, zone: ZoneInfo) -> bool:
    """Whether a day is so far from today that its year must be said."""
    return abs(day - now.astimezone(zone).date()) > FAR


def number(count: int, forms: SpokenForms, own_words: Mapping[int, str]) -> str:
    """A number in words, or in figures where the language's synthesizer reads them well."""
    if count in own_words:
        return own_words[count]
    if not forms.units or not 0 <= count < 100:
        return str(count)
    if count < 20:
        return forms.units[count]
    tens, unit = forms.tens[count // 10], count % 10
    return f"{tens} {own_words.get(unit, forms.units[unit])}" if unit else tens


def counted(count: int, forms: SpokenForms, thing: Counted) -> str:
    """A number with the thing it counts, in the plural that the language asks for."""
    form = thing.forms.get(forms.plural(count)) or thing.forms["other"]
    return form.format(n=number(count, forms, thing.own_words))


_POSTAL_CODE: Final = re.compile(r"[0-9]{4,}")
"""Digits in an address that are said one by one; a house number is a number."""


def digit_by_digit(digits: str, forms: SpokenForms) -> str:
    """Digits and single letters one by one with short pauses, a longer one after every third, none alone at the end."""
    said = [_sign(sign, forms) for sign in digits if sign.isalnum()]
    groups: list[list[str]] = []
    while said:
        size = len(said) if len(said) <= 4 else 3
        groups.append(said[:size])
        said = said[size:]
    return "; ".join(", ".join(group) for group in groups)


def _sign(sign: str, forms: SpokenForms) -> str:
    return forms.digits[int(sign)] if sign.isascii() and sign.isdecimal() else sign.upper()


def _deadline(value: Any, forms: SpokenForms, now: datetime, zone: ZoneInfo) -> str:
    return _when(value, forms, forms.weekdays, now, zone)


def _moment(value: Any, forms: SpokenForms, now: datetime, zone: ZoneInfo) -> str:
    return _when(value, forms, forms.weekdays_named, now, zone)


def _when(value: Any, forms: SpokenForms, weekdays: tuple[str, ...], now: datetime, zone: ZoneInfo) -> str:
    instant = read_instant(value)
    day, hour, minute = local_end(instant, now, zone)
    time = _clock(hour, minute, forms)
    at = (forms.at.get(forms.plural(hour)) or forms.at["other"]).format(time=time)
    today = now.astimezone(zone).date()
    if day == today:
        return forms.patterns["today"].format(time=time, at=at)
    if day == today + timedelta(days=1):
        return forms.patterns["tomorrow"].format(time=time, at=at)
    weekday = weekdays[day.weekday()]
    said = _day(day, forms, with_year=is_far(day, now, zone))
    return forms.patterns["another_day"].format(weekday=weekday, date=said, time=time, at=at)


def in_zone(when: str, forms: SpokenForms, zone: ZoneInfo) -> str:
    """A time with the name of the city whose clock is meant."""
    city = get_timezone_location(zone, locale=forms.locale, return_city=True)
    return forms.patterns["in_zone"].format(when=when, city=city)


def _clock(hour: int, minute: int, forms: SpokenForms) -> str:
    moment = forms.moments.get(f"{hour:02d}:{minute:02d}")
    if moment:
        return moment
    half = forms.halves[1] if 12 <= hour < 24 else forms.halves[0]
    shown = (hour % 12 or 12) if half else hour
    hours = counted(shown, forms, forms.hour)
    if minute == 0:
        return forms.patterns["whole_hour"].format(hour=hours, half=half)
    minutes = counted(minute, forms, forms.minute)
    return forms.patterns["hour_and_minute"].format(hour=hours, minute=minutes, mm=f"{minute:02d}", half=half)


def _day(day: date, forms: SpokenForms, *, with_year: bool) -> str:
    said, month = counted(day.day, forms, forms.day), forms.months[day.month - 1]
    if with_year:
        return forms.patterns["date_with_year"].format(day=said, month=month, year=_year(day.year, forms))
    return forms.patterns["date"].format(day=said, month=month)


def _year(year: int, forms: SpokenForms) -> str:
    century, rest = divmod(year, 100)
    if not forms.year_ordinals or century != 20 or rest == 0:
        return str(year)
    if rest < 20:
        return forms.year_ordinals[rest]
    if rest % 10 == 0:
        return forms.year_tens[rest // 10]
    return f"{forms.tens[rest // 10]} {forms.year_ordinals[rest % 10]}"


def read_day(value: Any, zone: ZoneInfo) -> date:
    """The day that a slot names: a date, or the local day of an instant, each also as ISO 8601 text."""
    if isinstance(value, str):
        value = date.fromisoformat(value) if len(value) == len("2026-03-02") else datetime.fromisoformat(value)
    return value.astimezone(zone).date() if isinstance(value, datetime) else value


def _date(value: Any, forms: SpokenForms, now: datetime, zone: ZoneInfo) -> str:
    day = read_day(value, zone)
    return _day(day, forms, with_year=is_far(day, now, zone))


def _time(value: Any, forms: SpokenForms, now: datetime, zone: ZoneInfo) -> str:
    return _clock(*read_time(value, zone), forms)


def _minutes(value: Any, forms: SpokenForms, now: datetime, zone: ZoneInfo) -> str:
    count = int(value)
    return counted(count, forms, forms.minutes) if count > 0 else forms.less_than_a_minute


def _digits(value: Any, forms: SpokenForms, now: datetime, zone: ZoneInfo) -> str:
    text = str(value)
    if any(sign.isdecimal() for sign in text):
        return digit_by_digit(text, forms)
    return text


def _address(value: Any, forms: SpokenForms, now: datetime, zone: ZoneInfo) -> str:
    return _POSTAL_CODE.sub(lambda found: digit_by_digit(found[0], forms), str(value))


def _phone(value: Any, forms: SpokenForms, now: datetime, zone: ZoneInfo) -> str:
    plus, groups = _phone_groups(str(value))
    said = "; ".join(digit_by_digit(group, forms) for group in groups)
    return f"{forms.plus} {said}" if plus else said


@lru_cache(maxsize=256)
def _phone_groups(text: str) -> tuple[bool, tuple[str, ...]]:
    """Whether a number is international, and its groups of digits; kept, since a call repeats the one it has."""
    try:
        shown = phonenumbers.format_number(phonenumbers.parse(text), phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    except phonenumbers.NumberParseException:
        shown = text
    return shown.startswith("+"), tuple("".join(sign if sign.isdecimal() else " " for sign in shown).split())


def _plain(value: Any, forms: SpokenForms, now: datetime, zone: ZoneInfo) -> str:
    return str(value)


SPECS: Final[Mapping[str, Spoken]] = {
    "deadline": _deadline,
    "moment": _moment,
    "date": _date,
    "time": _time,
    "minutes": _minutes,
    "digits": _digits,
    "phone": _phone,
    "address": _address,
    "plain": _plain,
}
"""What a slot may ask for. A deadline fits behind "by"; a moment, the same in most languages, behind a colon."""
