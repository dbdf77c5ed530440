"""The node type `promise`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from app.ivr.fields import Kind, Target, declare
from app.ivr.flow import FlowNode, Scene, Step
from app.ivr.turn import Ask, Heard, How


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseCallback(FlowNode):
    """Has the office promise a callback, or say that it cannot; nothing is promised that was not agreed to here.

    Then `promised`, `due_at` (UTC) and `promise_reason` are known.
    """

    type: ClassVar[str] = "promise"

    promised: str = declare(Target(), "where the call goes on with a promise")
    refused: str = declare(Target(), "where it goes on without one, as for a withheld number")
    urgent_if: str = declare(Kind(), "the answer whose yes makes it urgent", "")

    def enter(self, scene: Scene) -> Step:
        """Ask the office."""
        urgent = "yes" if scene.known.get(self.urgent_if) == "yes" else "no"
        return Step(wait=Ask("promise", {"urgent": urgent}))

    def hear(self, scene: Scene, heard: Heard) -> Step:
        """Go on by its answer."""
        if heard.how is not How.OUTCOME:
            return self.enter(scene)
        return Step(to=self.promised if scene.known.get("promised") == "yes" else self.refused)
