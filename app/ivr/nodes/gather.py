"""The node type `gather`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from app.ivr.asking import Asking
from app.ivr.fields import Kind, Number, Prompts, Target, YesNo, declare
from app.ivr.flow import Scene, Step
from app.ivr.turn import Gather, Heard, How, Say


@dataclass(frozen=True, slots=True, kw_only=True)
class GatherDigits(Asking):
    """Collects several digits, finished by #, and if wished takes them in words.

    With `skip` the question is optional: # alone, or silence, which the network cannot tell from it, goes on at once.
    """

    type: ClassVar[str] = "gather"

    prompt: tuple[str, ...] = declare(Prompts(), "the question")
    save: str = declare(Kind(), "the name under which the digits are kept")
    next: str = declare(Target(), "where the call goes on")
    skip: str | None = declare(Target(), "where it goes on without an answer", None)
    least: int = declare(Number(2, 30), "fewer digits are no answer; one digit is a key that counts anywhere", 3)
    most: int = declare(Number(2, 30), "more digits are no answer", 30)
    spoken: bool = declare(YesNo(), "whether words are an answer, too", False)
    timeout_seconds: int = declare(Number(3, 30), "how long a pause may be, in seconds", 10)

    def question(self, scene: Scene) -> tuple[Say, ...]:
        """The question."""
        return scene.say(*self.prompt)

    def listen(self, scene: Scene) -> Gather:
        """Digits until #."""
        return Gather(digits=None, speech=self.spoken, timeout_seconds=self.timeout_seconds)

    def answer(self, scene: Scene, heard: Heard) -> Step | None:
        """Keep what was entered or said."""
        if self.skip and (heard.how is How.SILENCE or heard.keys == "#"):
            return Step(to=self.skip)
        digits = "".join(sign for sign in heard.keys or heard.speech if sign.isdecimal())
        if heard.how is How.KEYS and self.least <= len(digits) <= self.most:
            return Step(to=self.next, saves={self.save: digits})
        if heard.how is How.SPEECH and self.spoken and heard.speech.strip():
            # "a b 12 34" and "model 4711" are names, too; only pure digits lose their blanks.
            said = heard.speech.strip().rstrip(".")
            pure = said.replace(" ", "").replace("-", "")
            return Step(to=self.next, saves={self.save: pure if pure.isdecimal() else said})
        return None
