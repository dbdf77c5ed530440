"""What all nodes that wait for the caller have in common: they ask a few times, then go on."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import ClassVar

from app.ivr.fields import Number, Target, declare
from app.ivr.flow import FlowNode, Scene, Step
from app.ivr.turn import Heard, How, Say, Wait


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking(FlowNode):
    """A question with bounded tries and a defined way on.

    Silence and a wrong key count alike; a caller is never asked for ever and never cut off.
    """

    waits: ClassVar[bool] = True

    on_failure: str = declare(Target(), "where the call goes on after the last try")
    max_tries: int = declare(Number(1, 5), "how often it is asked; silence and wrong keys count alike", 3)

    @abstractmethod
    def question(self, scene: Scene) -> tuple[Say, ...]:
        """What is said each time it is asked."""

    @abstractmethod
    def listen(self, scene: Scene) -> Wait:
        """What is waited for."""

    @abstractmethod
    def answer(self, scene: Scene, heard: Heard) -> Step | None:
        """What follows from an answer; None if it means nothing here."""

    def enter(self, scene: Scene) -> Step:
        """Ask."""
        return Step(wait=self.listen(scene), says=self.question(scene))

    def hear(self, scene: Scene, heard: Heard) -> Step:
        """Follow the answer, or ask again, or give up."""
        step = self.answer(scene, heard)
        if step is not None:
            return step
        tries = scene.position.tries + 1
        if tries >= self.max_tries:
            return Step(to=self.on_failure)
        apology = Say("noinput" if heard.how is How.SILENCE else "nomatch")
        return Step(wait=self.listen(scene), says=(apology, *self.question(scene)), tries=tries)
