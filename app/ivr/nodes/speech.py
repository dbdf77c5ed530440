"""The node type `speech`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from app.ivr.asking import Asking
from app.ivr.fields import Kind, Prompts, Target, declare
from app.ivr.flow import Scene, Step
from app.ivr.turn import Gather, Heard, How, Say


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech(Asking):
    """Takes an answer in the caller's own words, as text; nothing is recorded. # goes on without."""

    type: ClassVar[str] = "speech"

    prompt: tuple[str, ...] = declare(Prompts(), "the question")
    save: str = declare(Kind(), "the name under which the words are kept")
    next: str = declare(Target(), "where the call goes on, with an answer or without")

    def question(self, scene: Scene) -> tuple[Say, ...]:
        """The question."""
        return scene.say(*self.prompt)

    def listen(self, scene: Scene) -> Gather:
        """Words, or one key."""
        return Gather()

    def answer(self, scene: Scene, heard: Heard) -> Step | None:
        """Keep the words."""
        if heard.how is How.KEYS and heard.keys == "#":
            return Step(to=self.next)
        if heard.how is How.SPEECH and heard.speech.strip():
            return Step(to=self.next, saves={self.save: heard.speech.strip()})
        return None
