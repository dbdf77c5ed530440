"""Whose clock is meant when a customer is told a time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from app.compliance.whereabouts import Whereabouts, read_whereabouts
from app.domain.hotline import Hotline

_AHEAD: Final = (timedelta(0), timedelta(days=7), timedelta(days=14))  # no promise reaches further


def zone_of(where: Whereabouts, hotline: Hotline, now: datetime) -> ZoneInfo:
    """The customer's own zone; the hotline's if theirs may be one of several whose clocks differ, or is not known.

    Of zones that agree any will do (a British number may lie in London or on Jersey); it is the last by name.
    """
    agree = len(_offsets([ZoneInfo(zone) for zone in where.zones], now)) == 1
    return ZoneInfo(where.zones[-1]) if agree and where.is_zone_known else hotline.zone


def is_zone_told(where: Whereabouts, hotline: Hotline, now: datetime) -> bool:
    """Whether a time needs the name of its zone: in the coming days the clocks that may be meant differ."""
    return len(_offsets([hotline.zone, *map(ZoneInfo, where.zones)], now)) > 1


def _offsets(zones: Sequence[ZoneInfo], now: datetime) -> set[tuple[timedelta | None, ...]]:
    """How far these clocks are from UTC now and in the coming days; one entry if they agree."""
    return {tuple((now + ahead).astimezone(zone).utcoffset() for ahead in _AHEAD) for zone in zones}


def told_zone(where: Whereabouts, hotline: Hotline, now: datetime) -> str:
    """The zone that times are told in with its name, as flows keep it under `zone`; "" where it goes without saying."""
    return zone_of(where, hotline, now).key if is_zone_told(where, hotline, now) else ""


def zone_told_for(written: str | None, hotline: Hotline, now: datetime) -> str:
    """The same for the whereabouts that stand with a promise, see `app.compliance.whereabouts`; "" if none do."""
    return told_zone(read_whereabouts(written), hotline, now) if written else ""
