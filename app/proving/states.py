"""The finite graph of all calls to one hotline, explored with the interpreter that answers real calls.

A state is a place where a call waits, for the caller or for the office: the node, how often it was asked in vain, and
the answers that matter. The language is no part of it: words differ by language, ways do not; `app.proving.by_words`
looks at them.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, TypeAlias

from app.domain.hotline import Hotline
from app.ivr.flow import FlowNode, FlowSet
from app.ivr.interpreter import interpret, start
from app.ivr.turn import Ask, Gather, Hangup, Heard, How, Position, Say, Turn, Wait
from app.proving.matters import Kept, Matters
from app.proving.moves import EVERYWHERE, Move, Sort, moves
from app.proving.office import Beginning, answers

MAX_STATES: Final = 20_000
"""More states are not looked at. The shipped flows have under a tenth of it."""

MAX_TRIES: Final = 5
"""More tries are not followed: no node may ask more often (`app.ivr.asking`)."""

BEFORE: Final = -1
"""The number of the place where every call begins."""

_Key: TypeAlias = tuple[str, int, str, Kept]


@dataclass(frozen=True, slots=True)
class State:
    """A place where calls wait, or have ended."""

    number: int
    node: str
    tries: int
    kept: Kept
    wait: Wait | None  # None: the call was led to a node that is not there

    @property
    def is_end(self) -> bool:
        """Whether the call is over."""
        return isinstance(self.wait, Hangup)

    @property
    def waits_for_caller(self) -> bool:
        """Whether the caller, not the office, must do something."""
        return self.wait is not None and not isinstance(self.wait, Ask | Hangup)

    @property
    def is_detour(self) -> bool:
        """Whether the caller is correcting an answer."""
        return any(name == "detour" for name, _ in self.kept)

    def asks(self, what: str, kind: str | None = None) -> bool:
        """Whether the office is asked for this, and for a case of this kind."""
        return isinstance(self.wait, Ask) and self.wait.what == what and kind in (None, self.wait.details.get("kind"))


@dataclass(frozen=True, slots=True)
class Edge:
    """What one move, or one answer of the office, leads to."""

    source: int  # number of a state, or BEFORE
    move: Move
    target: int
    says: tuple[Say, ...]
    saved: Mapping[str, Any]  # answers given with it

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
    is_whole: bool = True  # False: there were more than MAX_STATES

    def node(self, state: State) -> FlowNode | None:
        """The node of a state; None if there is none of that name."""
        return self.flows.nodes.get(state.node)

    def position(self, state: State, language: str) -> Position:
        """A call that stands in a state, for the interpreter."""
        facts = {"languages": list(self.hotline.languages), "country": self.hotline.country}
        return Position(self.flows.version, state.node, language, state.tries, {**facts, **dict(state.kept)})

    def ways(self, state: State | int) -> list[Edge]:
        """What may happen in a state."""
        return self.leaving.get(state if isinstance(state, int) else state.number, [])

    def target(self, edge: Edge) -> State:
        """Where an edge leads."""
        return self.states[edge.target]

    def waiting(self) -> Iterator[State]:
        """Every state in which the caller can do something."""
        return (state for state in self.states if state.waits_for_caller)


def explore(flows: FlowSet, hotline: Hotline, beginnings: tuple[Beginning, ...]) -> Graph:
    """The graph of all calls to a hotline, however they begin."""
    return _Explorer(flows, hotline).explore(beginnings)


class _Explorer:
    def __init__(self, flows: FlowSet, hotline: Hotline) -> None:
        # Without words and slots every turn goes the same way, and takes half the time.
        self._flows = replace(flows, spoken={}, slots={})
        self._graph = Graph(hotline, flows)
        self._numbers: dict[_Key, int] = {}
        self._ahead: deque[State] = deque()
        self._once: set[str] = set()  # nodes where the keys that count everywhere were pressed

    def explore(self, beginnings: tuple[Beginning, ...]) -> Graph:
        graph, hotline = self._graph, self._graph.hotline
        self._matters = Matters(self._flows, {name for each in beginnings for name in each.known()})
        for beginning in beginnings:
            position = start(self._flows, hotline, hotline.main_language, beginning.known())
            self._follow(BEFORE, Move(Sort.BEGIN, "", Heard(How.START), beginning.describe(), beginning), position)
        while self._ahead and graph.is_whole:
            state = self._ahead.popleft()
            if state.wait is None or state.is_end or state.tries > MAX_TRIES:
                continue
            position = graph.position(state, hotline.main_language)
            for move in self._moves(state):
                self._follow(state.number, move, position)
        return graph

    def _moves(self, state: State) -> Iterator[Move]:
        if isinstance(state.wait, Ask):
            yield from answers(state.wait)
            return
        assert state.wait is not None
        yield from moves(self._flows.nodes[state.node], state.wait, self._graph.hotline.country)
        # What 9 and 6 do is the interpreter's concern, and the same whatever is known.
        if isinstance(state.wait, Gather) and state.node not in self._once:
            self._once.add(state.node)
            yield from EVERYWHERE

    def _follow(self, source: int, move: Move, position: Position) -> None:
        try:
            turn: Turn = interpret(self._flows, position, move.heard)
        except KeyError as missing:
            # The loader refuses a way to a node that is not there; flows that were not loaded may have one.
            turn = Turn(replace(position, node=str(missing.args[0])), Hangup())
        known = position.known
        saved = {name: value for name, value in turn.position.known.items() if known.get(name) != value}
        edge = Edge(source, move, self._arrive(turn), turn.says, saved)
        self._graph.edges.append(edge)
        self._graph.leaving.setdefault(source, []).append(edge)

    def _arrive(self, turn: Turn) -> int:
        """The number of the state that a turn ends in."""
        position = turn.position
        over = isinstance(turn.wait, Hangup)
        kept = () if over else self._matters.at(position.node, position.known)
        key = (position.node, position.tries, type(turn.wait).__name__, kept)
        number = self._numbers.get(key)
        if number is None:
            wait = turn.wait if position.node in self._flows.nodes else None
            number = self._numbers[key] = len(self._graph.states)
            self._graph.states.append(State(number, position.node, position.tries, kept, wait))
            self._ahead.append(self._graph.states[-1])
            self._graph.is_whole = number < MAX_STATES
        return number
