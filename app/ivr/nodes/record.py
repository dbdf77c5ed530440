"""The node type `record`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from app.ivr.asking import Asking
from app.ivr.fields import Kind, Number, Prompts, Target, declare
from app.ivr.flow import Scene, Step
from app.ivr.turn import Heard, How, Record, Say

CONSENTED = ("granted", "announced")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordStory(Asking):
    """Records what the caller tells, and has it written down while it is spoken.

    Without consent nothing is recorded: the call goes on at `on_failure`. Afterwards the answers `save` (the
    recording), `save`_seconds and, where words were understood, `save`_text are known.

    Source:
        StGB § 201; DSK resolution 2018: consent before recording starts, and a way on without it.
    """

    type: ClassVar[str] = "record"

    prompt: tuple[str, ...] = declare(Prompts(), "what is said before the tone")
    save: str = declare(Kind(), "the name under which the recording is kept")
    next: str = declare(Target(), "where the call goes on")
    max_seconds: int = declare(Number(10, 600), "the longest recording, in seconds", 180)
    silence_seconds: int = declare(Number(3, 20), "the silence that ends it, in seconds", 5)

    def question(self, scene: Scene) -> tuple[Say, ...]:
        """What is said before the tone."""
        return scene.say(*self.prompt)

    def listen(self, scene: Scene) -> Record:
        """A recording."""
        return Record(max_seconds=self.max_seconds, silence_seconds=self.silence_seconds)

    def enter(self, scene: Scene) -> Step:
        """Record, if the caller agreed."""
        if scene.known.get("consent") not in CONSENTED:
            return Step(to=self.on_failure)
        # Named in full: `slots=True` makes a new class, which a bare super() does not find.
        return Asking.enter(self, scene)

    def answer(self, scene: Scene, heard: Heard) -> Step | None:
        """Keep the recording."""
        if heard.how is not How.RECORDING or not heard.recording:
            return None
        saves: dict[str, Any] = {self.save: heard.recording, f"{self.save}_seconds": heard.seconds}
        if heard.speech:
            saves[f"{self.save}_text"] = heard.speech
        return Step(to=self.next, saves=saves)
