"""Whether the ticks of this process still come round; on a clock that nobody can turn."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping


class SignsOfLife:
    """When each tick last rested or went a step; safe for threads."""

    def __init__(self, hang_after: Mapping[str, float]) -> None:
        """All are alive at first.

        Args:
            hang_after: seconds without a sign after which a tick under way hangs, by its name.
        """
        self._lock = threading.Lock()
        self._hang_after = hang_after
        self._at = dict.fromkeys(hang_after, time.monotonic())
        self._under_way: set[str] = set()

    def begin(self, name: str) -> None:
        """A tick begins."""
        with self._lock:
            self._under_way.add(name)
            self._at[name] = time.monotonic()

    def sign(self, name: str) -> None:
        """A tick has gone a step."""
        with self._lock:
            self._at[name] = time.monotonic()

    def end(self, name: str) -> None:
        """A tick has come to its end."""
        with self._lock:
            self._under_way.discard(name)
            self._at[name] = time.monotonic()

    def hanging(self, *, share: float = 1.0) -> str | None:
        """A tick under way that has been silent for so large a share of what it may be; None if there is none."""
        now = time.monotonic()
        with self._lock:
            silent = (name for name in self._under_way if now - self._at[name] > share * self._hang_after[name])
            return next(silent, None)

    def pause_of(self, name: str) -> float:
        """How many seconds ago a tick came to its end; 0 while it is under way."""
        with self._lock:
            return 0.0 if name in self._under_way else time.monotonic() - self._at[name]
