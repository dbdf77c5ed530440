"""Who is killed when: drawn from a seed before anything happens, and written down when it has."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Final

VICTIMS: Final = {"web": 25, "clock 1": 25, "clock 2": 25, "both clocks": 15, "everybody": 10}
MOMENTS: Final = {"in its work": 50, "before its request": 25, "after its request": 25}
"""When a clock dies: so long after it began to look, or as the network is asked, before or after it did what it was."""
_DOWN: Final = ((0.5, 20), (20, 100), (100, 400))  # seconds of office time without that clock: mostly short
_WARM: Final = 0.05  # seconds that a look or an answer is taken to last before any was measured


@dataclass(frozen=True, slots=True)
class Fate:
    """One planned death."""

    webhook: int  # it is due at the so manieth one
    victim: str
    moment: str  # of `MOMENTS`, for clocks
    share: float  # of the time that its work usually takes, until it dies in its work
    down: timedelta  # office time until its clocks are started again


@dataclass(frozen=True, slots=True)
class Death:
    """A kill that was carried out."""

    at: datetime  # office time
    victim: str
    during: str  # the ticks, or the webhook's path
    milliseconds: float  # after it had begun
    moment: str  # of `MOMENTS`; "" for the web
    in_the_middle: bool  # False: it had just finished


class Deaths:
    """The deaths to come, in order, and those that have been died."""

    def __init__(self, number: int, webhooks: int, seed: str) -> None:
        """Spread so many deaths over the webhooks that the same week had without any.

        Args:
            webhooks: how many there were.
        """
        dice = Random(seed)
        moments = sorted(dice.sample(range(1, max(webhooks, number + 1)), number))
        self._to_come = [
            Fate(
                moment,
                dice.choices(list(VICTIMS), list(VICTIMS.values()))[0],
                dice.choices(list(MOMENTS), list(MOMENTS.values()))[0],
                dice.uniform(0.0, 1.0),
                timedelta(seconds=dice.uniform(*dice.choice(_DOWN))),
            )
            for moment in moments
        ]
        self.died: list[Death] = []
        self._usual: dict[str, float] = {}

    def due(self, webhooks: int, kinds: Iterable[str]) -> Fate | None:
        """The next fate, if it is due after so many webhooks and befalls one of these."""
        if self._to_come and self._to_come[0].webhook <= webhooks and self._to_come[0].victim in kinds:
            return self._to_come[0]
        return None

    def happened(self, death: Death) -> None:
        """The next fate has been met."""
        self._to_come.pop(0)
        self.died.append(death)

    def lasted(self, work: str, seconds: float) -> None:
        """Learn how long some kind of work takes when nothing else is in its way."""
        self._usual[work] = min(seconds, 1.1 * self._usual.get(work, seconds))

    def usual(self, work: str) -> float:
        """How long it takes, in seconds of the machine."""
        return self._usual.get(work, _WARM)
