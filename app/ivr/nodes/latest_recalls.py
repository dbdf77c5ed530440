"""The node type `latest_recalls`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from app.ivr.asking import Asking
from app.ivr.fields import Kind, Prompts, Target, declare
from app.ivr.flow import Scene, Step
from app.ivr.turn import Ask, Gather, Heard, How, Say

ORDER = ("first", "second", "third")


@dataclass(frozen=True, slots=True, kw_only=True)
class LatestRecalls(Asking):
    """Names the products recalled last, at most three, each with its key (P8).

    Without any the call goes on as after the last try.
    """

    type: ClassVar[str] = "latest_recalls"

    prompt: tuple[str, ...] = declare(Prompts(), "what is said before them")
    recalls: str = declare(
        Kind(), "the answer in which the office gives them, each its number, a blank and its name", "latest"
    )
    save: str = declare(Kind(), "the name under which the chosen one is kept")
    next: str = declare(Target(), "where the call goes on with one")

    def enter(self, scene: Scene) -> Step:
        """Ask the office which there are."""
        return Step(wait=Ask("latest_recalls"))

    def hear(self, scene: Scene, heard: Heard) -> Step:
        """Name them, or follow the answer."""
        if heard.how is not How.OUTCOME:
            return Asking.hear(self, scene, heard)
        if not self._recalls(scene):
            return Step(to=self.on_failure)
        return Step(wait=self.listen(scene), says=self.question(scene), tries=scene.position.tries)

    def question(self, scene: Scene) -> tuple[Say, ...]:
        """Each with its key."""
        named = (
            Say("press_recall", {"title": each.partition(" ")[2], "key": str(key)})
            for key, each in enumerate(self._recalls(scene), 1)
        )
        return (*scene.say(*self.prompt), *named)

    def prompts(self) -> tuple[str, ...]:
        """The recalls as well."""
        return (*self.prompt, "press_recall")

    def listen(self, scene: Scene) -> Gather:
        """One key, or which in the row."""
        return Gather(hints=scene.hints(self.choices()))

    def choices(self) -> tuple[str, ...]:
        """Their places in the row."""
        return ORDER

    def answer(self, scene: Scene, heard: Heard) -> Step | None:
        """Keep which it is."""
        recalls = self._recalls(scene)
        if heard.how is How.KEYS:
            chosen = [each for key, each in enumerate(recalls, 1) if heard.keys == str(key)]
        else:
            named = scene.understood(heard.speech, ORDER) if heard.how is How.SPEECH else ()
            chosen = [each for each, place in zip(recalls, ORDER, strict=False) if place in named]
        return Step(to=self.next, saves={self.save: f"#{chosen[0].partition(' ')[0]}"}) if len(chosen) == 1 else None

    def _recalls(self, scene: Scene) -> list[str]:
        found = scene.known.get(self.recalls) or ()
        return [found] if isinstance(found, str) else list(found)
