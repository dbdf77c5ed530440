"""The values of a hotline file: numbers, zones, days, hours and spans of time, each read from text."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from datetime import date, time, timedelta
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

from app.domain.hotline import Hours
from app.domain.phone_number import parse_phone
from app.domain.yaml_source import Node
from app.ivr.fields import Reading, guess

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CAUSES: Final = ("busy", "no_answer", "machine", "failed")
_T = TypeVar("_T")
_SPAN = re.compile(r"([0-9]{1,4}) ?(s|min|h|d)", re.ASCII)
_UNITS: Final = {"s": "seconds", "min": "minutes", "h": "hours", "d": "days"}
_HOURS = re.compile(r"([0-9]{2}:[0-9]{2})-([0-9]{2}:[0-9]{2})", re.ASCII)


def number(reading: Reading, node: Node) -> str:
    """A telephone number in E.164 form."""

    def parse(text: str) -> str | None:
        parsed = parse_phone(text, "ZZ") if text.startswith("+") else None
        return None if parsed is None else parsed.e164

    problem = "is no valid number; write it with + and the country, as in +493012345600"
    return _parsed(reading, node, parse, "", problem)


def zone(reading: Reading, node: Node) -> ZoneInfo:
    """A time zone by its name."""

    def parse(text: str) -> ZoneInfo | None:
        try:
            return ZoneInfo(text)
        except (KeyError, ValueError, OSError):  # no such zone, no such form, a folder of zones
            return None

    return _parsed(reading, node, parse, ZoneInfo("UTC"), "is no time zone; write it as in Europe/Berlin")


def day(reading: Reading, node: Node) -> date:
    """A calendar day."""

    def parse(text: str) -> date | None:
        try:
            return date.fromisoformat(text)
        except ValueError:
            return None

    return _parsed(reading, node, parse, date.min, "is no day; write it as in 2026-12-24")


def span(reading: Reading, node: Node) -> timedelta:
    """A span of time, longer than none."""

    def parse(text: str) -> timedelta | None:
        match = _SPAN.fullmatch(text)
        return timedelta(**{_UNITS[match[2]]: int(match[1])}) if match and int(match[1]) else None

    return _parsed(reading, node, parse, timedelta(hours=1), "is no span of time; write it as in 45 s, 10 min or 4 h")


def spacing(reading: Reading, node: Node) -> dict[str, timedelta]:
    """Cause of a failed attempt → how long to wait before the next."""
    parts = reading.entries(node)
    reading.faults.extend(node.unknown_keys(CAUSES) if parts else [])
    return {cause: span(reading, each) for cause, each in parts.items()}


def opening(reading: Reading, node: Node) -> dict[int, Hours]:
    """Weekday (Monday is 0) → local hours. Written ``mon-fri: 08:00-18:00``, or a list of such hours."""
    found: dict[int, Hours] = {}
    parts = reading.entries(node)
    for days, written in parts.items():
        numbers = _days(days)
        if numbers is None:
            reading.faults.append(node.key_fault(days, f"{days!r} is no day; write mon or mon-fri{guess(days, DAYS)}"))
            continue
        found_hours = hours(reading, written)
        for each in numbers:
            if each in found:
                reading.faults.append(node.key_fault(days, f"{DAYS[each]} has its hours already; keep one line"))
            found[each] = found_hours
    return dict(sorted(found.items()))


def hours(reading: Reading, node: Node) -> Hours:
    """The local hours of one day: ``08:00-18:00``, or a list of such."""
    spans: list[tuple[time, time]] = []
    for each in (node,) if node.is_text else reading.items(node):
        times = _parsed(reading, each, _span_of_day, None, "are no hours; write them as in 08:00-18:00")
        if times and spans and not spans[-1][1] < times[0]:
            reading.faults.append(each.fault("begin before the hours above end; put them in order, without overlap"))
        elif times:
            spans.append(times)
    return tuple(spans)


def words(reading: Reading, node: Node, known: Collection[str]) -> tuple[str, ...]:
    """Several words of those that are known, each once."""
    found = tuple(one_of(reading, each, known) for each in reading.items(node))
    if not found or len(set(found)) < len(found):
        reading.faults.append(node.fault("name at least one, and each only once"))
    return found


def one_of(reading: Reading, node: Node, known: Collection[str]) -> str:
    """One of the words that are known."""
    word = reading.text(node)
    if word and word not in known:
        reading.faults.append(node.fault(f"{word!r} is not known here; known are {', '.join(known)}"))
    return word


def _days(text: str) -> range | None:
    first, _, last = text.partition("-")
    last = last or first
    if first not in DAYS or last not in DAYS or DAYS.index(first) > DAYS.index(last):
        return None
    return range(DAYS.index(first), DAYS.index(last) + 1)


def _span_of_day(text: str) -> tuple[time, time] | None:
    match = _HOURS.fullmatch(text)
    try:
        return (time.fromisoformat(match[1]), time.fromisoformat(match[2].replace("24:00", "00:00"))) if match else None
    except ValueError:
        return None


def _parsed(reading: Reading, node: Node, parse: Callable[[str], _T | None], otherwise: _T, problem: str) -> _T:
    """What the text at this place means; a fault and `otherwise` if it means nothing."""
    text = reading.text(node)
    value = parse(text) if text else otherwise
    if value is None and text:
        reading.faults.append(node.fault(f"{text!r} {problem}"))
    return otherwise if value is None else value
