"""The node type `say`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from app.ivr.fields import Prompts, Target, declare
from app.ivr.flow import FlowNode, Scene, Step


@dataclass(frozen=True, slots=True, kw_only=True)
class SayPrompt(FlowNode):
    """Speaks one prompt or several, and goes on."""

    type: ClassVar[str] = "say"

    prompt: tuple[str, ...] = declare(Prompts(), "what is spoken; slots are filled from what is known")
    next: str = declare(Target(), "where the call goes on")

    def enter(self, scene: Scene) -> Step:
        """Speak, go on."""
        return Step(to=self.next, says=scene.say(*self.prompt))
