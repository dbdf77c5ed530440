"""The node type `withdraw`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from app.ivr.fields import Target, declare
from app.ivr.flow import FlowNode, Scene, Step
from app.ivr.turn import Ask, Heard, How


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdraw(FlowNode):
    """Withdraws the promised callback of the matter that was found; the matter itself goes on."""

    type: ClassVar[str] = "withdraw"

    next: str = declare(Target(), "where the call goes on")

    def enter(self, scene: Scene) -> Step:
        """Ask the office."""
        return Step(wait=Ask("withdraw", {"protocol": scene.known.get("protocol", "")}))

    def hear(self, scene: Scene, heard: Heard) -> Step:
        """Go on when it has answered."""
        return Step(to=self.next) if heard.how is How.OUTCOME else self.enter(scene)
