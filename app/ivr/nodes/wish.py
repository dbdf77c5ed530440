"""The node type `wish`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

from app.ivr.fields import Kind, Target, declare
from app.ivr.flow import Scene, Step
from app.ivr.nodes.menu import Menu, Spoken
from app.ivr.turn import Heard, How


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish(Menu):
    """Asks for the day of a call; who names day and time in one sentence ("tomorrow after five") is asked no more.

    A day of the week has no key; it can be said.
    """

    type: ClassVar[str] = "wish"

    days: Mapping[str, str] = declare(Spoken(), "days without a key, each with the value saved", factory=dict)
    parts: Mapping[str, str] = declare(
        Spoken(), "times of day that may be said too, with the value saved", factory=dict
    )
    save_part: str = declare(Kind(), "the name under which the time of day is kept")
    part: str = declare(Target(), "where the call goes on after a day without a key, to ask for the time of day")
    complete: str = declare(Target(), "where it goes on if day and time of day were named")

    def choices(self) -> tuple[str, ...]:
        """The choices of all options, days and times of day."""
        return (*Menu.choices(self), *self.days, *self.parts)

    def answer(self, scene: Scene, heard: Heard) -> Step | None:
        """Follow the key, or take the day and the time of day that were said."""
        if heard.how is not How.SPEECH:
            step = Menu.answer(self, scene, heard)
            return step and replace(step, saves={**step.saves, self.save_part: ""})
        named = scene.understood(heard.speech, self.choices())
        part = next((value for word, value in self.parts.items() if word in named), "")
        days = [(each.value, each.to) for each in self.options.values() if any(word in named for word in each.words)]
        days += [(value, self.part) for word, value in self.days.items() if word in named]
        if len(days) != 1:
            return Menu.answer(self, scene, heard) if not days else None
        value, to = days[0]
        return Step(
            to=self.complete if part and to == self.part else to, saves={self.save: value, self.save_part: part}
        )
