"""The node type `end`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from app.ivr.fields import Prompts, declare
from app.ivr.flow import FlowNode, Scene, Step
from app.ivr.turn import Hangup


@dataclass(frozen=True, slots=True, kw_only=True)
class End(FlowNode):
    """Says a last word, if any, and hangs up."""

    type: ClassVar[str] = "end"

    prompt: tuple[str, ...] = declare(Prompts(), "the last words", ())

    def enter(self, scene: Scene) -> Step:
        """Speak, hang up."""
        return Step(wait=Hangup(), says=scene.say(*self.prompt))
