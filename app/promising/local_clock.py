"""Whose clock is meant when a customer is told a time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from app.compliance.whereabouts import Whereabouts, read_whereabouts
from app.domain.hotline import Hotline

_AHEAD: Final = (timedelta(0), timedelta(days=7), timedelta(days=14))  # no promise reaches further


def zone_of(where: Whereabouts, hotline: Hotline) -> ZoneInfo:
    """The customer's own zone; the hotline's if theirs is not known for sure."""
    return ZoneInfo(where.zones[0]) if len(where.zones) == 1 and where.is_zone_known else hotline.zone


def is_zone_told(where: Whereabouts, hotline: Hotline, now: datetime) -> bool:
    """Whether a time needs the name of its zone: in the coming days the clocks that may be meant differ."""
    zones = [hotline.zone, *map(ZoneInfo, where.zones)]
    return any(len({(now + ahead).astimezone(zone).utcoffset() for zone in zones}) > 1 for ahead in _AHEAD)


def told_zone(where: Whereabouts, hotline: Hotline, now: datetime) -> str:
    """The zone that times are told in with its name, as flows keep it under `zone`; "" where it goes without saying."""
    return zone_of(where, hotline).key if is_zone_told(where, hotline, now) else ""


def zone_told_for(written: str | None, hotline: Hotline, now: datetime) -> str:
    """The same for the whereabouts that stand with a promise, see `app.compliance.whereabouts`; "" if none do."""
    return told_zone(read_whereabouts(written), hotline, now) if written else ""
