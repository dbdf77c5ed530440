"""A clock that one process moves and others read: eight bytes in a file that all of them have mapped."""

from __future__ import annotations

import mmap
import struct
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from app.domain.clock import FakeClock

_MICROSECONDS: Final = struct.Struct("=q")  # since 1970, in UTC
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


class TellingClock(FakeClock):
    """The clock of the process that moves the time; what it is set to, the others read."""

    def __init__(self, file: Path, now: datetime) -> None:
        """Begin at `now` (aware) and tell it in `file`."""
        super().__init__(now.astimezone(UTC))
        file.write_bytes(bytes(_MICROSECONDS.size))
        with file.open("r+b") as opened:
            self._told = mmap.mmap(opened.fileno(), _MICROSECONDS.size)
        self._tell()

    def advance(self, **span: float) -> None:
        """Move on by a `timedelta` given in keywords."""
        super().advance(**span)
        self._tell()

    def set(self, now: datetime) -> None:
        """Jump to `now`."""
        super().set(now)
        self._tell()

    def _tell(self) -> None:
        self._told[:] = _MICROSECONDS.pack((self.now() - _EPOCH) // _MICROSECOND)


class ToldClock:
    """The clock of a process that is told the time."""

    def __init__(self, file: Path) -> None:
        """Read the time in `file`, which a `TellingClock` has made."""
        with file.open("rb") as opened:
            self._told = mmap.mmap(opened.fileno(), _MICROSECONDS.size, access=mmap.ACCESS_READ)

    def now(self) -> datetime:
        """The instant, aware, in UTC."""
        (microseconds,) = _MICROSECONDS.unpack(self._told[:])
        return _EPOCH + timedelta(microseconds=microseconds)
