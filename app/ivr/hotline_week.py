"""How the weeks of a hotline are written: in its file, and in a change of them from a day on."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from app.domain.competence import CASE_KINDS
from app.domain.errors import BadFile
from app.domain.hotline import Hotline, Hours, Shift, Week
from app.domain.yaml_source import Node, parse_yaml
from app.ivr import hotline_values as values
from app.ivr.fields import Number, Reading

_PARTS: Final = ("opening", "holidays", "urgent_hours", "staffing")
_SHIFT: Final = ("people", "languages", "hours", "skills")


def week_parts(reading: Reading, parts: Mapping[str, Node], languages: tuple[str, ...]) -> dict[str, Any]:
    """What is said of every week, by the names of the fields of a `Week`.

    Args:
        parts: with an entry "opening" at least.
        languages: of the hotline.
    """
    opening = values.opening(reading, parts["opening"])
    urgent_hours = values.opening(reading, parts["urgent_hours"]) if "urgent_hours" in parts else {}
    if any(_overlap(hours, opening.get(day, ())) for day, hours in urgent_hours.items()):
        problem = "overlap the opening hours, in which urgent matters go first anyway; leave those out"
        reading.faults.append(parts["urgent_hours"].fault(problem))
    staffing = reading.items(parts["staffing"]) if "staffing" in parts else ()
    return {
        "opening": opening,
        "holiday_hours": values.hours(reading, parts["holidays"]) if "holidays" in parts else (),
        "urgent_hours": urgent_hours,
        "staffing": tuple(_shift(reading, each, languages) for each in staffing),
    }


def read_week(written: Mapping[str, Any], languages: tuple[str, ...], from_on: date) -> Week:
    """The weeks from a day on, from the same words as stand in the file, as JSON values.

    Raises:
        BadFile: with every fault.
    """
    reading, node = Reading({}), parse_yaml(json.dumps(written), "hours")
    parts = reading.entries(node)
    reading.faults.extend(node.unknown_keys(_PARTS))
    if "opening" not in parts:
        reading.faults.append(node.fault("the opening hours are missing"))
    made = week_parts(reading, parts, languages) if not reading.faults else {}
    if reading.faults:
        raise BadFile(reading.faults)
    return Week(from_on, **made)


def read_hours(written: list[str]) -> Hours:
    """The local hours of one day, such as 08:00-18:00, in order.

    Raises:
        BadFile: with every fault.
    """
    reading = Reading({})
    found = values.hours(reading, parse_yaml(json.dumps(written), "hours"))
    if reading.faults:
        raise BadFile(reading.faults)
    return found


def written_week(week: Hotline | Week) -> dict[str, Any]:
    """The same in words, as `read_week` takes them."""
    return {
        "opening": _written_days(week.opening),
        "holidays": written_hours(week.holiday_hours),
        "urgent_hours": _written_days(week.urgent_hours),
        "staffing": [_written_shift(shift) for shift in week.staffing],
    }


def written_hours(hours: Hours) -> list[str]:
    """The hours of one day in words."""
    return [f"{start:%H:%M}-{'24:00' if f'{end:%H:%M}' == '00:00' else f'{end:%H:%M}'}" for start, end in hours]


def _written_days(hours: Mapping[int, Hours]) -> dict[str, list[str]]:
    return {values.DAYS[day]: written_hours(spans) for day, spans in sorted(hours.items()) if spans}


def _written_shift(shift: Shift) -> dict[str, Any]:
    written: dict[str, Any] = {"people": str(shift.people), "languages": list(shift.languages)}
    if shift.hours is not None:
        written["hours"] = _written_days(shift.hours)
    if shift.skills:
        written["skills"] = list(shift.skills)
    return written


def _overlap(first: Hours, second: Hours) -> bool:
    """Whether hours of one day overlap; those that end at or before their start end on the next day."""

    def minutes(hours: Hours) -> list[tuple[int, int]]:
        times = [(a.hour * 60 + a.minute, b.hour * 60 + b.minute) for a, b in hours]
        return [(start, end if end > start else end + 24 * 60) for start, end in times]

    return any(a < d and c < b for a, b in minutes(first) for c, d in minutes(second))


def _shift(reading: Reading, node: Node, languages: tuple[str, ...]) -> Shift:
    """People of one shift: all languages, all kinds of case, whenever the hotline is open, unless it says otherwise."""
    parts = reading.entries(node)
    reading.faults.extend(node.unknown_keys(_SHIFT) if parts else [])
    if parts and "people" not in parts:
        reading.faults.append(node.fault("a shift needs 'people': how many are on duty"))
    return Shift(
        people=Number(1, 10_000).read(reading, parts["people"]) if "people" in parts else 0,
        languages=values.words(reading, parts["languages"], languages) if "languages" in parts else languages,
        hours=values.opening(reading, parts["hours"]) if "hours" in parts else None,
        skills=values.words(reading, parts["skills"], CASE_KINDS) if "skills" in parts else (),
    )
