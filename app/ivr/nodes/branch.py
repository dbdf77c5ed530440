"""The node type `branch`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from app.ivr.fields import Cases, Kind, Target, declare
from app.ivr.flow import FlowNode, Scene, Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch(FlowNode):
    """Goes on by what is known; the caller hears nothing of it.

    The case `known` stands for any value that is not empty.
    """

    type: ClassVar[str] = "branch"

    on: str = declare(Kind(), "the answer that decides")
    cases: Mapping[str, str] = declare(Cases(), "for each value the node it leads to")
    otherwise: str = declare(Target(), "where the call goes on with any other value, or none")

    def enter(self, scene: Scene) -> Step:
        """Look, go on."""
        value = scene.known.get(self.on)
        if value and "known" in self.cases:
            return Step(to=self.cases["known"])
        return Step(to=self.cases.get(str(value), self.otherwise))
