"""The node type `phone`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from app.domain.phone_number import may_be_promised_a_call, parse_phone
from app.ivr.asking import Asking
from app.ivr.fields import Kind, Prompts, Target, declare
from app.ivr.flow import Scene, Step
from app.ivr.turn import Gather, Heard, How, Say


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone(Asking):
    """Takes a telephone number to call back, and keeps it in E.164 form if it is one that may be promised a call.

    # alone, or silence, goes on without a number. A national number is read in the hotline's country.
    """

    type: ClassVar[str] = "phone"

    prompt: tuple[str, ...] = declare(Prompts(), "the question")
    save: str = declare(Kind(), "the name under which the number is kept")
    next: str = declare(Target(), "where the call goes on with a number")
    skip: str = declare(Target(), "where it goes on without one")

    def question(self, scene: Scene) -> tuple[Say, ...]:
        """The question."""
        return scene.say(*self.prompt)

    def listen(self, scene: Scene) -> Gather:
        """Digits until #, or spoken ones."""
        return Gather(digits=None, timeout_seconds=10)

    def answer(self, scene: Scene, heard: Heard) -> Step | None:
        """Keep a number that can be called; anything else is asked again."""
        if heard.how is How.SILENCE or heard.keys == "#":
            return Step(to=self.skip)
        number = parse_phone(heard.keys or heard.speech.strip().rstrip("."), scene.known.get("country", ""))
        if number is None or not may_be_promised_a_call(number):
            return None
        return Step(to=self.next, saves={self.save: number.e164})
