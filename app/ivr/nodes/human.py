"""The node type `human`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from app.ivr.fields import Kind, Prompts, Target, YesNo, declare
from app.ivr.flow import FlowNode, Scene, Step
from app.ivr.turn import Ask, Hangup, Heard, How, Queue


@dataclass(frozen=True, slots=True, kw_only=True)
class Human(FlowNode):
    """Hands the caller to a human: the queue if people are there, else the way to a promise.

    No number, name or contract is asked first. A caller who trades the place in the queue for a promise, and one
    whose queue failed, goes on at `left`.

    Source:
        Decreto 11.034/2022 art. 4 §4: first access to an attendant not conditional on data given beforehand.
    """

    type: ClassVar[str] = "human"

    prompt: tuple[str, ...] = declare(Prompts(), "what is said before the queue", ())
    closed: str = declare(Target(), "where the call goes on if nobody is there")
    left: str = declare(Target(), "where it goes on if the caller leaves the queue unserved")
    done: str = declare(Target(), "where it goes on after the conversation")
    notice: str | None = declare(
        Target(), "where it goes on first if a safety notice is not yet understood; left out: nowhere", None
    )
    urgent_if: str = declare(Kind(), "the answer whose yes makes it urgent", "")
    asked: bool = declare(YesNo(), "whether the office has just said that somebody is there", False)

    def enter(self, scene: Scene) -> Step:
        """Ask the office whether somebody is there, or queue."""
        if self.asked:
            return Step(wait=Queue(urgent=self._is_urgent(scene)), says=scene.say(*self.prompt))
        return Step(wait=Ask("human", {"urgent": "yes" if self._is_urgent(scene) else "no"}))

    def hear(self, scene: Scene, heard: Heard) -> Step:
        """Queue, or go on by how the queue ended."""
        if heard.how is How.OUTCOME:
            human = scene.known.get("human")
            if human == "notice" and self.notice:
                return Step(to=self.notice)
            if human not in ("open", "notice"):
                return Step(to=self.closed)
            return Step(wait=Queue(urgent=self._is_urgent(scene)), says=scene.say(*self.prompt))
        if heard.how is not How.QUEUE:
            return self.enter(scene)
        if heard.queue == "hangup":
            return Step(wait=Hangup())
        return Step(to=self.done if heard.queue == "bridged" else self.left)

    def _is_urgent(self, scene: Scene) -> bool:
        return scene.known.get(self.urgent_if) == "yes"
