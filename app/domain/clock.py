"""Clocks: every function that depends on the time is given one, or an instant."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the office's time."""

    def now(self) -> datetime:
        """The instant, aware, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The instant, aware, in UTC."""
        return datetime.now(UTC)  # noqa: TID251 - the one place that looks


class FakeClock:
    """A clock that moves when told to; for tests and simulation."""

    def __init__(self, now: datetime | None = None) -> None:
        """Start at `now`, by default Monday 2026-03-02 09:00 UTC."""
        self._now = now or datetime(2026, 3, 2, 9, tzinfo=UTC)

    def now(self) -> datetime:
        """The instant, aware, in UTC."""
        return self._now

    def advance(self, **span: float) -> None:
        """Move on by a `timedelta` given in keywords."""
        self._now += timedelta(**span)

    def set(self, now: datetime) -> None:
        """Jump to `now`."""
        self._now = now
