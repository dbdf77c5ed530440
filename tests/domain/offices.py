"""Hotlines to compute with, and the nights in which clocks change."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from app.domain.hotline import Company, Hotline, Hours

ZONES = (
    "Europe/Berlin",
    "Europe/London",
    "Europe/Sarajevo",
    "America/New_York",
    "America/Los_Angeles",
    "America/St_Johns",
    "America/Sao_Paulo",
    "America/Santiago",
    "America/Havana",
    "Africa/Cairo",
    "Africa/Casablanca",
    "Asia/Beirut",
    "Australia/Lord_Howe",
    "Pacific/Auckland",
    "Pacific/Chatham",
)

DAY: Hours = ((time(9), time(17)),)
NIGHT: Hours = ((time(22), time(6)),)
ALWAYS: Hours = ((time(0), time(0)),)

BERLIN = Hotline(
    name="haushalt",
    numbers=("+493012345678",),
    flow="main",
    languages=("de", "en"),
    zone=ZoneInfo("Europe/Berlin"),
    jurisdiction="de",
    country="DE",
    subdivision="BE",
    opening=dict.fromkeys(range(5), DAY),
    company=Company("Muster GmbH", "Musterweg 1, Berlin", "post@example.org", "HRB 1", "https://example.org"),
)


def hotline(**but: Any) -> Hotline:
    """The Berlin hotline, open Monday to Friday from 9 to 17, but for what is said."""
    if isinstance(but.get("zone"), str):
        but["zone"] = ZoneInfo(but["zone"])
    return replace(BERLIN, **but)


@cache
def clock_changes(zone: str) -> tuple[datetime, ...]:
    """Every instant from 2020 to 2035 at which the clocks of a zone change."""
    place = ZoneInfo(zone)
    at, end = datetime(2020, 1, 1, tzinfo=UTC), datetime(2036, 1, 1, tzinfo=UTC)
    changes = []
    while at < end:
        if _offset(at, place) != _offset(at + timedelta(hours=12), place):
            changes.append(_change(at, at + timedelta(hours=12), place))
        at += timedelta(hours=12)
    return tuple(changes)


def around(change: datetime, hours: int = 40, step_minutes: int = 15) -> list[datetime]:
    """The instants before and after a clock change."""
    start = change - timedelta(hours=hours)
    return [start + timedelta(minutes=step_minutes) * step for step in range(2 * hours * 60 // step_minutes)]


def _offset(at: datetime, zone: ZoneInfo) -> timedelta | None:
    return at.astimezone(zone).utcoffset()


def _change(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    while after - before > timedelta(minutes=1):
        middle = before + (after - before) / 2
        if _offset(middle, zone) == _offset(before, zone):
            before = middle
        else:
            after = middle
    return after.replace(second=0, microsecond=0)
