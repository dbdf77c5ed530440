"""The node type `set`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from app.ivr.fields import Kind, Target, declare
from app.ivr.flow import FlowNode, Scene, Step


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAnswer(FlowNode):
    """Notes an answer that nobody needs to be asked for: a constant, or the copy of another answer."""

    type: ClassVar[str] = "set"

    save: str = declare(Kind(), "the name of the answer")
    value: str = declare(Kind(), "the constant; without it and `copy` the answer is forgotten", "")
    copy: str = declare(Kind(), "the answer to copy instead", "")
    next: str = declare(Target(), "where the call goes on")

    def enter(self, scene: Scene) -> Step:
        """Note, go on."""
        return Step(to=self.next, saves={self.save: scene.known.get(self.copy, "") if self.copy else self.value})
