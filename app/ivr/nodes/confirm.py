"""The node type `confirm`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from app.ivr.asking import Asking
from app.ivr.fields import Kind, Prompts, Target, declare
from app.ivr.flow import Scene, Step
from app.ivr.turn import Gather, Heard, How, Say

YES_NO = ("yes", "no")


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirm(Asking):
    """Asks a question that 1 or "yes" affirms and 2 or "no" denies."""

    type: ClassVar[str] = "confirm"

    prompt: tuple[str, ...] = declare(Prompts(), "the question, with what is to be confirmed in its slots")
    yes: str = declare(Target(), "where the call goes on with a yes")
    no: str = declare(Target(), "where it goes on with a no")
    save: str = declare(Kind(), "the name under which `yes` or `no` is kept", "")

    def question(self, scene: Scene) -> tuple[Say, ...]:
        """The question and its two keys."""
        keys = (Say("press", {"purpose": "yes", "key": "1"}), Say("press", {"purpose": "no", "key": "2"}))
        return (*scene.say(*self.prompt), *keys)

    def listen(self, scene: Scene) -> Gather:
        """One key, or a yes or no."""
        return Gather(hints=scene.hints(YES_NO))

    def prompts(self) -> tuple[str, ...]:
        """The question, and what the keys are called."""
        return (*self.prompt, *YES_NO)

    def choices(self) -> tuple[str, ...]:
        """Yes and no."""
        return YES_NO

    def answer(self, scene: Scene, heard: Heard) -> Step | None:
        """Yes, or no, or neither; both at once is neither."""
        said = scene.understood(heard.speech, YES_NO) if heard.how is How.SPEECH else ()
        if (heard.how is How.KEYS and heard.keys == "1") or said == ("yes",):
            return Step(to=self.yes, saves={self.save: "yes"} if self.save else {})
        if (heard.how is How.KEYS and heard.keys == "2") or said == ("no",):
            return Step(to=self.no, saves={self.save: "no"} if self.save else {})
        return None
