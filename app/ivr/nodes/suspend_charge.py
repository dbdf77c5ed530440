"""The node type `suspend_charge`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from app.ivr.fields import Kind, Target, declare
from app.ivr.flow import FlowNode, Scene, Step
from app.ivr.turn import Ask, Heard, How


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspendCharge(FlowNode):
    """Suspends the charge that the case of this call is about, at once (S6); used again, it adds the invoice's number.

    Then `suspended` (yes or no) and `decide_by` (UTC) are known.
    """

    type: ClassVar[str] = "suspend_charge"

    invoice: str = declare(Kind(), "the answer that holds the invoice's number; left out: not known yet", "")
    next: str = declare(Target(), "where the call goes on")

    def enter(self, scene: Scene) -> Step:
        """Ask the office."""
        return Step(wait=Ask("suspend_charge", {"invoice": scene.known.get(self.invoice, "")}))

    def hear(self, scene: Scene, heard: Heard) -> Step:
        """Go on when it has answered."""
        return Step(to=self.next) if heard.how is How.OUTCOME else self.enter(scene)
