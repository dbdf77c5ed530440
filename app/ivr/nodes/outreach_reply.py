"""The node type `outreach_reply`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from app.ivr.fields import OneOf, Target, declare
from app.ivr.flow import FlowNode, Scene, Step
from app.ivr.turn import Effect

REPLIES = ("remedied", "disposed", "refused", "wrong_person", "later", "human")


@dataclass(frozen=True, slots=True, kw_only=True)
class OutreachReply(FlowNode):
    """Puts on record what somebody whom we rang about a recall answered (P8).

    Whether the campaign goes on for them follows from it; that the notice was understood is a `recall_reply`.
    """

    type: ClassVar[str] = "outreach_reply"

    answer: str = declare(OneOf(REPLIES), "what they answered")
    next: str = declare(Target(), "where the call goes on")

    def enter(self, scene: Scene) -> Step:
        """Order it, go on."""
        return Step(to=self.next, effects=(Effect("outreach_reply", {"answer": self.answer}),))
