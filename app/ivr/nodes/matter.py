"""The node type `matter`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from app.ivr.fields import Kind, Target, declare
from app.ivr.flow import FlowNode, Scene, Step
from app.ivr.turn import Ask, Heard, How


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter(FlowNode):
    """Finds a matter that is on record already, by its protocol number or by the caller's own number (B4).

    Then `protocol`, `matter_status` and, if a callback is promised, `due_at` (UTC) are known.
    """

    type: ClassVar[str] = "matter"

    protocol: str = declare(Kind(), "the answer that holds the protocol number; left out: by the caller's number", "")
    found: str = declare(Target(), "where the call goes on if there is one")
    missing: str = declare(Target(), "where it goes on if there is none")

    def enter(self, scene: Scene) -> Step:
        """Ask the office."""
        return Step(wait=Ask("matter", {"protocol": scene.known.get(self.protocol, "")}))

    def hear(self, scene: Scene, heard: Heard) -> Step:
        """Go on by its answer."""
        if heard.how is not How.OUTCOME:
            return self.enter(scene)
        return Step(to=self.found if scene.known.get("found") == "yes" else self.missing)
