"""Whether the ticks of this process still come round; on a clock that nobody can turn."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping


class SignsOfLife:
    """When each tick last rested, went a step or waited for the database; safe for threads."""

    def __init__(
        self,
        hang_after: Mapping[str, float],
        seconds: Callable[[], float] = time.monotonic,
        *,
        waits: Callable[[int], bool] = lambda _thread: False,
    ) -> None:
        """All are alive at first.

        Args:
            hang_after: seconds without a sign after which a tick under way hangs, by its name.
            seconds: tells the time, on a clock that nobody can turn.
            waits: whether a thread waits until another lets go of the database: nothing is wrong with it, and who
                ended its process would only take one more away from those who can go on later.
        """
        self._now = seconds
        self._lock = threading.Lock()
        self._hang_after = hang_after
        self._at = dict.fromkeys(hang_after, self._now())
        self._under_way: dict[str, int] = {}  # the thread of each tick
        self._waits = waits

    def begin(self, name: str) -> None:
        """A tick begins."""
        with self._lock:
            self._under_way[name] = threading.get_ident()
            self._at[name] = self._now()

    def sign(self, name: str) -> None:
        """A tick has gone a step."""
        with self._lock:
            self._at[name] = self._now()

    def end(self, name: str) -> None:
        """A tick has come to its end."""
        with self._lock:
            self._under_way.pop(name, None)
            self._at[name] = self._now()

    def hanging(self) -> str | None:
        """A tick under way that has been silent for longer than it may; None if there is none."""
        with self._lock:
            return next((name for name, silent in self._silent() if silent > self._hang_after[name]), None)

    def silent_seconds(self) -> float:
        """For how long the most silent tick under way has given no sign; those that may rest longer count for less."""
        shortest = min(self._hang_after.values())
        with self._lock:
            return max((silent * shortest / self._hang_after[name] for name, silent in self._silent()), default=0.0)

    def _silent(self) -> list[tuple[str, float]]:
        now = self._now()
        for name, thread in self._under_way.items():
            if self._waits(thread):
                self._at[name] = now
        return [(name, now - self._at[name]) for name in self._under_way]

    def pause_of(self, name: str) -> float:
        """How many seconds ago a tick came to its end; 0 while it is under way."""
        with self._lock:
            return 0.0 if name in self._under_way else self._now() - self._at[name]
