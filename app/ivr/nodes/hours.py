"""The node type `hours`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, ClassVar

from app.ivr.fields import Prompt, Target, declare
from app.ivr.flow import FlowNode, Scene, Step
from app.ivr.turn import Ask, Heard, How, Say

DAYS = tuple(f"day_{number}" for number in range(7))


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours(FlowNode):
    """Speaks the opening hours, days with the same hours together, and which days of the next week differ (T3).

    The office knows the latter: public holidays, and days on which this hotline is closed.
    """

    type: ClassVar[str] = "hours"

    day: str = declare(Prompt(), "how one day is spoken; slots `day`, `opens`, `closes`")
    days: str = declare(Prompt(), "how several days in a row are; slot `last_day` as well")
    closed: str = declare(
        Prompt(), "how a day is told on which nobody is there; slots `date`, `because`", "hours_closed"
    )
    otherwise: str = declare(
        Prompt(), "how one with other hours is; slots `opens`, `closes` as well", "hours_otherwise"
    )
    next: str = declare(Target(), "where the call goes on")

    def enter(self, scene: Scene) -> Step:
        """Ask the office about the next days."""
        return Step(wait=Ask("hours"))

    def hear(self, scene: Scene, heard: Heard) -> Step:
        """Speak, go on."""
        if heard.how is not How.OUTCOME:
            return self.enter(scene)
        weekly = lines_of_week(scene.known.get("opening", []), day=self.day, days=self.days)
        special = (self._special(each.split("|")) for each in heard.outcome.get("special_days") or ())
        return Step(to=self.next, says=(*weekly, *special))

    def prompts(self) -> tuple[str, ...]:
        """The names of the days as well, and what stands for the name of a holiday."""
        return (self.day, self.days, self.closed, self.otherwise, "holiday", "closed_day", "other_hours", *DAYS)

    def _special(self, told: list[str]) -> Say:
        day, because, opens, closes = told
        slots = {"date": day, "because": because}
        return Say(self.otherwise, {**slots, "opens": opens, "closes": closes}) if opens else Say(self.closed, slots)


def lines_of_week(opening: Sequence[Sequence[Any]], *, day: str, days: str) -> Iterator[Say]:
    """The hours of every week.

    Args:
        opening: weekday (Monday is 0), opening and closing time of each span.
        day: the prompt for one day.
        days: the prompt for several days in a row.
    """
    # In a row of days the difference between day and place stays the same.
    by_span = sorted(
        ((opens, closes, number) for number, opens, closes in opening), key=lambda each: (*each[:2], each[2])
    )
    for (opens, closes), spans in groupby(by_span, key=lambda each: each[:2]):
        numbers = [number for _, _, number in spans]
        for _, row in groupby(enumerate(numbers), key=lambda each: each[1] - each[0]):
            first, *rest = (DAYS[number] for _, number in row)
            slots = {"day": first, "opens": opens, "closes": closes}
            yield Say(days, {**slots, "last_day": rest[-1]}) if rest else Say(day, slots)
