"""The node type `feedback`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from app.ivr.fields import Target, declare
from app.ivr.flow import FlowNode, Scene, Step
from app.ivr.turn import Ask, Heard, How


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback(FlowNode):
    """Finds out whether a recall's remedy was carried out for the caller who has not said what came of it (P6).

    Then `feedback_title`, the product, and `feedback_done`, what was done, are known. It is due once.
    """

    type: ClassVar[str] = "feedback"

    due: str = declare(Target(), "where the call goes on if they are to be asked")
    none: str = declare(Target(), "where it goes on if not")

    def enter(self, scene: Scene) -> Step:
        """Ask the office."""
        return Step(wait=Ask("feedback", {}))

    def hear(self, scene: Scene, heard: Heard) -> Step:
        """Go on by the answer."""
        if heard.how is not How.OUTCOME:
            return self.enter(scene)
        return Step(to=self.due if scene.known.get("feedback") == "due" else self.none)
