"""Many days of one hotline: who calls when, by the day of the week and the calendar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

from app.cli.simulation.day import Arrival, Day
from app.cli.simulation.matters import Matter
from app.cli.simulation.profile import ERRANDS, language_weights, moments
from app.cli.virtual_office import VirtualOffice
from app.domain.hotline import Hotline

_LATELY: Final = 8  # complaints; one of their callers calls again, mostly before they were called back


class Month(Day):
    """Some days of one hotline with a staff of its own."""

    def __init__(
        self,
        office: VirtualOffice,
        matters: Sequence[Matter],
        *,
        hotline: Hotline,
        days: int,
        calls: int,
        agents: int,
        absent: int,
        seed: str,
    ) -> None:
        """Hire the agents, some of whom never come to work, and draw who calls when.

        Args:
            calls: of whatever kind, all in all.
            absent: how many of the agents are counted on by every promise, and are not there.
        """
        self._hotline, self._absent = hotline, absent
        super().__init__(office, matters, calls=calls, agents=agents, seed=seed, days=days)

    def _hire(self, agents: int) -> None:
        super()._hire(agents)
        self.send_home(self._absent)

    def _draw(self, matters: Sequence[Matter], calls: int) -> list[Arrival]:
        dice = self._dice
        weights = language_weights(self._hotline, list(self._ears))
        arrivals: list[Arrival] = []
        earlier: list[Arrival] = []  # complaints of people who can be called back
        for at in moments(dice, self._hotline, self.begins_at, self.days, calls):
            errand = dice.choices(list(ERRANDS), list(ERRANDS.values()))[0]
            if errand == "matter":
                before = dice.choice(earlier[-_LATELY:]) if earlier else None
                if before is not None:
                    again = max(at, before.at + timedelta(minutes=5))
                    plan = replace(before.plan, errand="matter", leaves_after=None, asks_for_human_at=None)
                    arrivals.append(replace(before, at=again, plan=plan))
                    continue
                errand = "human"
            language = dice.choices(list(weights), list(weights.values()))[0]
            plan = self._plan(errand, dice.choice(matters), self._hotline)
            arrival = Arrival(at, self._number(language), self._hotline, language, plan)
            arrivals.append(arrival)
            if errand == "complaint" and not plan.is_withheld:
                earlier.append(arrival)
        return sorted(arrivals, key=lambda arrival: arrival.at)
