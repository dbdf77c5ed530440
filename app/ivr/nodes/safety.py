"""The node type `safety`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from app.ivr.fields import OneOf, Target, declare
from app.ivr.flow import FlowNode, Scene, Step
from app.ivr.turn import Ask, Heard, How


@dataclass(frozen=True, slots=True, kw_only=True)
class Safety(FlowNode):
    """Finds out whether the caller owns a product under recall and has not yet said that they know it (P8).

    Then `own_recall`, `own_title` and `own_hazard` are known. Each is due once in a call: to be said, and to be asked
    whether it was understood.
    """

    type: ClassVar[str] = "safety"

    to: str = declare(
        OneOf(("say", "ask")), "what is about to be done: say the notice, or ask whether it is understood"
    )
    due: str = declare(Target(), "where the call goes on if it is to be done")
    none: str = declare(Target(), "where it goes on if not")

    def enter(self, scene: Scene) -> Step:
        """Ask the office."""
        return Step(wait=Ask("safety", {"to": self.to}))

    def hear(self, scene: Scene, heard: Heard) -> Step:
        """Go on by the answer."""
        if heard.how is not How.OUTCOME:
            return self.enter(scene)
        return Step(to=self.due if scene.known.get("safety") == "due" else self.none)
