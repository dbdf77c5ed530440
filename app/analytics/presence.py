"""How somebody of the office is to be had at this moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.models.staff import Staff


@dataclass(frozen=True, slots=True)
class Presence:
    """Available, on a call, writing up, or away."""

    state: str  # available, on_call, wrap_up, away
    since: datetime | None = None  # of available and away: office time; None if it was never told
    until: datetime | None = None  # of writing up: when they are rung again
    reason: str | None = None  # of away; None if none was told
    attempt_key: str | None = None  # of a call


def presence_of(staff: Staff, now: datetime) -> Presence:
    """The presence of somebody; a call goes before everything else, and who is away is never writing up.

    Args:
        now: office time.
    """
    if staff.engaged_with is not None:
        return Presence("on_call", attempt_key=staff.engaged_with)
    if not staff.available:
        return Presence("away", since=staff.presence_since, reason=staff.away_reason)
    if staff.free_since is not None and staff.free_since > now:
        return Presence("wrap_up", until=staff.free_since)
    return Presence("available", since=staff.presence_since)
