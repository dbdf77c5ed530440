"""The node type `text`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from app.ivr.fields import Kind, Prompt, Target, declare
from app.ivr.flow import FlowNode, Scene, Step
from app.ivr.turn import Effect


@dataclass(frozen=True, slots=True, kw_only=True)
class TextMessage(FlowNode):
    """Has a text message sent to the caller, in the language of the call; the call does not wait for it."""

    type: ClassVar[str] = "text"

    prompt: str = declare(Prompt(), "the message; slots are filled from what is known")
    next: str = declare(Target(), "where the call goes on")
    about: str = declare(Kind(), "the answer that it is about; another answer makes another message", "")

    def enter(self, scene: Scene) -> Step:
        """Order it, go on."""
        (message,) = scene.say(self.prompt)
        details = {"prompt": message.prompt, "slots": dict(message.slots), "language": scene.position.language}
        if self.about:
            details["about"] = str(scene.known.get(self.about, ""))
        return Step(to=self.next, effects=(Effect("text", details),))
