"""The node type `topics`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from app.ivr.asking import Asking
from app.ivr.fields import Kind, Prompts, Target, declare
from app.ivr.flow import Scene, Step
from app.ivr.turn import Ask, Gather, Heard, How, Say

MORE = "+"


@dataclass(frozen=True, slots=True, kw_only=True)
class Topics(Asking):
    """Offers what the hotline knows answers to, at most five at a time, or finds it by the caller's own words (K1, K3).

    The office keeps the topics. Each has a key; with more than five the last key leads to the next ones, and words find
    any of them: if it is not certain which one is meant, those that may be are read back with their keys. Words that
    were said before, in `said`, are looked up first, and then forgotten.
    """

    type: ClassVar[str] = "topics"

    prompt: tuple[str, ...] = declare(Prompts(), "the question")
    save: str = declare(Kind(), "the name under which the topic is kept")
    next: str = declare(Target(), "where the call goes on with a topic")
    meant: tuple[str, ...] = declare(Prompts(), "the question when several may be meant, or one only perhaps")
    none: str = declare(Target(), "where it goes on if nothing was found, or there are no topics")
    said: str = declare(Kind(), "the answer that holds words to look up at once", "")
    listed: str = declare(Kind(), "the answer in which the office gives the topics", "topic_list")

    def enter(self, scene: Scene) -> Step:
        """Look up what was said, or ask the office which topics there are."""
        said = scene.known.get(self.said) if self.said else ""
        if said:
            return Step(wait=Ask("find_topic", {"said": said}), saves={self.said: ""})
        return Step(wait=Ask("topics", {"after": scene.known.get("topics_after") or ""}))

    def hear(self, scene: Scene, heard: Heard) -> Step:
        """Offer the topics, follow what was found, or follow the answer."""
        if heard.how is not How.OUTCOME:
            return Asking.hear(self, scene, heard)
        if heard.outcome.get("topic_match") == "sure":
            return Step(to=self.next, saves={self.save: heard.outcome.get("topic_found", "")})
        if not self._listed(scene):
            return Step(to=self.none)
        question = self.meant if "topic_match" in heard.outcome else self.prompt
        says = (*scene.say(*question), *self._keys(scene))
        return Step(wait=self.listen(scene), says=says, tries=scene.position.tries)

    def question(self, scene: Scene) -> tuple[Say, ...]:
        """The question, and each topic with its key."""
        return (*scene.say(*self.prompt), *self._keys(scene))

    def _keys(self, scene: Scene) -> Iterator[Say]:
        return (
            Say("press", {"purpose": "topics_more", "key": str(key)})
            if name == MORE
            else Say("press_topic", {"title": title, "key": str(key)})
            for key, (name, title) in enumerate(self._listed(scene), 1)
        )

    def prompts(self) -> tuple[str, ...]:
        """How topics are named, too."""
        return (*self.prompt, *self.meant, "press_topic", "topics_more")

    def choices(self) -> tuple[str, ...]:
        """The wish for the next topics, and yes to the only one."""
        return ("topics_more", "yes")

    def listen(self, scene: Scene) -> Gather:
        """One key, or words."""
        return Gather(hints=tuple(title for _, title in self._listed(scene) if title))

    def answer(self, scene: Scene, heard: Heard) -> Step | None:
        """Keep the topic of the key, or have the words looked up."""
        listed = self._listed(scene)
        key = heard.keys if heard.how is How.KEYS else self._named(scene, heard, listed)
        if heard.how is How.SPEECH and heard.speech.strip() and not key:
            return Step(wait=Ask("find_topic", {"said": heard.speech.strip()}), tries=scene.position.tries)
        if key not in map(str, range(1, len(listed) + 1)):
            return None
        name, _ = listed[int(key) - 1]
        if name == MORE:
            return Step(to=self.name, saves={"topics_after": listed[-2][0] if len(listed) > 1 else ""})
        return Step(to=self.next, saves={self.save: name})

    def _named(self, scene: Scene, heard: Heard, listed: list[tuple[str, str]]) -> str:
        """The key that words stand for; "" if they are a question of their own."""
        meant = scene.meant(heard.speech, self.choices()) if heard.how is How.SPEECH else None
        if meant == "topics_more" and listed and listed[-1][0] == MORE:
            return str(len(listed))
        return "1" if meant == "yes" and [name for name, _ in listed if name != MORE] == [listed[0][0]] else ""

    def _listed(self, scene: Scene) -> list[tuple[str, str]]:
        listed = scene.known.get(self.listed) or ()
        pairs = (each.partition("|") for each in ([listed] if isinstance(listed, str) else listed))
        return [(name, title) for name, _, title in pairs]
