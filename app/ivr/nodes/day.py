"""The node type `day`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from app.ivr.asking import Asking
from app.ivr.fields import Kind, Prompts, Target, declare
from app.ivr.flow import Scene, Step
from app.ivr.turn import Ask, Gather, Heard, How, Say

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
"""What a caller may say for a day; the prompts `weekday_0` to `weekday_6` name them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Day(Asking):
    """Offers the days on which the promised call can be had, as the office tells them; at most five, each with its key.

    Without any the call goes on as after the last try.
    """

    type: ClassVar[str] = "day"

    prompt: tuple[str, ...] = declare(Prompts(), "the question")
    save: str = declare(Kind(), "the name under which the day is kept, ISO 8601")
    days: str = declare(Kind(), "the answer in which the office gives the days", "wish_days")
    next: str = declare(Target(), "where the call goes on with a day")

    def enter(self, scene: Scene) -> Step:
        """Ask the office which days there are."""
        return Step(wait=Ask("days"))

    def hear(self, scene: Scene, heard: Heard) -> Step:
        """Offer them, or follow the answer."""
        if heard.how is not How.OUTCOME:
            return Asking.hear(self, scene, heard)
        if not self._days(scene):
            return Step(to=self.on_failure)
        return Step(wait=self.listen(scene), says=self.question(scene), tries=scene.position.tries)

    def question(self, scene: Scene) -> tuple[Say, ...]:
        """The question, and each day with its key."""
        days = (
            Say("press_day", {"weekday": f"weekday_{day.weekday()}", "date": day.isoformat(), "key": str(key)})
            for key, day in enumerate(self._days(scene), 1)
        )
        return (*scene.say(*self.prompt), *days)

    def prompts(self) -> tuple[str, ...]:
        """The days as well."""
        return (*self.prompt, "press_day", *(f"weekday_{number}" for number in range(7)))

    def listen(self, scene: Scene) -> Gather:
        """One key, or a day of the week."""
        return Gather(hints=scene.hints(self.choices()))

    def choices(self) -> tuple[str, ...]:
        """The days of the week."""
        return WEEKDAYS

    def answer(self, scene: Scene, heard: Heard) -> Step | None:
        """Keep the day."""
        days = self._days(scene)
        if heard.how is How.KEYS:
            chosen = [day for key, day in enumerate(days, 1) if heard.keys == str(key)]
        else:
            named = scene.understood(heard.speech, WEEKDAYS) if heard.how is How.SPEECH else ()
            chosen = [day for day in days if WEEKDAYS[day.weekday()] in named]
        return Step(to=self.next, saves={self.save: chosen[0].isoformat()}) if len(chosen) == 1 else None

    def _days(self, scene: Scene) -> list[date]:
        days = scene.known.get(self.days) or ()
        return [date.fromisoformat(day) for day in ([days] if isinstance(days, str) else days)]
