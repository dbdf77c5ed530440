"""A call's place that notes which answers are looked at: a turn is the same for all calls that agree in those."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.ivr.turn import Known, Position


class WatchedKnown(dict[str, Any]):
    """What is known, and which of what was known before the turn was looked at."""

    def __init__(self, known: Known, looked_at: set[str], saved: frozenset[str] = frozenset()) -> None:
        """Take the answers.

        Args:
            looked_at: grows by every name that is looked at.
            saved: names whose answers were given in this turn; looking at them tells nothing of before.
        """
        super().__init__(dict.items(known) if isinstance(known, WatchedKnown) else known)
        self._looked_at = looked_at
        self.saved = saved

    def knowing(self, more: Known) -> WatchedKnown:
        """With more answers, given in this turn."""
        made = WatchedKnown(self, self._looked_at, self.saved | more.keys())
        dict.update(made, more)
        return made

    def get(self, name: str, otherwise: Any = None) -> Any:
        """An answer, noted."""
        self._note(name)
        return dict.get(self, name, otherwise)

    def __getitem__(self, name: str) -> Any:
        self._note(name)
        return dict.__getitem__(self, name)

    def __contains__(self, name: object) -> bool:
        self._note(str(name))
        return dict.__contains__(self, name)

    def __iter__(self) -> Iterator[str]:
        """Who goes through all answers looks at every one, and at those that are not there."""
        raise TypeError("a node looks at answers by name, so that proofs know which of them matter")

    def _note(self, name: str) -> None:
        if name not in self.saved:
            self._looked_at.add(name)


class WatchedPosition(Position):
    """A place whose answers are watched, also after more were given."""

    __slots__ = ()

    def at(self, node: str, tries: int = 0) -> Position:
        """The same call at a node."""
        return WatchedPosition(self.version, node, self.language, tries, self.known, self.asked)

    def knowing(self, more: Known) -> Position:
        """The same call with more answers; new ones count."""
        assert isinstance(self.known, WatchedKnown)
        known = self.known.knowing(more)
        return WatchedPosition(self.version, self.node, self.language, self.tries, known, self.asked)

    def waited(self) -> Position:
        """The same call; how often it waited is no part of a state."""
        return self
