"""The node type `move`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from app.ivr.fields import Cases, Kind, Target, declare
from app.ivr.flow import FlowNode, Scene, Step
from app.ivr.turn import Ask, Heard, How


@dataclass(frozen=True, slots=True, kw_only=True)
class Move(FlowNode):
    """Has the office move the promised call to the time that was wished for, or to the nearest one that can be kept.

    Then `due_at` and `from_at` (UTC; no call before it, "" for at once) are known, and `wish_zone`, the city whose
    clock is meant, where the number leaves it open.
    """

    type: ClassVar[str] = "move"

    day: str = declare(Kind(), "the answer that holds the day")
    part: str = declare(Kind(), "the answer that holds the time of day")
    cases: Mapping[str, str] = declare(
        Cases(), "where the call goes on by the office's answer: wished, nearest, sooner, unchanged, ringing"
    )
    otherwise: str = declare(Target(), "where it goes on if nothing is promised")

    def enter(self, scene: Scene) -> Step:
        """Ask the office."""
        known = scene.known
        return Step(wait=Ask("move", {"day": known.get(self.day, ""), "part": known.get(self.part, "")}))

    def hear(self, scene: Scene, heard: Heard) -> Step:
        """Go on by its answer."""
        if heard.how is not How.OUTCOME:
            return self.enter(scene)
        return Step(to=self.cases.get(str(scene.known.get("moved")), self.otherwise))
