"""What can go wrong on the wire, on request and by the carrier's own dice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from random import Random
from typing import Any


@dataclass(frozen=True, slots=True)
class Faults:
    """Probabilities from 0 to 1 unless said otherwise.

    The first four concern webhooks that only report (status, recording, transcription, text status);
    `repeat` concerns the requests that control a call, too. A single webhook is sent again with `Carrier.replay`.
    """

    lose: float = 0.0
    duplicate: float = 0.0  # how many times more each is sent; 0.05: one in twenty once more
    delay: float = 0.0  # at most so many seconds late
    reorder: bool = False  # up to 60 s late, so that they overtake one another
    repeat: int = 0  # how many times more every request is sent, at the same time, in threads
    rest_timeout: float = 0.0  # REST: the call is placed, the answer never comes
    rest_error: float = 0.0  # REST: the call is placed, the answer is 500
    rest_busy: float = 0.0  # REST: 429, nothing is placed

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Faults:
        """Faults from JSON.

        Raises:
            ValueError: for a name that is none, or a value that is no number.
        """
        unknown = set(values) - {field.name for field in fields(cls)}
        if unknown:
            raise ValueError(f"unknown faults: {', '.join(sorted(unknown))}")
        return cls(
            lose=float(values.get("lose", 0)),
            duplicate=float(values.get("duplicate", 0)),
            delay=float(values.get("delay", 0)),
            reorder=bool(values.get("reorder", False)),
            repeat=int(values.get("repeat", 0)),
            rest_timeout=float(values.get("rest_timeout", 0)),
            rest_error=float(values.get("rest_error", 0)),
            rest_busy=float(values.get("rest_busy", 0)),
        )

    def arrivals(self, dice: Random) -> list[float]:
        """How many seconds late each copy of a report arrives; empty if it is lost."""
        if self.lose and dice.random() < self.lose:
            return []
        copies = 1 + int(self.duplicate)
        if self.duplicate % 1 and dice.random() < self.duplicate % 1:
            copies += 1
        spread = 60.0 if self.reorder else self.delay
        return [dice.uniform(0, spread) if spread else 0.0 for _ in range(copies)]
