"""The node type `look_up`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from app.ivr.fields import Kind, Target, YesNo, declare
from app.ivr.flow import FlowNode, Scene, Step
from app.ivr.turn import Ask, Heard, How


@dataclass(frozen=True, slots=True, kw_only=True)
class LookUp(FlowNode):
    """Looks a number on a product, or what the customer is known to own, up in the list of recalls (P8).

    A failed match is no all-clear: `none` must lead to a human, unless nobody has asked yet. Then `recall_id`,
    `recall_number`, `recall_title`, `hazard`, `recall_do`, `recall_remedy`, `recall_remedies`, `recall_drop_off` and
    `recall_home` are known.
    """

    type: ClassVar[str] = "look_up"

    identifier: str = declare(Kind(), "the answer that holds the number", "")
    owned: bool = declare(YesNo(), "whether what the customer is known to own is looked up instead", False)
    exact: str = declare(Target(), "where the call goes on with a certain match")
    possible: str = declare(Target(), "where it goes on with a likely match")
    none: str = declare(Target(), "where it goes on without a match")

    def enter(self, scene: Scene) -> Step:
        """Ask the office."""
        if self.owned:
            return Step(wait=Ask("recall", {"owned": "yes"}))
        return Step(wait=Ask("recall", {"identifier": scene.known.get(self.identifier, "")}))

    def hear(self, scene: Scene, heard: Heard) -> Step:
        """Go on by the certainty of the match."""
        if heard.how is not How.OUTCOME:
            return self.enter(scene)
        return Step(to={"exact": self.exact, "possible": self.possible}.get(scene.known.get("match", ""), self.none))
