"""The node type `remedies`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from app.ivr.asking import Asking
from app.ivr.fields import Kind, Prompts, Target, declare
from app.ivr.flow import Scene, Step
from app.ivr.turn import Gather, Heard, How, Say

REMEDIES = ("repair", "replacement", "refund")
UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedies(Asking):
    """Lets the caller choose one of the remedies that a recall offers, by key or in words; the last key is for later.

    Without any the call goes on as with that key.
    """

    type: ClassVar[str] = "remedies"

    prompt: tuple[str, ...] = declare(Prompts(), "the question")
    offered: str = declare(Kind(), "the answer in which the office gives the remedies", "recall_remedies")
    save: str = declare(Kind(), "the name under which the remedy is kept")
    next: str = declare(Target(), "where the call goes on with a remedy")
    undecided: str = declare(Target(), "where it goes on without one")

    def enter(self, scene: Scene) -> Step:
        """Ask, if there is anything to choose."""
        return Asking.enter(self, scene) if self._offered(scene) else Step(to=self.undecided)

    def question(self, scene: Scene) -> tuple[Say, ...]:
        """The question, and each remedy with its key."""
        purposes = [f"remedy_{each}" for each in self._offered(scene)] + ["recall_undecided"]
        keys = (Say("press", {"purpose": each, "key": str(key)}) for key, each in enumerate(purposes, 1))
        return (*scene.say(*self.prompt), *keys)

    def prompts(self) -> tuple[str, ...]:
        """The remedies as well."""
        return (*self.prompt, *(f"remedy_{each}" for each in REMEDIES), "recall_undecided")

    def listen(self, scene: Scene) -> Gather:
        """One key, or the remedy in words."""
        return Gather(hints=scene.hints(self.choices()))

    def choices(self) -> tuple[str, ...]:
        """The remedies, and that it is too early."""
        return (*REMEDIES, UNDECIDED)

    def answer(self, scene: Scene, heard: Heard) -> Step | None:
        """Keep the remedy."""
        options = [*self._offered(scene), UNDECIDED]
        if heard.how is How.KEYS:
            chosen = [each for key, each in enumerate(options, 1) if heard.keys == str(key)]
        else:
            named = scene.understood(heard.speech, self.choices()) if heard.how is How.SPEECH else ()
            chosen = [each for each in options if each in named]
        if len(chosen) != 1:
            return None
        return Step(to=self.undecided) if chosen == [UNDECIDED] else Step(to=self.next, saves={self.save: chosen[0]})

    def _offered(self, scene: Scene) -> list[str]:
        found = scene.known.get(self.offered) or ()
        return [each for each in REMEDIES if each in ([found] if isinstance(found, str) else found)]
