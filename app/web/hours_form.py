"""The form of hours and rosters: from its fields to the words of the hotline file, and back."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from werkzeug.datastructures import MultiDict

from app.domain.competence import CASE_KINDS
from app.domain.errors import BadFile, Invalid
from app.ivr.hotline_values import DAYS
from app.ivr.hotline_week import read_hours

MOST_SHIFTS: Final = 20
_BETWEEN: Final = re.compile(r"\s*[,;]\s*|\s+(?=\d{1,2}:)")
_LONGEST: Final = 100
_NO_HOURS: Final = "are no hours; write them as 08:00-18:00, several with a comma between them, in order"


def read_week_form(form: MultiDict[str, str], languages: Sequence[str]) -> dict[str, Any]:
    """What was entered of every week, in the words of the hotline file.

    Raises:
        Invalid: with the first entry that is none.
    """
    shifts = [_shift(form, number, languages) for number in range(MOST_SHIFTS) if form.get(f"people-{number}")]
    written: dict[str, Any] = {"opening": _days(form, "open"), "holidays": _hours(form.get("holidays", ""))}
    urgent = _days(form, "urgent")
    return {**written, **({"urgent_hours": urgent} if urgent else {}), **({"staffing": shifts} if shifts else {})}


def read_day_form(form: MultiDict[str, str]) -> dict[str, Any]:
    """What was entered of single days; no hours: closed.

    Raises:
        Invalid: if it is none.
    """
    return {"hours": _hours(form.get("hours", ""))}


def written_week_form(week: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of the form, from the words of the file or from what was typed before."""
    if isinstance(week, MultiDict):
        shifts = [
            {
                **{name: week.get(f"{name}-{number}", "") for name in ("people", *DAYS)},
                "languages": week.getlist(f"languages-{number}"),
                "skills": week.getlist(f"skills-{number}"),
            }
            for number in range(MOST_SHIFTS)
            if week.get(f"people-{number}")
        ]
        plain = {name: week.get(name, "")[:_LONGEST] for name in _fields()}
        has_urgent = any(plain[f"urgent-{day}"] for day in DAYS)
        return {**plain, "from": week.get("from", ""), "shifts": shifts, "has_urgent": has_urgent}
    fields = {f"open-{day}": _in_a_row(week["opening"].get(day, [])) for day in DAYS}
    fields |= {f"urgent-{day}": _in_a_row(week["urgent_hours"].get(day, [])) for day in DAYS}
    fields["holidays"] = _in_a_row(week["holidays"])
    shifts = [_shift_fields(shift) for shift in week["staffing"]]
    return {**fields, "from": "", "shifts": shifts, "has_urgent": bool(week["urgent_hours"])}


def written_day_form(form: MultiDict[str, str]) -> dict[str, Any]:
    """The fields of the form about single days, as they were typed."""
    return {name: form.get(name, "")[:_LONGEST] for name in ("from", "last", "hours", "change")}


def _fields() -> list[str]:
    return [*(f"open-{day}" for day in DAYS), *(f"urgent-{day}" for day in DAYS), "holidays"]


def _shift_fields(shift: Mapping[str, Any]) -> dict[str, Any]:
    hours = shift.get("hours", {})
    fields = {day: _in_a_row(hours.get(day, [])) for day in DAYS}
    return {
        "people": shift["people"],
        "languages": shift["languages"],
        "skills": shift.get("skills", []),
        **fields,
    }


def _shift(form: MultiDict[str, str], number: int, languages: Sequence[str]) -> dict[str, Any]:
    people = form[f"people-{number}"].strip()
    if not (people.isascii() and people.isdecimal() and 1 <= int(people[:9]) <= 10_000):
        raise Invalid("people", "is no number of people; leave the row empty if nobody is there")
    spoken = [code for code in languages if code in form.getlist(f"languages-{number}")]
    skills = [kind for kind in CASE_KINDS if kind in form.getlist(f"skills-{number}")]
    hours = {day: found for day in DAYS if (found := _hours(form.get(f"{day}-{number}", "")))}
    shift: dict[str, Any] = {"people": people, "languages": spoken or list(languages)}
    return {**shift, **({"hours": hours} if hours else {}), **({"skills": skills} if skills else {})}


def _days(form: MultiDict[str, str], name: str) -> dict[str, list[str]]:
    return {day: found for day in DAYS if (found := _hours(form.get(f"{name}-{day}", "")))}


def _hours(typed: str) -> list[str]:
    """The hours of one day, as people write them: with a long dash, without a leading zero, with blanks.

    Raises:
        Invalid: if they are none.
    """
    plain = re.sub(r"\s*[-–—]\s*", "-", typed.strip())
    spans = [re.sub(r"(?<!\d)(\d:)", r"0\1", each) for each in _BETWEEN.split(plain) if each]
    if len(typed) > _LONGEST:
        raise Invalid("hours", _NO_HOURS)
    if not spans:
        return []
    try:
        read_hours(spans)
    except BadFile:
        raise Invalid("hours", _NO_HOURS) from None
    return spans


def _in_a_row(hours: Sequence[str]) -> str:
    return ", ".join(each.replace("-", "–") for each in hours)
