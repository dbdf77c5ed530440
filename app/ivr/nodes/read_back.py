"""The node type `read_back`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from app.ivr.fields import Lines, Prompts, declare
from app.ivr.flow import Scene, Step
from app.ivr.nodes.confirm import Confirm
from app.ivr.turn import Say


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadBack(Confirm):
    """Reads back what was recorded and asks whether it is right (T20).

    What is not known is passed over. With nothing to read back the call goes on as with a yes.
    """

    type: ClassVar[str] = "read_back"

    intro: tuple[str, ...] = declare(Prompts(), "what is said before it", ())
    lines: Mapping[str, str | Mapping[str, str]] = declare(Lines(), "for each answer how it is read back")

    def enter(self, scene: Scene) -> Step:
        """Read and ask."""
        if not self._known_lines(scene):
            return Step(to=self.yes)
        return Confirm.enter(self, scene)

    def question(self, scene: Scene) -> tuple[Say, ...]:
        """The lines for all that is known, and the question."""
        return (*scene.say(*self.intro, *self._known_lines(scene)), *Confirm.question(self, scene))

    def prompts(self) -> tuple[str, ...]:
        """The lines as well."""
        return (*self.intro, *Lines().prompts(self.lines), *Confirm.prompts(self))

    def _known_lines(self, scene: Scene) -> tuple[str, ...]:
        spoken: list[str] = []
        for answer, line in self.lines.items():
            value = scene.known.get(answer)
            values = value if isinstance(value, list) else [value] if value else []
            if isinstance(line, str):
                spoken += [line] if values else []
            else:
                spoken += [line[each] for each in values if each in line]
        return tuple(spoken)
