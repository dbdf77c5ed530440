"""How values look in a text message: figures, no "today" (it is read tomorrow), a number as it is printed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import phonenumbers

from app.domain.protocol import grouped, is_protocol
from app.ivr.spoken import SPECS, Spoken, in_zone, is_far, local_end, read_day, read_instant, read_time
from app.ivr.spoken_forms import SpokenForms


def written(
    spec: str, value: Any, forms: SpokenForms, *, now: datetime, zone: ZoneInfo, name_zone: bool = False
) -> str:
    """The letters and figures for a value; the arguments are those of `app.ivr.spoken.spoken`.

    Raises:
        KeyError: if there is no such spec.
        ValueError: if the value is not of its kind.
    """
    words = WRITTEN[spec](value, forms, now, zone)
    return in_zone(words, forms, zone) if name_zone and spec in ("deadline", "moment") else words


def _clock(hour: int, minute: int, forms: SpokenForms) -> str:
    moment = forms.moments.get(f"{hour:02d}:{minute:02d}")
    if moment:
        return moment
    half = forms.halves[1] if 12 <= hour < 24 else forms.halves[0]
    return forms.patterns["written_time"].format(
        h=hour, hh=f"{hour:02d}", h12=hour % 12 or 12, mm=f"{minute:02d}", half=half
    )


def _day(day: date, forms: SpokenForms, *, with_year: bool) -> str:
    pattern = forms.patterns["written_date_with_year" if with_year else "written_date"]
    return pattern.format(d=day.day, month=forms.months[day.month - 1], year=day.year)


def _deadline(value: Any, forms: SpokenForms, now: datetime, zone: ZoneInfo) -> str:
    return _when(value, forms, forms.weekdays, now, zone)


def _moment(value: Any, forms: SpokenForms, now: datetime, zone: ZoneInfo) -> str:
    return _when(value, forms, forms.weekdays_named, now, zone)


def _when(value: Any, forms: SpokenForms, weekdays: tuple[str, ...], now: datetime, zone: ZoneInfo) -> str:
    day, hour, minute = local_end(read_instant(value), now, zone)
    return forms.patterns["written_deadline"].format(
        weekday=weekdays[day.weekday()],
        date=_day(day, forms, with_year=is_far(day, now, zone)),
        time=_clock(hour, minute, forms),
    )


def _date(value: Any, forms: SpokenForms, now: datetime, zone: ZoneInfo) -> str:
    day = read_day(value, zone)
    return _day(day, forms, with_year=is_far(day, now, zone))


def _time(value: Any, forms: SpokenForms, now: datetime, zone: ZoneInfo) -> str:
    return _clock(*read_time(value, zone), forms)


def _digits(value: Any, forms: SpokenForms, now: datetime, zone: ZoneInfo) -> str:
    text = str(value)
    return grouped(text) if is_protocol(text) else text


def _phone(value: Any, forms: SpokenForms, now: datetime, zone: ZoneInfo) -> str:
    try:
        number = phonenumbers.parse(str(value))
    except phonenumbers.NumberParseException:
        return str(value)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


WRITTEN: Final[Mapping[str, Spoken]] = {
    **SPECS,
    "deadline": _deadline,
    "moment": _moment,
    "date": _date,
    "time": _time,
    "digits": _digits,
    "phone": _phone,
    "address": SPECS["plain"],
}
