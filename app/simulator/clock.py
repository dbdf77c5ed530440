"""The clocks the phone network can run on: the machine's, or one that it moves itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """The instant, aware, in UTC."""
        ...


class SettableClock(Clock, Protocol):
    """A clock that the virtual driver moves from event to event."""

    def set(self, now: datetime) -> None:
        """Jump to `now`."""
        ...


class RealClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The instant, aware, in UTC."""
        return datetime.now(UTC)  # noqa: TID251 - the simulator's own clock


class VirtualClock:
    """A clock that stands still until it is moved; starts Monday 2026-03-02 09:00 UTC."""

    def __init__(self, now: datetime | None = None) -> None:
        """Start at `now`, aware, in UTC."""
        self._now = now or datetime(2026, 3, 2, 9, tzinfo=UTC)

    def now(self) -> datetime:
        """The instant, aware, in UTC."""
        return self._now

    def set(self, now: datetime) -> None:
        """Jump to `now`."""
        self._now = now

    def advance(self, **span: float) -> None:
        """Move on by a `timedelta` given in keywords."""
        self._now += timedelta(**span)
