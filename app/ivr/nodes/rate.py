"""The node type `rate`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from app.ivr.fields import Target, declare
from app.ivr.flow import FlowNode, Scene, Step
from app.ivr.turn import Ask, Heard, How


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate(FlowNode):
    """Keeps how satisfied the customer of a closed matter is, and whether they would recommend us (B5, T16).

    What is kept is what a menu saved as `satisfaction`, 1 to 5, and as `recommends`, yes or no.
    """

    type: ClassVar[str] = "rate"

    next: str = declare(Target(), "where the call goes on")

    def enter(self, scene: Scene) -> Step:
        """Have the office keep it."""
        return Step(wait=Ask("rate", {name: scene.known.get(name, "") for name in ("satisfaction", "recommends")}))

    def hear(self, scene: Scene, heard: Heard) -> Step:
        """Go on when it has."""
        return Step(to=self.next) if heard.how is How.OUTCOME else self.enter(scene)
