"""The node type `open_case`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from app.ivr.fields import OneOf, Target, declare
from app.ivr.flow import FlowNode, Scene, Step
from app.ivr.turn import Ask, Heard, How

CASE_KINDS = ("complaint", "cancellation", "recall", "information")


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCase(FlowNode):
    """Puts the case on record, at once and exactly once in a call (T4).

    Whatever comes after, a hang-up, silence or a failure, completes a case that exists. Then `protocol`,
    `case_kind` and `opened_at` are known.
    """

    type: ClassVar[str] = "open_case"

    kind: str = declare(OneOf(CASE_KINDS), "what the caller came for")
    next: str = declare(Target(), "where the call goes on")

    def enter(self, scene: Scene) -> Step:
        """Ask the office."""
        return Step(wait=Ask("open_case", {"kind": self.kind}))

    def hear(self, scene: Scene, heard: Heard) -> Step:
        """Go on when it has answered."""
        return Step(to=self.next) if heard.how is How.OUTCOME else self.enter(scene)
