"""The node type `severity`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from app.ivr.fields import OneOf, Target, declare
from app.ivr.flow import FlowNode, Scene, Step
from app.ivr.turn import Effect


@dataclass(frozen=True, slots=True, kw_only=True)
class Severity(FlowNode):
    """Sets how grave the case is, so that people see it first."""

    type: ClassVar[str] = "severity"

    level: str = declare(OneOf(("high", "highest")), "how grave")
    next: str = declare(Target(), "where the call goes on")

    def enter(self, scene: Scene) -> Step:
        """Order it, go on."""
        return Step(to=self.next, effects=(Effect("severity", {"level": self.level}),))
