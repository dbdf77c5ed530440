"""The finite graph of all calls to one hotline: where calls wait, and what leads from one wait to the next.

A state is a place where a call waits, for the caller or for the office: the node, how often it was asked in vain, and
the answers that matter. The language is no part of it: words differ by language, ways do not. The graph is made by
`app.proving.explore`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from app.domain.hotline import Hotline
from app.ivr.flow import FlowNode, FlowSet
from app.ivr.turn import Ask, Hangup, Position, Say, Wait
from app.proving.matters import Kept
from app.proving.moves import Move

BEFORE: Final = -1
"""The number of the place where every call begins."""


@dataclass(frozen=True, slots=True)
class State:
    """A place where calls wait, or have ended."""

    number: int
    node: str
    tries: int
    kept: Kept
    wait: Wait | None  # None: the call was led to a node that is not there
    is_end: bool  # whether the call is over
    waits_for_caller: bool  # whether the caller, not the office, must do something

    @classmethod
    def of(cls, number: int, node: str, tries: int, kept: Kept, wait: Wait | None) -> State:
        """A state with what follows from its wait."""
        is_end = isinstance(wait, Hangup)
        return cls(number, node, tries, kept, wait, is_end, not (wait is None or is_end or isinstance(wait, Ask)))

    @property
    def is_detour(self) -> bool:
        """Whether the caller is correcting an answer."""
        return any(name == "detour" for name, _ in self.kept)

    def asks(self, what: str, kind: str | None = None) -> bool:
        """Whether the office is asked for this, and for a case of this kind."""
        return isinstance(self.wait, Ask) and self.wait.what == what and kind in (None, self.wait.details.get("kind"))


class Edge(NamedTuple):
    """What one move, or one answer of the office, leads to."""

    source: int  # number of a state, or BEFORE
    move: Move
    target: int
    says: tuple[Say, ...]
    texts: tuple[str, ...]  # prompts of text messages that are sent
    saved: Mapping[str, Any]  # answers given with it
    alike: int  # the same for all edges that differ in nothing but in answers that neither node looks at

    def speaks(self, prompts: frozenset[str]) -> bool:
        """Whether one of these prompts is spoken."""
        return any(say.prompt in prompts or say.slots.get("purpose") in prompts for say in self.says)


@dataclass(slots=True)
class Graph:
    """All calls to one hotline."""

    hotline: Hotline
    flows: FlowSet
    states: list[State] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    leaving: dict[int, list[Edge]] = field(default_factory=dict)  # by number of the state
    is_whole: bool = True  # False: there were too many states
    passed: dict[int, tuple[State, ...]] = field(default_factory=dict)  # what `app.proving.reach` found already
    _unlike: dict[int, Edge] = field(default_factory=dict)  # by what they are alike in; made when asked for
    _arriving: dict[int, list[Edge]] = field(default_factory=dict)  # by number of the state; made when asked for

    def node(self, state: State) -> FlowNode | None:
        """The node of a state; None if there is none of that name."""
        return self.flows.nodes.get(state.node)

    def known(self, state: State) -> dict[str, Any]:
        """What matters of the answers of a call in a state, with the facts of its hotline."""
        return {"languages": list(self.hotline.languages), "country": self.hotline.country, **dict(state.kept)}

    def position(self, state: State, language: str) -> Position:
        """A call that stands in a state, for the interpreter."""
        return Position(self.flows.version, state.node, language, state.tries, self.known(state))

    def ways(self, state: State | int) -> list[Edge]:
        """What may happen in a state."""
        return self.leaving.get(state if isinstance(state, int) else state.number, [])

    def arriving(self, number: int) -> list[Edge]:
        """What leads to a state, once all edges are there."""
        if not self._arriving:
            for edge in self.edges:
                self._arriving.setdefault(edge.target, []).append(edge)
        return self._arriving.get(number, [])

    def unlike(self) -> Collection[Edge]:
        """One edge of each sort of alike ones, once all edges are there."""
        if not self._unlike:
            self._unlike.update((edge.alike, edge) for edge in self.edges)
        return self._unlike.values()

    def target(self, edge: Edge) -> State:
        """Where an edge leads."""
        return self.states[edge.target]

    def waiting(self) -> Iterator[State]:
        """Every state in which the caller can do something."""
        return (state for state in self.states if state.waits_for_caller)
