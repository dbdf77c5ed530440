"""The node type `recall_reply`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from app.ivr.fields import Kind, Target, declare
from app.ivr.flow import FlowNode, Scene, Step
from app.ivr.turn import Effect


@dataclass(frozen=True, slots=True, kw_only=True)
class RecallReply(FlowNode):
    """Puts on record that the caller understood a recall, and the remedy that they chose, if any (P4, P8)."""

    type: ClassVar[str] = "recall_reply"

    recall: str = declare(Kind(), "the answer that says which recall", "recall_id")
    remedy: str = declare(Kind(), "the answer that holds the remedy; left out: none is chosen", "")
    handover: str = declare(Kind(), "the answer that says how it is to be done", "")
    address: str = declare(Kind(), "the answer that holds the address", "")
    next: str = declare(Target(), "where the call goes on")

    def enter(self, scene: Scene) -> Step:
        """Order it, go on."""
        names = {"recall": self.recall, "remedy": self.remedy, "handover": self.handover, "address": self.address}
        details = {what: scene.known.get(name, "") for what, name in names.items() if name}
        return Step(to=self.next, effects=(Effect("recall_reply", details),))
