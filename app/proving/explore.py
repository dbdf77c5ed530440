"""Explores the graph of all calls to one hotline with the interpreter that answers real calls.

A turn depends on the answers that are looked at in it and on no other. So one that was taken is taken again, without
the interpreter, wherever a call stands at the same node and agrees in those.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, TypeAlias

from app.domain.hotline import Hotline
from app.ivr.flow import FlowSet
from app.ivr.interpreter import interpret, start
from app.ivr.turn import Ask, Gather, Hangup, Heard, How, Position, Say, Turn, Wait
from app.proving.matters import Kept, Matters
from app.proving.moves import EVERYWHERE, Move, Sort, moves
from app.proving.office import Beginning, answers
from app.proving.states import BEFORE, Edge, Graph, State
from app.proving.watched import WatchedKnown, WatchedPosition

MAX_STATES: Final = 20_000
"""More states are not looked at. The shipped flows have under a fifth of it."""

MAX_TRIES: Final = 5
"""More tries are not followed: no node may ask more often (`app.ivr.asking`)."""

_StateKey: TypeAlias = tuple[str, int, str, Kept]
_Place: TypeAlias = tuple[str, int, str]  # a state without its answers: node, tries, kind of wait
_LookedAt: TypeAlias = tuple[str, ...]  # names of answers


@dataclass(frozen=True, slots=True)
class _Taken:
    """A turn that was taken once."""

    node: str
    tries: int
    wait: Wait
    says: tuple[Say, ...]
    texts: tuple[str, ...]
    saved: Mapping[str, Any]
    leaves: str  # the same for turns that lead to the same node with the same answers
    number: int


def explore(flows: FlowSet, hotline: Hotline, beginnings: tuple[Beginning, ...]) -> Graph:
    """The graph of all calls to a hotline, however they begin."""
    return _Explorer(flows, hotline).explore(beginnings)


class _Explorer:
    def __init__(self, flows: FlowSet, hotline: Hotline) -> None:
        # Without words and slots every turn goes the same way, and takes half the time.
        self._flows = replace(flows, spoken={}, slots={})
        self._graph = Graph(hotline, flows)
        self._numbers: dict[_StateKey, int] = {}
        self._ahead: deque[State] = deque()
        self._once: set[str] = set()  # nodes where the keys that count everywhere were pressed
        self._moves_at: dict[_Place, tuple[Move, ...]] = {}
        self._taken: dict[tuple[_Place, int], dict[_LookedAt, dict[tuple[Any, ...], _Taken]]] = {}
        self._kept: dict[tuple[Kept, str], Kept] = {}  # answers before, what a turn leaves → answers after
        self._number_of_turns = 0

    def explore(self, beginnings: tuple[Beginning, ...]) -> Graph:
        graph, hotline = self._graph, self._graph.hotline
        self._matters = Matters(self._flows, {name for each in beginnings for name in each.known()})
        for beginning in beginnings:
            position = start(self._flows, hotline, hotline.main_language, beginning.known(), beginning.flow or None)
            move = Move(Sort.BEGIN, "", Heard(How.START), beginning.describe(), beginning)
            before = tuple(sorted(beginning.known().items()))
            self._go(BEFORE, before, move, position.known, self._take(position, move))
        while self._ahead and graph.is_whole:
            state = self._ahead.popleft()
            if state.wait is None or state.is_end or state.tries > MAX_TRIES:
                continue
            self._follow(state)
        return graph

    def _follow(self, state: State) -> None:
        """Every move that can be made in a state."""
        known = self._graph.known(state)
        place = (state.node, state.tries, type(state.wait).__name__)
        found = self._moves_at.get(place)
        if found is None:
            found = self._moves_at[place] = tuple(self._moves(state))
        for index, move in enumerate(found):
            self._go(state.number, state.kept, move, known, self._taken_at(place, index, move, known))
        # What 9 and 6 do is the interpreter's concern, and the same whatever is known.
        if isinstance(state.wait, Gather) and state.node not in self._once:
            self._once.add(state.node)
            for move in EVERYWHERE:
                self._go(state.number, state.kept, move, known, self._take(self._position(place, known), move))

    def _moves(self, state: State) -> Iterator[Move]:
        assert state.wait is not None
        if isinstance(state.wait, Ask):
            return answers(state.wait)
        return moves(self._flows.nodes[state.node], state.wait, self._graph.hotline.country)

    def _taken_at(self, place: _Place, index: int, move: Move, known: Mapping[str, Any]) -> _Taken:
        """The turn after a move, taken now or before by a call that agrees in all that is looked at in it."""
        by_names = self._taken.setdefault((place, index), {})
        for names, by_values in by_names.items():
            taken = by_values.get(tuple([known.get(name) for name in names]))
            if taken is not None:
                return taken
        looked_at: set[str] = set()
        taken = self._take(self._position(place, WatchedKnown(known, looked_at)), move)
        looked_at -= {"languages", "country"}  # the same in every call to the hotline
        names = tuple(sorted(looked_at))
        by_names.setdefault(names, {})[tuple([known.get(name) for name in names])] = taken
        return taken

    def _position(self, place: _Place, known: Mapping[str, Any]) -> Position:
        node, tries, _ = place
        kind = WatchedPosition if isinstance(known, WatchedKnown) else Position
        return kind(self._flows.version, node, self._graph.hotline.main_language, tries, known)

    def _take(self, position: Position, move: Move) -> _Taken:
        try:
            turn: Turn = interpret(self._flows, position, move.heard)
        except KeyError as missing:
            # The loader refuses a way to a node that is not there; flows that were not loaded may have one.
            turn = Turn(replace(position, node=str(missing.args[0])), Hangup())
        known, before = turn.position.known, position.known
        if isinstance(known, WatchedKnown):
            saved = {name: dict.get(known, name) for name in known.saved}
        else:
            saved = {name: value for name, value in known.items() if before.get(name) != value}
        self._number_of_turns += 1
        texts = tuple(str(each.details["prompt"]) for each in turn.effects if each.what == "text")
        place = turn.position
        leaves = f"{place.node} {sorted(saved.items())}"
        return _Taken(place.node, place.tries, turn.wait, turn.says, texts, saved, leaves, self._number_of_turns)

    def _go(self, source: int, before: Kept, move: Move, known: Mapping[str, Any], taken: _Taken) -> None:
        target = self._arrive(before, known, taken)
        edge = Edge(source, move, target, taken.says, taken.texts, taken.saved, taken.number)
        self._graph.edges.append(edge)
        self._graph.leaving.setdefault(source, []).append(edge)

    def _arrive(self, before: Kept, known: Mapping[str, Any], taken: _Taken) -> int:
        """The number of the state that a turn ends in, for a call with these answers before it."""
        kept: Kept = ()
        if not isinstance(taken.wait, Hangup):
            led = (before, taken.leaves)
            found = self._kept.get(led)
            if found is None:
                found = self._kept[led] = self._matters.at(taken.node, {**known, **taken.saved})
            kept = found
        key = (taken.node, taken.tries, type(taken.wait).__name__, kept)
        number = self._numbers.get(key)
        if number is None:
            wait = taken.wait if taken.node in self._flows.nodes else None
            number = self._numbers[key] = len(self._graph.states)
            self._graph.states.append(State.of(number, taken.node, taken.tries, kept, wait))
            self._ahead.append(self._graph.states[-1])
            self._graph.is_whole = number < MAX_STATES
        return number
