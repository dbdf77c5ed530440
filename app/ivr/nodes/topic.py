"""The node type `topic`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from app.ivr.fields import Kind, Target, declare
from app.ivr.flow import FlowNode, Scene, Step
from app.ivr.turn import Ask, Heard, How


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownTopic(FlowNode):
    """Has the office tell a topic in the language of the call (K1, K3).

    Then `topic_title`, `topic_text` and `topic_as_of`, the day on which it was last found right, are known.
    """

    type: ClassVar[str] = "topic"

    topic: str = declare(Kind(), "the answer that holds the topic")
    next: str = declare(Target(), "where the call goes on")
    gone: str = declare(Target(), "where it goes on if there is no such topic any more")

    def enter(self, scene: Scene) -> Step:
        """Ask the office."""
        return Step(wait=Ask("topic", {"topic": scene.known.get(self.topic, "")}))

    def hear(self, scene: Scene, heard: Heard) -> Step:
        """Go on when it has answered."""
        if heard.how is not How.OUTCOME:
            return self.enter(scene)
        return Step(to=self.next if heard.outcome.get("topic_text") else self.gone)
