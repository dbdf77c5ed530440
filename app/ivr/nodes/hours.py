"""The node type `hours`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, ClassVar

from app.ivr.fields import Prompt, Target, declare
from app.ivr.flow import FlowNode, Scene, Step
from app.ivr.turn import Say

DAYS = tuple(f"day_{number}" for number in range(7))


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours(FlowNode):
    """Speaks the opening hours, days with the same hours together (T3)."""

    type: ClassVar[str] = "hours"

    day: str = declare(Prompt(), "how one day is spoken; slots `day`, `opens`, `closes`")
    days: str = declare(Prompt(), "how several days in a row are; slot `last_day` as well")
    next: str = declare(Target(), "where the call goes on")

    def enter(self, scene: Scene) -> Step:
        """Speak, go on."""
        return Step(to=self.next, says=tuple(self._lines(scene.known.get("opening", []))))

    def prompts(self) -> tuple[str, ...]:
        """The names of the days as well."""
        return (self.day, self.days, *DAYS)

    def _lines(self, opening: Sequence[Sequence[Any]]) -> Iterator[Say]:
        # In a row of days the difference between day and place stays the same.
        by_span = sorted(
            ((opens, closes, day) for day, opens, closes in opening), key=lambda each: (*each[:2], each[2])
        )
        for (opens, closes), spans in groupby(by_span, key=lambda each: each[:2]):
            days = [day for _, _, day in spans]
            for _, row in groupby(enumerate(days), key=lambda each: each[1] - each[0]):
                first, *rest = (DAYS[day] for _, day in row)
                slots = {"day": first, "opens": opens, "closes": closes}
                yield Say(self.days, {**slots, "last_day": rest[-1]}) if rest else Say(self.day, slots)
