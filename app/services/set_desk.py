"""How somebody sets up their own desk: what a line of the queue tells, keys, reminders, and in which zone they live."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any, Final
from zoneinfo import ZoneInfo, available_timezones

import sqlalchemy as sa
from sqlalchemy import orm

from app.models.staff import Staff

COLUMNS: Final = ("protocol", "caller", "language", "tries", "next_try", "owner")
"""What a line of the queue may tell beside deadline, subject and standing, which it always tells."""

WAYS: Final = ("text", "email")
"""By what people of the office are reminded of promises while they are not at the desk."""

_USUAL: Final = ("protocol", "language", "tries", "owner")


def columns_of(staff: Staff) -> list[str]:
    """What somebody's lines tell, in their order."""
    chosen = (staff.desk or {}).get("columns")
    return [name for name in chosen if name in COLUMNS] if isinstance(chosen, list) else list(_USUAL)


def keys_of(staff: Staff) -> bool:
    """Whether single keys do something on somebody's pages (WCAG 2.1.4: they can be turned off)."""
    return bool((staff.desk or {}).get("keys", True))


def ways_of(staff: Staff) -> list[str]:
    """By what somebody wants to be reminded of promises when they are not at the desk: both, until they chose."""
    chosen = (staff.desk or {}).get("ways")
    return [way for way in WAYS if way in chosen] if isinstance(chosen, list) and chosen else list(WAYS)


@dataclass(frozen=True, slots=True)
class Alerts:
    """How the queue tells that something fell due, while it stands open; nothing until somebody chose it."""

    sound: int = 0  # volume, 0 to 100; 0: no sound
    note: bool = False  # a note of the system


def alerts_of(staff: Staff) -> Alerts:
    """How somebody is told that something fell due."""
    chosen = (staff.desk or {}).get("alerts")
    return (
        Alerts(min(100, max(0, int(chosen["sound"]))), bool(chosen["note"])) if isinstance(chosen, dict) else Alerts()
    )


@cache
def zones() -> tuple[str, ...]:
    """The zones that people may live in, by name."""
    return tuple(sorted(name for name in available_timezones() if "/" in name and not name.startswith("Etc/")))


def zone_of(staff: Staff) -> ZoneInfo | None:
    """The zone that somebody lives in; None: that of the office."""
    chosen = (staff.desk or {}).get("zone")
    return ZoneInfo(chosen) if chosen in zones() else None


def choose_ways(session: orm.Session, staff: Staff, ways: Sequence[str]) -> list[str]:
    """Remember by what somebody wants to be reminded; gives what holds now. None named: both, nobody is left out."""
    kept = {**(staff.desk or {}), "ways": [way for way in WAYS if way in ways]}
    session.execute(sa.update(Staff).where(Staff.id == staff.id).values(desk=kept))
    return kept["ways"] or list(WAYS)


def set_desk(
    session: orm.Session,
    staff: Staff,
    *,
    columns: Sequence[str],
    keys: bool,
    ways: Sequence[str],
    alerts: Alerts | None = None,
    zone: str | None = None,
) -> None:
    """Remember how somebody wants their desk.

    Args:
        zone: the zone they live in; none that we know: that of the office.
    """
    kept: dict[str, Any] = {
        **(staff.desk or {}),
        "columns": [name for name in columns if name in COLUMNS],
        "keys": keys,
        "ways": [way for way in WAYS if way in ways],
        "alerts": asdict(alerts or alerts_of(staff)),
        "zone": zone if zone in zones() else None,
    }
    session.execute(sa.update(Staff).where(Staff.id == staff.id).values(desk=kept))
