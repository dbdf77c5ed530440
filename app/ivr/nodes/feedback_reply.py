"""The node type `feedback_reply`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from app.ivr.fields import OneOf, Target, declare
from app.ivr.flow import FlowNode, Scene, Step
from app.ivr.turn import Effect


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackReply(FlowNode):
    """Puts on record whether the remedy solved the matter, as the caller says whom `feedback` found (P6)."""

    type: ClassVar[str] = "feedback_reply"

    solved: str = declare(OneOf(("yes", "partly", "no")), "what they answered")
    next: str = declare(Target(), "where the call goes on")

    def enter(self, scene: Scene) -> Step:
        """Order it, go on."""
        details = {"feedback": scene.known.get("feedback_id", ""), "solved": self.solved}
        return Step(to=self.next, effects=(Effect("feedback_reply", details),))
