"""The node type `cancel`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from app.ivr.fields import Cases, Kind, OneOf, Target, declare
from app.ivr.flow import FlowNode, Scene, Step
from app.ivr.turn import Ask, Heard, How

STEPS = ("contract", "period", "withdraw", "day", "end", "address", "letter", "receipt")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancel(FlowNode):
    """Has the office take one step of a cancellation that is on record already; none of them is a condition of it.

    `contract` finds the contract, `period` reckons the right of withdrawal, `withdraw` declares it, `day` reads a day,
    `end` sets when the contract ends, `address` looks for an e-mail address, `letter` orders the receipt by e-mail,
    `receipt` sends what is ordered. The office's answer decides where the call goes on.
    """

    type: ClassVar[str] = "cancel"

    step: str = declare(OneOf(STEPS), "what the office shall do")
    answer: str = declare(Kind(), "the answer that it needs for that", "")
    cases: Mapping[str, str] = declare(Cases(), "where the call goes on by what the office answers", factory=dict)
    otherwise: str = declare(Target(), "where it goes on with any other answer")

    def enter(self, scene: Scene) -> Step:
        """Ask the office."""
        return Step(wait=Ask(f"cancel_{self.step}", {"given": scene.known.get(self.answer, "")}))

    def hear(self, scene: Scene, heard: Heard) -> Step:
        """Go on by its answer."""
        if heard.how is not How.OUTCOME:
            return self.enter(scene)
        return Step(to=self.cases.get(str(scene.known.get("cancel_answer")), self.otherwise))
